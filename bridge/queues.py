"""The one door to Redis: which queue a step belongs to, the names of its jobs, and how the bell is rung."""

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue, Worker
from rq.serializers import JSONSerializer

from bridge.domain import Step
from bridge.settings import settings

COMPUTE, NETWORK = "compute", "network"
"""One queue per worker process: a worker on two queues can lose jobs when it is killed."""

QUEUE_OF: dict[Step, str] = {
    Step.POLL: NETWORK,
    Step.RECEIVE: COMPUTE,
    Step.FETCH: NETWORK,
    Step.UNDERSTAND: COMPUTE,
    Step.LOCATE: NETWORK,
    Step.OPEN: COMPUTE,
    Step.ROUTE: COMPUTE,
    Step.DELIVER: NETWORK,
    Step.UPDATE: COMPUTE,
    Step.REPLY: NETWORK,
    Step.NOTIFY: NETWORK,
    Step.REMIND: COMPUTE,
    Step.COLLECT: NETWORK,
    Step.READ: NETWORK,
    Step.TRACK: NETWORK,
    Step.PROBE: COMPUTE,
    Step.SWEEP: COMPUTE,
}
JOB_OF: dict[Step, str] = {step: f"workers.{step.value}.run" for step in Step}
"""Jobs live above this package, so they are named and never imported."""

JOB_SECONDS = 120
"""A job claims for a quarter of it; what it claimed last may need its whole lease and one more send."""
BELL_SECONDS = 5
"""How long a bell nobody answered keeps others from ringing: a worker killed before it came."""

PATIENCE_SECONDS = 2
"""For one answer of Redis; a worker that waits for a job is given more by RQ itself."""

log = structlog.get_logger()


def redis() -> Redis:
    """A connection to the Redis or Valkey server of the settings; one that hangs holds nobody up for long."""
    return Redis.from_url(
        settings().redis_url,
        socket_connect_timeout=PATIENCE_SECONDS,
        socket_timeout=PATIENCE_SECONDS,
        retry=Retry(NoBackoff(), 1),
    )


def queue(name: str, connection: Redis) -> Queue:
    """One queue; its jobs travel as JSON, since whoever can write Redis must not be able to run code."""
    return Queue(name, connection=connection, serializer=JSONSerializer)


def workers(name: str) -> int:
    """How many workers were heard of lately on this queue; raises `RedisError` where nobody answers."""
    with redis() as connection:
        return len(Worker.all(queue=queue(name, connection), serializer=JSONSerializer))


def ring(step: Step) -> None:
    """Ring for a step after a commit; a lost ring is healed by the ticker, so this never raises."""
    try:
        with redis() as connection:
            if connection.set(_bell(step), 1, nx=True, ex=BELL_SECONDS):
                queue(QUEUE_OF[step], connection).enqueue(
                    JOB_OF[step], job_timeout=JOB_SECONDS, result_ttl=0, failure_ttl=3600, ttl=300
                )
    except RedisError as error:
        log.warning("bell not rung", step=step, error=type(error).__name__)


def answer(step: Step) -> None:
    """Take the bell off the hook: from now on a new ring starts a new job."""
    try:
        with redis() as connection:
            connection.delete(_bell(step))
    except RedisError as error:
        log.warning("bell not answered", step=step, error=type(error).__name__)


def _bell(step: Step) -> str:
    return f"bell:{step.value}"

"""One worker process on one queue: `python -m workers compute` or `python -m workers network`."""

import sys
from functools import partial
from importlib import import_module

from rq.serializers import JSONSerializer

from bridge import logs, queues
from bridge.domain import Step
from bridge.tickets import claims
from workers.change import Changing, Judge, start

# Short, so that the jobs of a killed worker are found again soon; the rows they worked on come back by
# their own leases anyway.
TTL_SECONDS = 25
MAINTENANCE_SECONDS = 10
REDIS_AWAY_SECONDS = 5
"""How long at most a worker waits before it asks again for a Redis that was away, be it for hours."""


def main(queue: str) -> None:
    """Work on one queue until told to stop."""
    logs.configure()
    judge = Judge() if queue == queues.COMPUTE else _nothing
    start(judge)
    _begin(queue)
    claims.due_steps()
    connection = queues.redis()
    worker = Changing(
        [queues.queue(queue, connection)],
        connection=connection,
        serializer=JSONSerializer,
        worker_ttl=TTL_SECONDS,
        maintenance_interval=MAINTENANCE_SECONDS,
        job_monitoring_interval=5,
    )
    worker.judge, worker.begin = judge, partial(_begin, queue)
    worker.max_connection_wait_time = REDIS_AWAY_SECONDS
    worker.work(logging_level="WARNING")


def _begin(queue: str) -> None:
    """Import the steps and let each read what it needs, once, before the forks that share it."""
    for step in Step:
        if queues.QUEUE_OF[step] == queue:
            module = import_module(queues.JOB_OF[step].rpartition(".")[0])
            getattr(module, "warm_up", _nothing)()


def _nothing() -> bool:
    """There is nothing to read, or somebody else judges what was changed: one process does, all follow."""
    return False


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in {queues.COMPUTE, queues.NETWORK}:
        sys.exit(f"usage: python -m workers {queues.COMPUTE}|{queues.NETWORK}")
    main(sys.argv[1])

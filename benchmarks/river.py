"""The river in messages per CPU-second: the steps alone, with bells, with a job each, and bare inserts."""

import resource
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from rq import Worker
from rq.serializers import JSONSerializer
from sqlalchemy import insert, select
from sqlmodel import SQLModel

from benchmarks import ground
from benchmarks.figures import Figure, Result, repeated
from benchmarks.ground import Base, cpu_of, town
from bridge import queues
from bridge.domain import Step
from bridge.tickets import claims
from bridge.tickets.book import events
from bridge.tickets.session import reading, writing
from workers import open, receive, route, understand

MESSAGES = 1000
JOBS = 100
STEPS = (
    (Step.RECEIVE, receive.run, receive.receive),
    (Step.UNDERSTAND, understand.run, understand.work),
    (Step.OPEN, open.run, open.work),
    (Step.ROUTE, route.run, route.work),
)


def measure(times: int) -> Iterable[Figure]:
    """Every way to do the same work, on every database there is."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    for step in (receive, understand, route):
        step.warm_up()
    with ground.databases() as bases:
        for base in bases:
            flow(base, MESSAGES // 5)
            yield from repeated(times, lambda base=base: flow(base, MESSAGES))  # type: ignore[misc]
            yield from repeated(times, lambda base=base: with_bells(base))  # type: ignore[misc]
            yield from repeated(times, lambda base=base: job_each(base))  # type: ignore[misc]


def flow(base: Base, number: int) -> Result:
    """The steps one after the other in this process, where they spend their time, and bare inserts."""
    per_step: Result = {}
    with town(base) as account:
        events.store_events(account, ground.events(number))
        began, server = time.process_time(), base.cpu()
        for step, run, _ in STEPS:
            before = time.process_time()
            # A job stops early where the clock says so, which on a busy machine it does.
            while step in claims.due_steps():
                run()
            per_step[f"… {step}, {base.name}, our own CPU", "ms"] = (
                (time.process_time() - before) * 1000 / number
            )
        used, server = time.process_time() - began, base.cpu() - server
        rows = written()
    rate = {(f"messages in a CPU-second: the steps alone, {base.name}", "/s"): number / (used + server)}
    told = {(f"… CPU of the database server, {base.name}", "ms"): server * 1000 / number} if server else {}
    return rate | per_step | told | bare(base, rows, len(rows) // number, number)


def written() -> list[tuple[Any, dict[str, Any]]]:
    """Every row of the case book, those first that others point to."""
    with reading() as session:
        tables = [t for t in SQLModel.metadata.sorted_tables if t.name != "city_account"]
        return [(t, dict(row._mapping)) for t in tables for row in session.connection().execute(select(t))]


def bare(base: Base, rows: list[tuple[Any, dict[str, Any]]], together: int, number: int) -> Result:
    """The same rows put in without any thought, as many in a transaction as a message has."""
    with town(base):
        began, server = time.process_time(), base.cpu()
        for start in range(0, len(rows), together):
            with writing() as session:
                for table, values in rows[start : start + together]:
                    session.connection().execute(insert(table), values)
        used = time.process_time() - began + base.cpu() - server
    name = f"messages in a CPU-second: bare inserts of the same {together} rows, {base.name}"
    return {(name, "/s"): number / used}


def with_bells(base: Base) -> Result:
    """The river as it runs: a worker that forks a job for each bell."""

    def ring() -> None:
        queues.ring(Step.RECEIVE)

    name = f"messages in a CPU-second: bells through Redis, {base.name}"
    return {(name, "/s"): MESSAGES / _by_worker(base, MESSAGES, ring)}


def job_each(base: Base) -> Result:
    """The same work with a job for each message."""

    def enqueue() -> None:
        with queues.redis() as connection:
            for _ in range(JOBS):
                queues.queue(queues.COMPUTE, connection).enqueue("benchmarks.river.one_job", result_ttl=0)

    name = f"messages in a CPU-second: a job for each message, {base.name}"
    return {(name, "/s"): JOBS / _by_worker(base, JOBS, enqueue)}


def one_job() -> None:
    """All steps for one message."""
    for step, _, work in STEPS:
        for claim in claims.claim(step, 1):
            work(claim)


def _by_worker(base: Base, number: int, start: Callable[[], None]) -> float:
    """CPU seconds of worker, jobs, Redis and database until nothing is left to do."""
    with ground.bell() as (url, redis), town(base, url) as account:
        events.store_events(account, ground.events(number))
        with _counted(base, redis) as used:
            start()
            with queues.redis() as connection:
                queue = queues.queue(queues.COMPUTE, connection)
                worker = Worker([queue], connection=connection, serializer=JSONSerializer)
                worker.work(burst=True, logging_level="ERROR")
                assert not queue.failed_job_registry.count, "a job failed"
        left = {step for step, _, _ in STEPS} & set(claims.due_steps())
        assert not left, f"not everything was done: {left}"
    return used[0]


@contextmanager
def _counted(base: Base, redis: int) -> Iterator[list[float]]:
    def all_of_it() -> float:
        jobs = resource.getrusage(resource.RUSAGE_CHILDREN)
        return time.process_time() + jobs.ru_utime + jobs.ru_stime + cpu_of(redis) + base.cpu()

    used, before = [0.0], all_of_it()
    yield used
    used[0] = all_of_it() - before

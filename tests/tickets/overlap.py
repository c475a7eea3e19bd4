"""Two transactions at the same time, the second begun when the first is about to commit."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

from sqlalchemy import event, text
from sqlmodel import Session

from bridge.tickets.session import engine

One, Other = TypeVar("One"), TypeVar("Other")
PATIENCE = 30.0
ON_SQLITE = 0.2
"""There the second cannot even begin, whenever we look."""
WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def overlap(first: Callable[[], One], second: Callable[[], Other]) -> tuple["Future[One]", "Future[Other]"]:
    """Do `first` up to its commit, `second` up to its end or until it waits for `first`, then the rest."""
    reached, go_on = threading.Event(), threading.Event()
    here = threading.local()

    def stop_once(session: Session) -> None:
        if getattr(here, "first", False):
            here.first = False
            session.flush()
            reached.set()
            assert go_on.wait(PATIENCE)

    def marked() -> One:
        here.first = True
        return first()

    event.listen(Session, "before_commit", stop_once)
    try:
        with ThreadPoolExecutor(2) as threads:
            one = threads.submit(marked)
            assert reached.wait(PATIENCE), one
            other = threads.submit(second)
            _until_done_or_waiting(other)
            go_on.set()
            wait([one, other], PATIENCE)
        return one, other
    finally:
        go_on.set()
        event.remove(Session, "before_commit", stop_once)


def _until_done_or_waiting(other: "Future[Other]") -> None:
    if engine().dialect.name == "sqlite":
        wait([other], ON_SQLITE)
        return
    with engine().connect() as connection:
        while not wait([other], 0.01).done and not connection.scalar(WAITING):
            connection.rollback()

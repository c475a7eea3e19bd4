"""The ticker: rings for every step that has due rows, so that lost rings, jobs and Redis data all heal."""

import os
import secrets
import signal
import socket
import threading
from types import FrameType

import structlog

from bridge import logs, queues
from bridge.tickets import claims
from bridge.tickets.book import chores
from bridge.tickets.session import DatabaseError
from bridge.tickets.switches import hold_lease

TICK_SECONDS = 0.25
LEASE_SECONDS = 5.0

log = structlog.get_logger()


def tick(holder: str) -> None:
    """Ring for all that is due, if we are the one that ticks; while nothing is, nothing is written."""
    due = claims.due_steps()
    if due and hold_lease("ticker", holder, LEASE_SECONDS):
        for step in due:
            queues.ring(step)


def main() -> None:
    """Tick until told to stop; a database that is away is asked again."""
    logs.configure()
    holder = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    chores.ensure()
    while not stopped.wait(TICK_SECONDS):
        try:
            tick(holder)
        except DatabaseError as error:
            log.warning("the database does not answer", error=type(error).__name__)


if __name__ == "__main__":
    main()

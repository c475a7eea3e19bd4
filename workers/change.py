"""Change: what a clerk edits takes effect in running workers, as a whole, or is told to be wrong."""

from collections.abc import Callable
from typing import Any

from rq import Worker

from bridge import checks, queues
from bridge.city import in_force
from bridge.domain import ConfigError, Step
from bridge.tickets.book import staff
from workers.ground import log


class Changing(Worker):
    """A worker that lets changed files take effect between its jobs; a job never sees two sets of them."""

    judge: Callable[[], bool]
    begin: Callable[[], None]
    """Reads what the steps need, once for all forks."""

    def heartbeat(self, *given: Any, **named: Any) -> None:
        """Beat, and look for changes: RQ does this before each job, and every few seconds without one."""
        super().heartbeat(*given, **named)
        try:
            judged = self.judge()
            # What was read to be judged took the room of what is in force.
            if in_force.follow() or judged:
                self.begin()
        except Exception:
            log.exception("changed files could not be taken")


class Judge:
    """Says of every change whether it takes effect; one process of a house does."""

    def __init__(self) -> None:
        self._watch = in_force.Watch()

    def __call__(self) -> bool:
        """Look for a change, and whether there was one; a bad one is told to the log and to staff, once."""
        if not self._watch.changed():
            return False
        told = in_force.judge(checks.mistakes)
        if told:
            log.error("changed files are wrong, the last good ones go on", mistakes=told.mistakes)
            staff.alert()
            queues.ring(Step.NOTIFY)
        return True


def start(judge: Callable[[], bool]) -> None:
    """Take the files as they are, else the last good ones; raise `ConfigError` where there are none."""
    judge()
    trouble = in_force.trouble()
    if trouble and checks.mistakes(in_force.city()):
        raise ConfigError("\n".join(trouble.mistakes))

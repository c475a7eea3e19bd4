"""Remind: tell a department, and then the press desk, that something is overdue."""

from collections.abc import Iterable

from bridge.domain import Step
from bridge.tickets.claims import Claim, finish
from workers.ground import drain


def run() -> None:
    """Work off every row that is due."""
    drain(Step.REMIND, work)


def work(claim: Claim) -> Iterable[Step]:
    """Nothing is to be done yet."""
    finish(claim)
    return ()

"""Collect: fetch what came into the city's mailbox."""

from collections.abc import Iterable

from bridge.domain import Step
from bridge.tickets.claims import Claim, finish
from workers.ground import drain


def run() -> None:
    """Work off every row that is due."""
    drain(Step.COLLECT, work)


def work(claim: Claim) -> Iterable[Step]:
    """Nothing is to be done yet."""
    finish(claim)
    return ()

"""Read: find out what a mail to the city's address says about which ticket."""

from collections.abc import Iterable

from bridge.domain import Step
from bridge.tickets.claims import Claim, finish
from workers.ground import drain


def run() -> None:
    """Work off every row that is due."""
    drain(Step.READ, work)


def work(claim: Claim) -> Iterable[Step]:
    """Nothing is to be done yet."""
    finish(claim)
    return ()

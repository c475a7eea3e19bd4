"""Track: ask a department's own tracker what became of our tickets."""

from collections.abc import Iterable

from bridge.domain import Step
from bridge.tickets.claims import Claim, finish
from workers.ground import drain


def run() -> None:
    """Work off every row that is due."""
    drain(Step.TRACK, work)


def work(claim: Claim) -> Iterable[Step]:
    """Nothing is to be done yet."""
    finish(claim)
    return ()

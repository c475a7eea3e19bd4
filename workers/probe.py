"""Probe: read a text somebody tries on the rules page."""

from collections.abc import Iterable

from bridge.domain import Step
from bridge.tickets.claims import Claim, finish
from workers.ground import drain


def run() -> None:
    """Work off every row that is due."""
    drain(Step.PROBE, work)


def work(claim: Claim) -> Iterable[Step]:
    """Nothing is to be done yet."""
    finish(claim)
    return ()

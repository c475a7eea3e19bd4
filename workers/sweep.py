"""Sweep: once a day, forget what is not needed any longer."""

from collections.abc import Iterable
from datetime import timedelta

from bridge.domain import Step
from bridge.tickets.book import chores
from bridge.tickets.claims import Claim, finish
from bridge.tickets.types import utcnow
from workers.ground import city, drain


def run() -> None:
    """Do the chores that are due."""
    drain(Step.SWEEP, work)


def work(claim: Claim) -> Iterable[Step]:
    """Forget raw payloads that have had their time."""
    chores.sweep_raw(utcnow() - timedelta(days=city().file.raw_days))
    finish(claim, Step.SWEEP, utcnow() + timedelta(days=1))
    return ()

"""Sweep: once a day, forget what is not needed any longer."""

import time
from collections.abc import Iterable
from datetime import timedelta

from bridge.domain import Step
from bridge.settings import settings
from bridge.tickets.book import attachments, chores, letters, locations, probes
from bridge.tickets.claims import Claim, finish
from bridge.tickets.types import utcnow
from workers.ground import city, drain

PHOTO_SECONDS = 3600
"""A file younger than this may still be waiting for its row."""


def run() -> None:
    """Do the chores that are due."""
    drain(Step.SWEEP, work, most_tries=None)


def work(claim: Claim) -> Iterable[Step]:
    """Forget old payloads and mails, looked-up places, tried texts, and pictures nothing has any longer."""
    old = utcnow() - timedelta(days=city().file.raw_days)
    chores.sweep_raw(old)
    letters.sweep(old)
    locations.forget()
    probes.forget()
    _sweep_photos()
    finish(claim, Step.SWEEP, utcnow() + timedelta(days=1))
    return ()


def _sweep_photos() -> None:
    kept = attachments.files()
    for path in (settings().data_folder / "photos").glob("*"):
        if path.name not in kept and path.stat().st_mtime < time.time() - PHOTO_SECONDS:
            path.unlink(missing_ok=True)

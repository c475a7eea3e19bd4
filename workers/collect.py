"""Collect: fetch what came into the city's mailbox, raw, before anybody reads it."""

from collections.abc import Iterable
from datetime import timedelta

from bridge.domain import Step
from bridge.letters import mailbox
from bridge.settings import settings
from bridge.tickets.book import letters
from bridge.tickets.claims import Claim, finish
from bridge.tickets.types import utcnow
from workers.ground import drain

EVERY = timedelta(seconds=30)


def run() -> None:
    """Visit the mailbox if that is due; trouble with its server is tried again ever more patiently."""
    drain(Step.COLLECT, work, most_tries=None)


def work(claim: Claim) -> Iterable[Step]:
    """Visit the mailbox once, where one is configured."""
    if not settings().imap_host:
        finish(claim)
        return ()
    more = mailbox.collect(settings(), letters.store)
    finish(claim, Step.COLLECT, utcnow() if more else utcnow() + EVERY)
    return (Step.READ,)

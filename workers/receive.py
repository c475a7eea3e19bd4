"""Receive: read stored raw events into messages, edits and withdrawals."""

from collections.abc import Iterable

from bridge import platforms
from bridge.domain import Step
from bridge.tickets.book import accounts, events
from bridge.tickets.claims import Claim
from workers.ground import drain
from workers.poll import platform_of

warm_up = platforms.load_all


def run() -> None:
    """Read every event that is due."""
    drain(Step.RECEIVE, receive)


def receive(claim: Claim) -> Iterable[Step]:
    """Read one event; one that tells nothing changes nothing."""
    account_id, payload = events.raw(claim)
    found = platform_of(accounts.get(account_id)).parse(payload)
    return (Step.UNDERSTAND,) if events.enter(claim, found) else ()

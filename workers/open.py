"""Open: an understood message becomes a ticket, joins one, or is put away."""

from collections.abc import Iterable

from bridge.domain import Step
from bridge.tickets.book import messages
from bridge.tickets.claims import Claim
from workers.ground import city, drain


def run() -> None:
    """Open tickets for every message that is due."""
    drain(Step.OPEN, work)


def work(claim: Claim) -> Iterable[Step]:
    """Decide about one message."""
    opening = messages.Opening(reference_prefix=city().file.reference_prefix, join_window=city().join_window)
    return () if messages.open_or_join(claim, opening) == "put away" else (Step.ROUTE,)

"""Understand: find out what a message means."""

from collections.abc import Iterable

from bridge.domain import Step
from bridge.tickets.book import messages
from bridge.tickets.claims import Claim
from bridge.understanding import understand
from workers.ground import city, drain, gazetteer


def warm_up() -> None:
    """Load language and places."""
    understand("Ist die Ampel aus?", city=city(), gazetteer=gazetteer())


def run() -> None:
    """Understand every message that is due."""
    drain(Step.UNDERSTAND, work)


def work(claim: Claim) -> Iterable[Step]:
    """Understand one message."""
    words = messages.words(claim)
    meaning = understand(words.text, city=city(), gazetteer=gazetteer(), point=words.point)
    messages.understood(claim, meaning)
    return Step.OPEN, Step.FETCH

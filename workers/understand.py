"""Understand: find out what a message means."""

from collections.abc import Iterable

from bridge.domain import Kind, Step, Understanding
from bridge.tickets.book import messages
from bridge.tickets.claims import Claim
from bridge.understanding import understand
from workers.ground import city, drain, gazetteer, geocoder

MATTERS = frozenset({Kind.REPORT, Kind.EMERGENCY})


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
    then = _then(meaning)
    messages.understood(claim, meaning, then)
    return then, Step.FETCH


def _then(meaning: Understanding) -> Step:
    """A matter whose place has a name but no coordinates is looked up, where there is somebody to ask."""
    nowhere = meaning.location is not None and meaning.location.point is None
    return Step.LOCATE if nowhere and meaning.kind in MATTERS and geocoder() else Step.OPEN

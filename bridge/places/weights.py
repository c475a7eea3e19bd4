"""How far a reading is trusted for the way its names were written."""

from bridge.domain import Location
from bridge.places.mentions import Mention

_TRUST = {"exact": 1.0, "abbreviated": 0.98, "typo": 0.95, "tail": 0.85, "short": 0.9, "ner": 0.85}
_TWO, _MANY = 0.45, 0.3
"""One name for two or for more things in different places, none of them told apart by the other words."""


def weigh(location: Location, *mentions: Mention, meanings: int = 1) -> Location:
    """The same place, trusted less for every name not written in full and for every other meaning of it."""
    trust = {1: 1.0, 2: _TWO}.get(meanings, _MANY)
    for mention in mentions:
        trust *= _TRUST[mention.how]
    return location.model_copy(update={"confidence": round(location.confidence * trust, 3)})


def less(location: Location, by: float) -> Location:
    """The same place, trusted less by so much, but never below 0.1."""
    return location.model_copy(update={"confidence": round(max(location.confidence - by, 0.1), 3)})

"""How far a reading is trusted for the way its names were written."""

from bridge.domain import Location
from bridge.places.mentions import Mention

_TRUST = {"exact": 1.0, "abbreviated": 0.98, "typo": 0.95, "tail": 0.85, "short": 0.9, "ner": 0.85}
_SEVERAL = 0.45
"""One name for several things in different places, none of them told apart by the other words."""


def weigh(location: Location, *mentions: Mention, several: bool = False) -> Location:
    """The same place, trusted less for every name that was not written in full."""
    trust = _SEVERAL if several else 1.0
    for mention in mentions:
        trust *= _TRUST[mention.how]
    return location.model_copy(update={"confidence": round(location.confidence * trust, 3)})


def less(location: Location, by: float) -> Location:
    """The same place, trusted less by so much, but never below 0.1."""
    return location.model_copy(update={"confidence": round(max(location.confidence - by, 0.1), 3)})

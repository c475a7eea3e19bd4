"""Which of the places a text names is meant, weighed against a point sent along and other towns."""

from collections.abc import Sequence

from bridge.domain import Location, Point, Precision
from bridge.places.gazetteer import Gazetteer
from bridge.places.normal import key
from bridge.places.reading import Candidate
from bridge.understanding.towns import Town

_BESIDE = 150
"""A point sent along so near (metres) to the named street says where on it."""
_NAMED = 0.3
"""Below this a name is more likely a figure of speech or a direction than a place."""


def choose(
    found: Sequence[Candidate], town: Town | None, point: Point | None, gazetteer: Gazetteer
) -> tuple[Location | None, bool]:
    """The place meant, and whether it lies outside the city.

    With another town named, only a district of ours keeps the matter in our city.
    """
    named = next((c.location for c in found if c.location.confidence >= _NAMED), None)
    if town and not point and not any(_ours(candidate, town) for candidate in found):
        return None, True
    if point is None:
        return named, False
    return _with_point(named, point, gazetteer), False


def _ours(candidate: Candidate, town: Town) -> bool:
    location, tied = candidate.location, 0 <= candidate.start - town.end <= 1
    district = location.precision is Precision.DISTRICT and location.confidence > _NAMED
    return district and not tied and candidate.source == "gazetteer"


def _with_point(named: Location | None, point: Point, gazetteer: Gazetteer) -> Location:
    if named and named.precision not in {Precision.STREET, Precision.DISTRICT} and named.point:
        return named
    street = gazetteer.nearest_street(point, _BESIDE)
    where = {"lat": point.lat, "lon": point.lon, "district": gazetteer.district_of(point)}
    if named and named.street:
        beside = street is not None and key(street) == key(named.street)
        return named.model_copy(update={**where, "confidence": 0.9}) if beside else named
    return Location(
        label=f"bei {street}" if street else "Standort der Meldung",
        precision=Precision.PLACE,
        street=street,
        confidence=0.75,
        **where,
    )

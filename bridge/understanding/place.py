"""Which of the places a text names is meant, weighed against a point sent along and other towns."""

from collections.abc import Sequence

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from bridge.domain import Location, Point, Precision
from bridge.places.gazetteer import Gazetteer
from bridge.places.normal import fold, key
from bridge.places.reading import Candidate
from bridge.understanding.clues import cities

_IN = {"in", "bei", "aus", "nach", "#", "@", "stadt"}
_BESIDE = 150
"""A point sent along so near (metres) to the named street says where on it."""


class OtherTowns:
    """Finds the names of towns that are not ours."""

    def __init__(self, nlp: Language, ours: str) -> None:
        self._ours = fold(ours)
        self._matcher = PhraseMatcher(nlp.vocab)
        others = [name for name in cities() if fold(name) != self._ours]
        self._matcher.add("town", [nlp.make_doc(name) for name in others])

    def named(self, doc: Doc) -> str | None:
        """The other town a text speaks about, or None; ours being named too outweighs it."""
        if any(fold(token.text) == self._ours for token in doc):
            return None
        for _, start, end in self._matcher(doc):
            if start > 0 and doc[start - 1].lower_ in _IN and doc[start - 1].lower_ not in {"nach", "@"}:
                return doc[start:end].text
        return None


def choose(
    found: Sequence[Candidate], town: str | None, point: Point | None, gazetteer: Gazetteer
) -> tuple[Location | None, bool]:
    """The place meant, and whether it lies outside the city.

    With another town named, only a crossing known here or a district of ours keeps the matter in our city.
    """
    named = found[0].location if found else None
    if town and not point and not any(_ours(candidate.location) for candidate in found):
        return None, True
    if point is None:
        return named, False
    return _with_point(named, point, gazetteer), False


def _ours(location: Location) -> bool:
    return location.precision in {Precision.INTERSECTION, Precision.DISTRICT} and bool(
        location.confidence > 0.3
    )


def _with_point(named: Location | None, point: Point, gazetteer: Gazetteer) -> Location:
    if named and named.precision not in {Precision.STREET, Precision.DISTRICT}:
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

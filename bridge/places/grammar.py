"""How people say where: house numbers, crossings, stops, directions, put together from found names."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise

from bridge.domain import Location, Precision
from bridge.places import resolve
from bridge.places.entries import Entry, closest_pair
from bridge.places.index import Index
from bridge.places.mentions import Mention, spot
from bridge.places.normal import Word, words
from bridge.places.numbers import number_after
from bridge.places.plane import metres
from bridge.places.reading import Candidate, Reading

_CORNER = {"ecke", "ecken", "kreuzung", "kreuzungsbereich", "einmuendung", "abzweig", "corner", "hoehe", "x"}
_ARTICLES = {"der", "die", "dem", "den", "des", "the"}
_LINKS = {*_CORNER, *_ARTICLES, "an", "und", "in", "zur", "zum", "mit", "auf", "von", "and", "of"}
_STOP = {"haltestelle", "haltestellen", "hst", "station", "tram", "tramhaltestelle", "bushaltestelle", "stop"}
_AWAY = {"richtung", "nach", "aus"}
_PREPOSITIONS = {"am", "an", "auf", "bei", "im", "in", "unter", "zum", "zur"}
_AT = {"vom", "beim", "vor", "hinter", "neben", "naehe", "gegenueber", "at", "near"}
_SHORT = 5
_ORDER = list(Precision)
_MOST = 40
"""So many names are weighed at most: nobody means more, and the time stays bounded."""
_BESIDE = 500
"""A street known by few addresses may pass a stop although none of them is nearer (metres)."""


def candidates(text: str, index: Index, ignore: frozenset[str] = frozenset()) -> list[Candidate]:
    """Every reading of `text`, the most trusted first; `ignore` holds keys that are never a place."""
    found = words(text)
    spotted = (m for m in spot(text, found, index) if _key(found, m) not in ignore)
    mentions = list(islice(spotted, _MOST))
    reading = Reading(text, found, mentions, _district(mentions))
    best: dict[str, Candidate] = {}
    for candidate in (*_crossings(reading), *_singles(reading)):
        known = best.get(candidate.location.label)
        if known is None or candidate.location.confidence > known.location.confidence:
            best[candidate.location.label] = candidate
    return sorted(best.values(), key=_rank)


def _key(found: Sequence[Word], mention: Mention) -> str:
    return "".join(word.fold for word in found[mention.first : mention.last + 1])


def _rank(candidate: Candidate) -> tuple[float, int, int]:
    location = candidate.location
    return -location.confidence, _ORDER.index(location.precision), candidate.start


def _district(mentions: Iterable[Mention]) -> str | None:
    names = (entry.name for m in mentions for entry in m.entries if entry.kind == "district")
    return next(names, None)


def _crossings(reading: Reading) -> Iterator[Candidate]:
    for left, right in pairwise(reading.mentions):
        if left.streets() and right.streets() and _meet(reading, left, right):
            a, b = left.streets()[0], right.streets()[0]
            if a is not b:
                location = _weigh(resolve.crossing(a, b, reading.district), left, right)
                yield reading.candidate(location, left.first, right.last, "crossing of two streets")


def _meet(reading: Reading, left: Mention, right: Mention) -> bool:
    between = [word.fold for word in reading.words[left.last + 1 : right.first]]
    if len(between) > 4 or not set(between) <= _LINKS:
        return False
    if _CORNER & set(between) or _slash(reading, left, right):
        return True
    return bool((_CORNER - {"hoehe", "x"}) & reading.before(left, 4))


def _slash(reading: Reading, left: Mention, right: Mention) -> bool:
    return right.first == left.last + 1 and "/" in reading.gap(left.last, right.first)


def _singles(reading: Reading) -> Iterator[Candidate]:
    for mention in reading.mentions:
        numbered = _numbered(reading, mention)
        if numbered:
            yield from numbered
        elif mention.how != "short":
            yield from _wholes(reading, mention)


def _numbered(reading: Reading, mention: Mention) -> list[Candidate]:
    number, last = number_after(reading, mention.last)
    if number is None:
        return []
    return [
        reading.candidate(
            _weigh(resolve.address(street, number, reading.district), mention),
            mention.first,
            last,
            "street with house number",
        )
        for street in mention.streets()
    ]


def _wholes(reading: Reading, mention: Mention) -> Iterator[Candidate]:
    wanted = "stop" if _STOP & reading.before(mention, 2) else "street"
    order = [wanted, "street", "place", "district", "stop"]
    kind = min((entry.kind for entry in mention.entries), key=order.index)
    same = [entry for entry in mention.entries if entry.kind == kind]
    for entry in same:
        location = resolve.whole(entry, reading.district)
        location = _weigh(location, mention, several=_several(same, reading.district))
        if kind in {"stop", "place"}:
            location = location.model_copy(update={"street": _street_beside(reading, mention, entry)})
        location = _doubt(reading, mention, location)
        yield reading.candidate(location, mention.first, mention.last, f"{kind} by name")


def _street_beside(reading: Reading, mention: Mention, entry: Entry) -> str | None:
    """The street named together with a stop or place, if it passes there ("Dieskaustraße, Nähe Adler")."""
    for other in reading.mentions:
        for street in other.streets() if other is not mention and other.how != "short" else ():
            a, b = closest_pair(street, entry)
            if metres(a, b) <= _BESIDE:
                return street.name
    return None


def _several(same: list[Entry], district: str | None) -> bool:
    return len(same) > 1 and not any(district in entry.districts for entry in same)


def _weigh(location: Location, *mentions: Mention, several: bool = False) -> Location:
    trust = 0.5 if several else 1.0
    for mention in mentions:
        trust *= 1.0 if mention.how == "exact" else 0.9
    return location.model_copy(update={"confidence": round(location.confidence * trust, 3)})


def _doubt(reading: Reading, mention: Mention, location: Location) -> Location:
    """Directions ("Richtung X") and everyday words ("im Grunde") are weaker than a place named plainly."""
    first = reading.words[mention.first]
    away = bool(_AWAY & reading.before(mention, 1))
    everyday = first.fold in _PREPOSITIONS and (first.raw[0].islower() or _opens_sentence(reading, mention))
    less = 0.3 * away + 0.2 * everyday + 0.3 * _bare(reading, mention, location)
    return location.model_copy(update={"confidence": round(max(location.confidence - less, 0.1), 3)})


def _bare(reading: Reading, mention: Mention, location: Location) -> bool:
    """Whether a short name ("Markt", "Gut") stands without any word that speaks of a place."""
    word = reading.words[mention.first]
    short = mention.first == mention.last and len(word.fold) <= _SHORT and not word.hashtag
    named = location.precision in {Precision.STOP, Precision.PLACE}
    return short and named and not (_PREPOSITIONS | _STOP | _AT) & reading.before(mention, 2)


def _opens_sentence(reading: Reading, mention: Mention) -> bool:
    start = reading.text[: reading.words[mention.first].start].rstrip()
    return not start or start[-1] in ".!?:"

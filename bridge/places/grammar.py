"""How people say where: house numbers, crossings, stops, directions, put together from found names."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from bridge.domain import Location, Precision
from bridge.places import resolve
from bridge.places.entries import Entry, closest_pair
from bridge.places.index import Index
from bridge.places.mentions import Mention, spot
from bridge.places.normal import Word, words
from bridge.places.plane import metres

_CORNER = {"ecke", "ecken", "kreuzung", "kreuzungsbereich", "einmuendung", "abzweig", "corner", "hoehe", "x"}
_LINKS = _CORNER | {
    "an",
    "der",
    "die",
    "dem",
    "den",
    "des",
    "und",
    "in",
    "zur",
    "zum",
    "mit",
    "auf",
    "von",
    "and",
    "of",
}
_TO_NUMBER = {
    *("nr", "no", "nummer", "haus", "hausnr", "hausnummer", "hoehe", "gegenueber", "vor", "bei", "neben"),
    *("auf", "in", "von", "der", "dem", "des", "hinter", "ca", "etwa"),
}
_UNITS = {
    *("uhr", "h", "m", "km", "cm", "meter", "metern", "euro", "mal", "x", "prozent", "autos", "pkw", "lkw"),
    *("fahrzeuge", "roller", "leute", "personen", "kinder", "jahre", "jahren", "monate", "monaten"),
    *("wochen", "woche", "tage", "tagen", "tag", "stunden", "minuten", "min", "lampen", "laternen"),
    *("baeume", "saecke", "reifen", "raeder", "fahrraeder", "stueck", "liter", "grad", "mai", "juni", "juli"),
}
_STOP = {"haltestelle", "haltestellen", "hst", "station", "tram", "tramhaltestelle", "bushaltestelle", "stop"}
_AWAY = {"richtung", "nach", "aus"}
_PREPOSITIONS = {"am", "an", "auf", "bei", "im", "in", "unter", "zum", "zur"}
_ORDER = list(Precision)
_BESIDE = 500
"""A street known by few addresses may pass a stop although none of them is nearer (metres)."""


class Candidate(NamedTuple):
    """One reading of where something is: which part of the text, and by which words."""

    location: Location
    start: int
    end: int
    because: str


@dataclass(frozen=True)
class _Reading:
    text: str
    words: Sequence[Word]
    mentions: Sequence[Mention]
    district: str | None

    def gap(self, left: int, right: int) -> str:
        return self.text[self.words[left].end : self.words[right].start]

    def before(self, mention: Mention, count: int) -> set[str]:
        return {word.fold for word in self.words[max(mention.first - count, 0) : mention.first]}

    def candidate(self, location: Location, first: int, last: int, because: str) -> Candidate:
        return Candidate(location, self.words[first].start, self.words[last].end, because)


def candidates(text: str, index: Index, ignore: frozenset[str] = frozenset()) -> list[Candidate]:
    """Every reading of `text`, the most trusted first; `ignore` holds keys that are never a place."""
    found = words(text)
    mentions = [
        m
        for m in spot(text, found, index)
        if "".join(w.fold for w in found[m.first : m.last + 1]) not in ignore
    ]
    reading = _Reading(text, found, mentions, _district(mentions))
    best: dict[str, Candidate] = {}
    for candidate in (*_crossings(reading), *_singles(reading)):
        known = best.get(candidate.location.label)
        if known is None or candidate.location.confidence > known.location.confidence:
            best[candidate.location.label] = candidate
    return sorted(best.values(), key=_rank)


def _rank(candidate: Candidate) -> tuple[float, int, int]:
    location = candidate.location
    return -location.confidence, _ORDER.index(location.precision), candidate.start


def _district(mentions: Iterable[Mention]) -> str | None:
    names = (entry.name for m in mentions for entry in m.entries if entry.kind == "district")
    return next(names, None)


def _crossings(reading: _Reading) -> Iterator[Candidate]:
    for left, right in pairwise(reading.mentions):
        if left.streets() and right.streets() and _meet(reading, left, right):
            a, b = left.streets()[0], right.streets()[0]
            if a is not b:
                location = _weigh(resolve.crossing(a, b, reading.district), left, right)
                yield reading.candidate(location, left.first, right.last, "crossing of two streets")


def _meet(reading: _Reading, left: Mention, right: Mention) -> bool:
    between = [word.fold for word in reading.words[left.last + 1 : right.first]]
    if len(between) > 4 or not set(between) <= _LINKS:
        return False
    if _CORNER & set(between) or _slash(reading, left, right):
        return True
    return bool((_CORNER - {"hoehe", "x"}) & reading.before(left, 4))


def _slash(reading: _Reading, left: Mention, right: Mention) -> bool:
    return right.first == left.last + 1 and "/" in reading.gap(left.last, right.first)


def _singles(reading: _Reading) -> Iterator[Candidate]:
    for mention in reading.mentions:
        numbered = _numbered(reading, mention)
        if numbered:
            yield from numbered
        elif mention.how != "short":
            yield from _wholes(reading, mention)


def _numbered(reading: _Reading, mention: Mention) -> list[Candidate]:
    number, last = _number_after(reading, mention.last)
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


def _number_after(reading: _Reading, last: int) -> tuple[str | None, int]:
    """The house number that follows word `last`, as written, and the index of its last word."""
    following = reading.words[last + 1 : last + 6]
    skipped = 0
    while skipped < len(following) and following[skipped].fold in _TO_NUMBER:
        skipped += 1
    first = last + 1 + skipped
    if first >= len(reading.words) or not _is_number(reading.words[first].raw):
        return None, last
    if any(not _quiet(reading, i, i + 1) for i in range(last, first)):
        return None, last
    end = _number_end(reading, first)
    after = reading.words[end + 1].fold if end + 1 < len(reading.words) else ""
    if after in _UNITS or reading.text[reading.words[end].end :][:1] in {"%", "€", ":"}:
        return None, last
    return reading.text[reading.words[first].start : reading.words[end].end], end


def _number_end(reading: _Reading, first: int) -> int:
    """Take a letter ("12 a") or the other end of a range ("12-14") along."""
    end = first
    for step in (1, 2, 3):
        if first + step >= len(reading.words):
            break
        gap, word = reading.gap(end, first + step), reading.words[first + step]
        letter = gap in {"", " "} and len(word.raw) == 1 and word.fold in "abcdefgh"
        if not letter and not (gap.strip() in {"-", "–"} and _is_number(word.raw)):
            break
        end = first + step
    return end


def _is_number(raw: str) -> bool:
    digits = raw.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return len(raw) - len(digits) <= 1 and 1 <= len(digits) <= 4 and digits.isascii() and digits.isdecimal()


def _quiet(reading: _Reading, left: int, right: int) -> bool:
    gap = reading.gap(left, right)
    abbreviation = reading.words[left].raw.casefold().endswith(("str", "nr", "no", "ca"))
    return len(gap) <= 3 and not set(gap) - set(" ,.(-\t") and ("." not in gap or abbreviation)


def _wholes(reading: _Reading, mention: Mention) -> Iterator[Candidate]:
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


def _street_beside(reading: _Reading, mention: Mention, entry: Entry) -> str | None:
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


def _doubt(reading: _Reading, mention: Mention, location: Location) -> Location:
    """Directions ("Richtung X") and everyday words ("im Grunde") are weaker than a place named plainly."""
    first = reading.words[mention.first]
    away = bool(_AWAY & reading.before(mention, 1))
    everyday = first.fold in _PREPOSITIONS and (first.raw[0].islower() or _opens_sentence(reading, mention))
    less = 0.3 * away + 0.2 * everyday
    return location.model_copy(update={"confidence": round(max(location.confidence - less, 0.1), 3)})


def _opens_sentence(reading: _Reading, mention: Mention) -> bool:
    start = reading.text[: reading.words[mention.first].start].rstrip()
    return not start or start[-1] in ".!?:"

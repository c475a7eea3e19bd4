"""Street-like words that no gazetteer knows: kept as a name without a point, so that people may decide."""

from collections.abc import Iterator, Sequence

from bridge.domain import Location, Precision
from bridge.places import cues
from bridge.places.index import suffix_of
from bridge.places.normal import Word
from bridge.places.numbers import number_after
from bridge.places.reading import Candidate, Reading, Source

_STREETS = ("strasse", "allee", "gasse", "weg")
_STEM = 3
_CONFIDENCE = 0.35
_NUMBERED = 0.45


def unknown(reading: Reading, extra: Sequence[tuple[int, int]]) -> Iterator[Candidate]:
    """Every street-like name outside the names found; `extra` are spans taken for names by somebody else."""
    taken = {i for mention in reading.mentions for i in range(mention.first, mention.last + 1)}
    for at in range(len(reading.words)):
        first = _first_of(reading, at, extra)
        if first is not None and not taken & set(range(first, at + 1)):
            source: Source = "ner" if _inside(reading, first, at, extra) else "pattern"
            yield _candidate(reading, first, at, source)


def ends_like_street(word: Word) -> bool:
    """Whether a word is written like the end of a street's name."""
    return suffix_of(word.fold) in _STREETS and (word.raw[0].isupper() or word.hashtag)


def _first_of(reading: Reading, at: int, extra: Sequence[tuple[int, int]]) -> int | None:
    """Where a street's name that ends with word `at` begins, or None where the word ends no such name."""
    word = reading.words[at]
    if not ends_like_street(word):
        return None
    suffix = suffix_of(word.fold)
    if word.fold != suffix:
        known = word.fold in cues.WAYS or len(word.fold) - len(suffix) < _STEM
        plain = not known and (suffix == "strasse" or _placed(reading, at))
        return at if plain or _inside(reading, at, at, extra) else None
    return _beginning(reading, at)


def _beginning(reading: Reading, at: int) -> int | None:
    """The first of the capitalised words in front of "Straße", at most three, or None."""
    first = at
    while first and at - first < 3 and reading.gap(first - 1, first) in {" ", "-", ".-", ". "}:
        word = reading.words[first - 1]
        hyphen = reading.gap(first - 1, first).endswith("-")
        if not word.raw[0].isupper() or word.fold in cues.FUNCTION or not (hyphen or first == at):
            break
        first -= 1
    last = reading.words[at - 1].fold if first < at else ""
    tied = bool(last) and reading.gap(at - 1, at).endswith("-")
    return first if tied or last.endswith(("er", "sche")) else None


def _placed(reading: Reading, at: int) -> bool:
    before = {word.fold for word in reading.words[max(at - 2, 0) : at]}
    return bool(before & (cues.PREPOSITIONS | cues.CORNER)) or number_after(reading, at)[0] is not None


def _inside(reading: Reading, first: int, last: int, extra: Sequence[tuple[int, int]]) -> bool:
    start, end = reading.words[first].start, reading.words[last].end
    return any(a <= start and end <= b for a, b in extra)


def _candidate(reading: Reading, first: int, last: int, source: Source) -> Candidate:
    start, end = reading.words[first].start, reading.words[last].end
    name = reading.text[start:end]
    number, last = number_after(reading, last)
    location = Location(
        label=f"{name} {number}" if number else name,
        precision=Precision.ADDRESS if number else Precision.STREET,
        street=name,
        house_number=number,
        confidence=_NUMBERED if number else _CONFIDENCE,
    )
    return Candidate(location, start, reading.words[last].end, "looks like a street", source)

"""Two or three streets told together: where two meet, and the part of one between two others."""

from collections.abc import Iterator
from itertools import pairwise, product

from bridge.places import cues, resolve
from bridge.places.entries import Entry, closest_pair
from bridge.places.mentions import Mention
from bridge.places.plane import metres
from bridge.places.reading import Candidate, Reading
from bridge.places.weights import weigh

_MOST_BETWEEN = 4
"""So many words at most stand between the names of two streets that meet."""
_FAR = 10
"""So many words may stand between "zwischen A und B" and the street itself."""


def told_together(reading: Reading) -> Iterator[tuple[Candidate, tuple[Mention, ...]]]:
    """Every crossing and every part between crossings, each with the mentions it uses up."""
    parts = list(_parts(reading))
    yield from parts
    used = {mention.first for _, mentions in parts for mention in mentions}
    for left, right in pairwise(reading.mentions):
        if {left.first, right.first} & used or not _meet(reading, left, right):
            continue
        a, b = _closest(left.streets(), right.streets())
        if a is not b:
            location = weigh(resolve.crossing(a, b, reading.district), left, right)
            yield (
                reading.candidate(location, left.first, right.last, "crossing of two streets"),
                (left, right),
            )


def _closest(left: tuple[Entry, ...], right: tuple[Entry, ...]) -> tuple[Entry, Entry]:
    if len(left) == len(right) == 1:
        return left[0], right[0]
    return min(product(left, right), key=lambda pair: metres(*closest_pair(*pair)))


def _meet(reading: Reading, left: Mention, right: Mention) -> bool:
    if not left.streets() or not right.streets():
        return False
    between = reading.between(left, right)
    if len(between) > _MOST_BETWEEN or not all(word in cues.LINKS or word.isdigit() for word in between):
        return False
    if cues.CORNER & set(between) or _slash(reading, left, right):
        return True
    around = reading.before(left, 4) | (reading.after(right, 2) & {"trifft", "kreuzt", "muendet", "stoesst"})
    return bool((cues.CORNER - {"hoehe", "x"}) & around)


def _slash(reading: Reading, left: Mention, right: Mention) -> bool:
    gap = reading.gap(left.last, right.first)
    return right.first == left.last + 1 and bool(set("/+&|×") & set(gap))


def _parts(reading: Reading) -> Iterator[tuple[Candidate, tuple[Mention, ...]]]:
    for one, other in pairwise(reading.mentions):
        if not _bounds(reading, one, other):
            continue
        street = _street_of(reading, one, other)
        if street:
            along, bounds = street.streets()[0], (one.entries[0], other.entries[0])
            location = weigh(resolve.part(along, *bounds, reading.district), street)
            first, last = min(street.first, one.first), max(street.last, other.last)
            yield (
                reading.candidate(location, first, last, "part of a street between two others"),
                (street, one, other),
            )


def _bounds(reading: Reading, one: Mention, other: Mention) -> bool:
    """Whether "zwischen" stands before two names that "und" joins."""
    between = reading.between(one, other)
    joined = len(between) <= _MOST_BETWEEN and (
        {"und", "u", "and"} & set(between) or set("&/+") & set(reading.gap(one.last, other.first))
    )
    return bool(joined) and bool(cues.BETWEEN & reading.before(one, 3))


def _street_of(reading: Reading, one: Mention, other: Mention) -> Mention | None:
    """The street that is cut: the one told just before, or else the next one told behind."""
    at = reading.mentions.index(one)
    before = reading.mentions[at - 1] if at else None
    if before and before.streets() and one.first - before.last <= _FAR:
        return before
    behind = reading.mentions[at + 2] if at + 2 < len(reading.mentions) else None
    return behind if behind and behind.streets() and behind.first - other.last <= _FAR else None

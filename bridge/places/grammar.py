"""How people say where: house numbers, crossings, stops, directions, put together from found names."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from bridge.domain import Location, Precision
from bridge.places import context, cues, resolve
from bridge.places.context import LONG_PHRASE, phrase_length
from bridge.places.crossings import told_together
from bridge.places.entries import Entry, closest_pair
from bridge.places.index import Index
from bridge.places.mentions import Finder, Mention
from bridge.places.normal import key
from bridge.places.numbers import number_after
from bridge.places.patterns import ends_like_street, unknown
from bridge.places.plane import metres
from bridge.places.reading import Candidate, Reading
from bridge.places.weights import less, weigh

_SHORT = 5
_CLEAR = 8
"""A street without its last part that opens a text ("Antonien: …") must be so long to be no other word."""
_ORDER = list(Precision)
_MOST = 40
"""So many names are weighed at most: nobody means more, and the time stays bounded."""
_BESIDE = 500
"""A street known by few addresses may pass a stop although none of them is nearer (metres)."""
_FEMININE = ("strasse", "allee", "gasse", "promenade")
"""Only these are left out in speech: "in der Karl-Heine"."""
_SQUARES = ("platz", "markt", "kreuz")
"""A square that is a stop too is meant as one spot, not as a street."""
_KINDS = ("street", "place", "district", "stop")
"""What a name means where several things are called so and no cue tells."""


def candidates(
    text: str,
    index: Index,
    ignore: frozenset[str] = frozenset(),
    extra: Sequence[tuple[int, int]] = (),
) -> list[Candidate]:
    """Every reading of `text`, the most trusted first.

    `ignore` holds keys that are never a place; `extra` holds spans of characters that somebody else takes for
    the name of a place: what is in them is looked up more forgivingly.
    """
    around = context.read(text, ignore)
    mentions = list(islice(Finder(around, index, extra).spot(), _MOST))
    reading = Reading(text, around.words, mentions, _district(mentions))
    together = list(told_together(reading))
    used = {mention.first for _, several in together for mention in several}
    best: dict[str, Candidate] = {}
    for candidate in (*(c for c, _ in together), *_singles(reading, used), *unknown(reading, extra)):
        known = best.get(candidate.location.label)
        if known is None or candidate.location.confidence > known.location.confidence:
            best[candidate.location.label] = candidate
    return sorted(best.values(), key=_rank)


def heeds(text: str, index: Index, ignore: frozenset[str]) -> bool:
    """Whether `candidates` might find more in `text` if somebody else took a part of it for a name."""
    around = context.read(text, ignore)
    return any(map(ends_like_street, around.words)) or Finder(around, index).resembles()


def _rank(candidate: Candidate) -> tuple[float, int, int]:
    location = candidate.location
    return -location.confidence, _ORDER.index(location.precision), candidate.start


def _district(mentions: Iterable[Mention]) -> str | None:
    names = (entry.name for m in mentions for entry in m.entries if entry.kind == "district")
    return next(names, None)


def _singles(reading: Reading, used: set[int]) -> Iterator[Candidate]:
    for mention in reading.mentions:
        numbered = _numbered(reading, mention)
        if numbered:
            yield from numbered
        elif mention.first not in used and (mention.how != "short" or _stands_alone(reading, mention)):
            yield from _wholes(reading, mention)


def _numbered(reading: Reading, mention: Mention) -> list[Candidate]:
    number, last = number_after(reading, mention.last) if mention.streets() else (None, 0)
    if number is None:
        return []
    located = [(street, resolve.address(street, number, reading.district)) for street in mention.streets()]
    meanings = 1 if any(_there(street, reading.district) for street, _ in located) else len(located)
    return [
        reading.candidate(
            weigh(location, mention, meanings=meanings), mention.first, last, "street with house number"
        )
        for _, location in located
    ]


def _stands_alone(reading: Reading, mention: Mention) -> bool:
    """Whether a street without its last part is still one: "in der Delitzscher", "Karl-Heine voll Müll"."""
    word, name = reading.words[mention.last], mention.entries[0].name
    if not key(name).endswith(_FEMININE) or word.raw[0].islower():
        return False
    if mention.last > mention.first and "-" in reading.gap(mention.last - 1, mention.last):
        return True
    opens = mention.first == 0 and len(word.fold) >= _CLEAR
    if opens and reading.text[word.end : word.end + 1] in {",", ":"}:
        return True
    located = "der" in reading.before(mention, 1) and cues.PREPOSITIONS & reading.before(mention, 2)
    adjective = word.fold.endswith(("er", "sche", "schen")) and not _noun_follows(reading, mention.last)
    return bool(located) and (adjective or mention.last > mention.first)


def _noun_follows(reading: Reading, last: int) -> bool:
    if last + 1 >= len(reading.words) or reading.gap(last, last + 1) != " ":
        return False
    return reading.words[last + 1].raw[0].isupper()


def _wholes(reading: Reading, mention: Mention) -> Iterator[Candidate]:
    order = ["stop", *_KINDS] if _at_stop(reading, mention) else list(_KINDS)
    kind = min((entry.kind for entry in mention.entries), key=order.index)
    same = [entry for entry in mention.entries if entry.kind == kind]
    meanings = 1 if any(_there(entry, reading.district) for entry in same) else len(same)
    for entry in same:
        location = weigh(resolve.whole(entry, reading.district), mention, meanings=meanings)
        if kind in {"stop", "place"}:
            location = location.model_copy(update={"street": _street_beside(reading, mention, entry)})
        location = less(location, _doubt(reading, mention, location))
        yield reading.candidate(location, mention.first, mention.last, f"{kind} by name")


def _at_stop(reading: Reading, mention: Mention) -> bool:
    around = reading.before(mention, 3) | reading.after(mention, 2)
    name = "".join(word.fold for word in reading.words[mention.first : mention.last + 1])
    return "bahnhof" in name or name.endswith(_SQUARES) or any(map(cues.speaks_of_stop, around))


def _there(entry: Entry, district: str | None) -> bool:
    return bool(district) and district in entry.districts


def _street_beside(reading: Reading, mention: Mention, entry: Entry) -> str | None:
    """The street named together with a stop or place, if it passes there ("Dieskaustraße, Nähe Adler")."""
    for other in reading.mentions:
        for street in other.streets() if other is not mention and other.how != "short" else ():
            a, b = closest_pair(street, entry)
            if metres(a, b) <= _BESIDE:
                return street.name
    return None


def _doubt(reading: Reading, mention: Mention, location: Location) -> float:
    """How much weaker directions ("Richtung X") and everyday words ("im Grunde") are than a plain name."""
    first = reading.words[mention.first]
    away = bool(cues.AWAY & reading.before(mention, 1))
    area = location.precision is Precision.PLACE and "in" in reading.before(mention, 1)
    everyday = _phrase(reading, mention) and (first.raw[0].islower() or _opens_sentence(reading, mention))
    return 0.3 * away + 0.25 * everyday + 0.45 * area + 0.6 * _bare(reading, mention, location)


def _phrase(reading: Reading, mention: Mention) -> bool:
    """Whether the name could be an ordinary phrase ("Am Bahndamm"); a long rest is said of one place only."""
    words = reading.words[mention.first : mention.last + 1]
    return words[0].fold in cues.PREPOSITIONS and 0 < phrase_length(words) < LONG_PHRASE


def _bare(reading: Reading, mention: Mention, location: Location) -> bool:
    """Whether a short or ordinary name ("Markt", "Gut") stands without any word that speaks of a place."""
    word = reading.words[mention.first]
    short = mention.first == mention.last and not word.hashtag
    short = short and (len(word.fold) <= _SHORT or word.fold in cues.THINGS)
    named = location.precision in {Precision.STOP, Precision.PLACE}
    before = reading.before(mention, 2)
    spoken = cues.POSITIONS & before or any(map(cues.speaks_of_stop, before))
    return short and named and not spoken


def _opens_sentence(reading: Reading, mention: Mention) -> bool:
    start = reading.text[: reading.words[mention.first].start].rstrip()
    return not start or start[-1] in ".!?:"

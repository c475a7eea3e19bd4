"""Every name of the city, found by its key: exactly, misspelt, abbreviated or shortened."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import shapely
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bridge.places.entries import Entry, closest_pair
from bridge.places.normal import key, words
from bridge.places.plane import metres
from bridge.places.rows import Row

_ADJECTIVE = re.compile(r"^(\w{3,})(?:er|es|e)( \w)")
"""Neues Rathaus is met as "am Neuen Rathaus"; names that do not bend get a form nobody writes."""
SUFFIXES = (
    "strasse",
    "weg",
    "platz",
    "allee",
    "gasse",
    "ring",
    "ufer",
    "damm",
    "steig",
    "promenade",
    "markt",
)
_LEAST_LENGTH = 2
LEAST_TYPO = 6
"""Shorter words have too many neighbours among the names to forgive a letter."""
_STEM_LENGTH = 6
"""Without its suffix a shorter street name is an ordinary word ("Kind", "Hof")."""
_PROBE = 6
"""So many letters at most tell at once that no name begins or ends so."""
_ONE_WRONG, _TWO_WRONG = 5, 10
"""So long must a name without its suffix be for one letter, and for two, to be wrong."""
_CONTRACTED = 4
_ONE_SPOT = 300
"""A square and a stop of one name nearer than this (metres) share all their names."""
_SAME_THING = 600
"""Two rows of one name and kind nearer than this (metres) are one thing."""


class Index:
    """All entries and the ways to find them."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._names: dict[str, list[Entry]] = defaultdict(list)
        self._short: dict[str, list[Entry]] = defaultdict(list)
        self._tails: dict[str, list[Entry]] = defaultdict(list)
        self._initials: dict[str, list[tuple[tuple[str, ...], Entry]]] = defaultdict(list)
        self._suffixed: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._deletes: dict[str, list[str]] = defaultdict(list)
        self._begins: set[str] = set()
        self._ends: set[str] = set()

    def add(self, row: Row) -> None:
        """Take in one row."""
        kind = "street" if row.kind == "address" else row.kind
        entry = self._known(key(row.name), kind, row) or self._new(kind, row)
        if row.kind == "address":
            entry.add_house(row.number, (row.lat, row.lon), row.district)
        elif entry.own is None:
            entry.own, entry.district = (row.lat, row.lon), row.district
        if row.shape and kind != "district":
            entry.line = shapely.from_wkt(row.shape)
        if row.alt:
            self._share((row.name, *row.alt), entry)

    def exact(self, name: str) -> list[Entry]:
        """The entries called exactly so; `name` is a key."""
        return self._names.get(name, [])

    def begun(self, name: str) -> bool:
        """Whether some name may begin with the key `name`; no is sure."""
        return name[:_PROBE] in self._begins

    def resembles(self, name: str) -> bool:
        """Whether `name` may be misspelt: a half of it is right, or its end is a street's; no is sure."""
        size = len(name)
        if size < LEAST_TYPO:
            return False
        begin, end = name[: min(size // 2, _PROBE)], name[-min((size - 1) // 2, _PROBE) :]
        return begin in self._begins or name[0] + end in self._ends or name.endswith(SUFFIXES)

    def typo(self, name: str) -> list[Entry]:
        """The entries whose name differs by one letter from the key `name`, the first one being right.

        Two letters may be wrong where the name is long and ends like a street.
        """
        if not self.resembles(name):
            return []
        suffix = suffix_of(name)
        allowed = len(name) - len(suffix) >= _ONE_WRONG if suffix else True
        near = (
            set().union(*(self._deletes.get(form, ()) for form in (name, *_one_less(name))))
            if allowed
            else ()
        )
        close = [n for n in near if n[0] == name[0] and OSA.distance(n, name, score_cutoff=1) <= 1]
        if not close and suffix and len(name) - len(suffix) >= _TWO_WRONG:
            close = self._two_wrong(name, suffix)
        return [entry for found in sorted(close) for entry in self._names[found]]

    def abbreviated(self, parts: Sequence[str]) -> list[Entry]:
        """The entries of as many parts that begin so ("k", "heine", "strasse")."""
        known = self._initials.get("".join(part[0] for part in parts), ())
        return list(dict.fromkeys(entry for full, entry in known if all(map(_shortens, parts, full))))

    def short(self, name: str) -> list[Entry]:
        """The streets that lack only their suffix in the key `name` ("Lützner" for Lützner Straße)."""
        return self._short.get(name, [])

    def tail(self, name: str) -> list[Entry]:
        """The streets that lack only a first name in the key `name` ("Heinestraße")."""
        return self._tails.get(name, [])

    def keys(self) -> Iterator[str]:
        """Every key there is."""
        return iter(self._names)

    def _known(self, name: str, kind: str, row: Row) -> Entry | None:
        for entry in self._names.get(name, ()):
            if entry.kind == kind and (row.kind == "address" or _near(entry, row)):
                return entry
        return None

    def _new(self, kind: str, row: Row) -> Entry:
        entry = Entry(kind, row.name)
        self.entries.append(entry)
        self._call(row.name, entry)
        bent = _ADJECTIVE.sub(r"\1en\2", row.name)
        if bent != row.name:
            self._call(bent, entry)
        return entry

    def _share(self, names: Sequence[str], entry: Entry) -> None:
        """Call the entry by all names, and so whatever else one of them means at the same spot."""
        known = [other for name in names for other in self._names.get(key(name), []) if other is not entry]
        for each in (entry, *(other for other in known if _one_spot(entry, other))):
            for name in names:
                self._call(name, each)

    def _call(self, written: str, entry: Entry) -> None:
        name, parts = key(written), tuple(word.fold for word in words(written))
        if len(name) < _LEAST_LENGTH or entry in self._names[name]:
            return
        if len(name) >= LEAST_TYPO - 1:
            for form in (name, *_one_less(name)):
                self._deletes[form].append(name)
        self._names[name].append(entry)
        self._begins.update(name[:size] for size in range(1, _PROBE + 1))
        self._ends.update(name[0] + name[-size:] for size in range(1, _PROBE + 1))
        suffix = suffix_of(name)
        if suffix and entry.kind == "street":
            self._suffixed[suffix, name[0]].append(name)
            if len(name) >= len(suffix) + _STEM_LENGTH:
                self._short[name.removesuffix(suffix)].append(entry)
        if len(parts) > 1:
            self._initials["".join(part[0] for part in parts)].append((parts, entry))
            if len(parts) > 2 and suffix == parts[-1] and entry.kind in {"street", "stop"}:
                self._tails["".join(parts[-2:])].append(entry)

    def _two_wrong(self, name: str, suffix: str) -> list[str]:
        names = self._suffixed.get((suffix, name[0]), [])
        found = process.extract(name, names, scorer=OSA.distance, score_cutoff=2, limit=5)
        return [known for known, distance, _ in found if distance == found[0][1]]


def suffix_of(name: str) -> str:
    """How the key of a street ends ("strasse"), or an empty string."""
    if not name.endswith(SUFFIXES):
        return ""
    return next(suffix for suffix in SUFFIXES if name.endswith(suffix))


def _one_spot(entry: Entry, other: Entry) -> bool:
    return bool(entry.own and other.own) and metres(*closest_pair(entry, other)) < _ONE_SPOT


def _near(entry: Entry, row: Row) -> bool:
    return (
        entry.own is None
        or row.kind in {"street", "district"}
        or metres(entry.own, (row.lat, row.lon)) < _SAME_THING
    )


def _shortens(part: str, whole: str) -> bool:
    """Whether `part` is the beginning of `whole`, or its first and last letters ("wm" for "william")."""
    rest = iter(whole)
    return whole.startswith(part) or (
        len(part) <= _CONTRACTED and part[-1] == whole[-1] and all(letter in rest for letter in part)
    )


def _one_less(name: str) -> Iterable[str]:
    return (name[:i] + name[i + 1 :] for i in range(len(name)))

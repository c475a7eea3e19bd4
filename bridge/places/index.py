"""Every name of the city, found by its key: exactly, with one letter wrong, or without its suffix."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from rapidfuzz.distance import Levenshtein

from bridge.places.entries import Entry
from bridge.places.normal import key
from bridge.places.plane import metres
from bridge.places.rows import Row

_ADJECTIVE = re.compile(r"^(\w{3,})(?:er|es|e)( \w)")
"""Neues Rathaus is met as "am Neuen Rathaus"; names that do not bend get a form nobody writes."""
SUFFIXES = ("strasse", "weg", "platz", "allee", "gasse", "ring", "ufer", "damm", "steig", "promenade")
_TYPO_LENGTH = 8
"""Shorter names have too many neighbours among ordinary words to forgive a letter."""
_STEM_LENGTH = 6
"""Without its suffix a shorter street name is an ordinary word ("Kind", "Hof")."""
_LEAST_LENGTH = 2
_SAME_THING = 600
"""Two rows of one name and kind nearer than this (metres) are one thing."""


class Index:
    """All entries and the ways to find them."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._names: dict[str, list[Entry]] = defaultdict(list)
        self._short: dict[str, list[Entry]] = defaultdict(list)
        self._deletes: dict[str, set[str]] = defaultdict(set)

    def add(self, row: Row) -> None:
        """Take in one row."""
        kind = "street" if row.kind == "address" else row.kind
        name = key(row.name)
        entry = self._known(name, kind, row) or self._new(kind, row)
        if row.kind == "address":
            entry.add_house(row.number, (row.lat, row.lon), row.district)
        elif entry.own is None:
            entry.own, entry.district = (row.lat, row.lon), row.district
        for name in (row.name, *row.alt):
            self._call(key(name), entry)
            self._call(key(_ADJECTIVE.sub(r"\1en\2", name)), entry)

    def exact(self, name: str) -> list[Entry]:
        """The entries called exactly so; `name` is a key."""
        return self._names.get(name, [])

    def typo(self, name: str) -> list[Entry]:
        """The entries whose long name differs by one letter from the key `name`, the first being right."""
        if len(name) < _TYPO_LENGTH or not name.endswith(SUFFIXES):
            return []
        near = set().union(*(self._deletes.get(form, ()) for form in (name, *_one_less(name))))
        close = [n for n in near if n[0] == name[0] and Levenshtein.distance(n, name, score_cutoff=1) <= 1]
        return [entry for found in sorted(close) for entry in self._names[found]]

    def short(self, name: str) -> list[Entry]:
        """The streets that lack only their suffix in the key `name` ("Lützner" for Lützner Straße)."""
        return self._short.get(name, [])

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
        return entry

    def _call(self, name: str, entry: Entry) -> None:
        if len(name) < _LEAST_LENGTH or entry in self._names[name]:
            return
        self._names[name].append(entry)
        for suffix in SUFFIXES:
            if entry.kind == "street" and name.endswith(suffix) and len(name) >= len(suffix) + _STEM_LENGTH:
                self._short[name.removesuffix(suffix)].append(entry)
        if len(name) >= _TYPO_LENGTH:
            for form in (name, *_one_less(name)):
                self._deletes[form].add(name)


def _near(entry: Entry, row: Row) -> bool:
    return entry.own is None or row.kind == "street" or metres(entry.own, (row.lat, row.lon)) < _SAME_THING


def _one_less(name: str) -> Iterable[str]:
    return (name[:i] + name[i + 1 :] for i in range(len(name)))

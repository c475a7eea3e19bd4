"""The lexicon's own small language: word parts, whole words, combinations and exceptions."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from bridge.city import Entry, yaml
from bridge.places.normal import fold

_FOLDER = Path(__file__).with_name("lexicon")
_SHORT = 4
"""Shorter entries are whole words, so long ones touch an end of the word, longer ones may stand anywhere."""
_HEAD = 3
"""By so many letters at most a part is looked for in a word."""


class Clue(NamedTuple):
    """One entry: all of `parts` speak for `label`, as long as none of `never` stands nearby."""

    about: str
    label: str
    weight: float
    parts: tuple[str, ...]
    never: tuple[tuple[str, ...], ...] = ()
    written: str = ""


class Hit(NamedTuple):
    """A clue found in a text: `start` and `end` count characters, `token` tokens."""

    clue: Clue
    words: str
    start: int
    end: int
    token: int


class _LexiconFile(Entry):
    clues: dict[str, dict[float, list[str]]]


def clue(about: str, label: str, weight: float, written: str, unless: Iterable[str] = ()) -> Clue:
    """Read one entry: "a b" wants both, "!c" forbids."""
    pieces = written.split()
    never: list[tuple[str, ...]] = [(_part(piece[1:]),) for piece in pieces if piece.startswith("!")]
    never += [tuple(map(_part, entry.split())) for entry in unless]
    parts = tuple(_part(piece) for piece in pieces if not piece.startswith("!"))
    return Clue(about, label, weight, parts, tuple(never), written)


@lru_cache(maxsize=1)
def lexicon() -> tuple[Clue, ...]:
    """The clues every city shares: for categories, kinds and flags."""
    return tuple(found for name in ("categories", "kinds", "flags") for found in _read(name))


def _read(name: str) -> Iterable[Clue]:
    for label, by_weight in yaml.load(_FOLDER / f"{name}.yaml", _LexiconFile).clues.items():
        for weight, entries in by_weight.items():
            yield from (clue(name, label, weight, written) for written in entries)


def _part(written: str) -> str:
    """Fold the word but keep the marks that say where in a word it may stand."""
    start = "=" if written.startswith("=") else "-" if written.startswith("-") else ""
    end = "-" if written.endswith("-") else ""
    return start + fold(written.strip("=-")) + end


@dataclass(frozen=True)
class Parts:
    """All parts of many clues, found in one word at a time."""

    known: frozenset[str]
    lengths: tuple[int, ...]

    @classmethod
    def of(cls, clues: Iterable[Clue]) -> "Parts":
        """Gather the parts of all clues."""
        known = {part for c in clues for group in (c.parts, *c.never) for part in group}
        return cls(frozenset(known), tuple(sorted({len(part.strip("=-")) for part in known})))

    def inside(self, word: str, only_at_end: bool) -> frozenset[str]:
        """The parts that stand in `word` (folded); `only_at_end` for names like Müllerstraße."""
        size = len(word)
        return frozenset(
            form
            for start, head in _heads(word)
            for length in self._by_head.get(head, ())
            if (start + length == size) or (start + length < size and not only_at_end)
            for form in _forms(word, start, start + length)
            if form in self.known
        )

    @cached_property
    def _by_head(self) -> dict[str, set[int]]:
        """How long the parts are that begin with some letters: with `_HEAD`, or all they have."""
        lengths: dict[str, set[int]] = defaultdict(set)
        for part in self.known:
            plain = part.strip("=-")
            lengths[plain[:_HEAD]].add(len(plain))
        return dict(lengths)


def _heads(word: str) -> list[tuple[int, str]]:
    """Where a part may begin in `word`, and how; parts shorter than a head touch an end of the word."""
    inside = [(start, word[start : start + _HEAD]) for start in range(len(word))]
    return inside + [(0, word[:size]) for size in range(1, _HEAD)]


def _forms(word: str, start: int, end: int) -> Iterator[str]:
    """How an entry may be written that is meant to be found here."""
    piece, begins, ends = word[start:end], start == 0, end == len(word)
    if len(piece) > _SHORT or (len(piece) == _SHORT and (begins or ends)) or (begins and ends):
        yield piece
    if begins:
        yield f"{piece}-"
    if ends:
        yield f"-{piece}"
    if begins and ends:
        yield f"={piece}"

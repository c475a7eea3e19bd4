"""The lexicon's own small language: word parts, whole words, combinations and exceptions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from bridge.city import Entry, yaml
from bridge.places.normal import fold

_FOLDER = Path(__file__).with_name("lexicon")
_SHORT = 4
"""Shorter entries are whole words, so long ones touch an end of the word, longer ones may stand anywhere."""


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
            for length in self.lengths
            for start in range(size - length + 1)
            if not only_at_end or start + length == size
            for form in _forms(word, start, start + length)
            if form in self.known
        )


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

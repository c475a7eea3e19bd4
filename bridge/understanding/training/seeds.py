"""The authored sentences of `corpus/`: lines with alternatives and slots, unfolded into texts with spans.

One seed a line; a blank line separates families, blocks about one situation that are held out together; `#`
begins a comment. `[a|b|]` is one of these, `{slot}` a line of the file of that name under `slots/`.
"""

import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from bridge.domain import ConfigError

CORPUS = Path(__file__).parents[1] / "corpus"
_PIECE = re.compile(r"\[([^\[\]{}]*(?:\{\w+\}[^\[\]{}]*)*)\]|\{(\w+)\}")
_SPACES = re.compile(r"\s+")
_DEEPEST = 6


class Seed(NamedTuple):
    """One line, and the family it belongs to."""

    text: str
    family: str
    label: str = ""
    """What the comment above the family says of it."""


class Span(NamedTuple):
    """Where a slot's words stand: `start` and `end` count characters."""

    slot: str
    start: int
    end: int


@dataclass
class Text:
    """A text that grows piece by piece and remembers what its slots wrote."""

    written: str = ""
    spans: list[Span] = field(default_factory=list)

    def add(self, piece: str) -> None:
        """Write on, with single spaces only."""
        piece = _SPACES.sub(" ", piece)
        self.written += piece.lstrip() if not self.written or self.written.endswith(" ") else piece


def read(path: Path) -> list[Seed]:
    """The seeds of one file; raise `ConfigError` naming file and line where the form is broken."""
    seeds: list[Seed] = []
    family, label = 0, ""
    lines = map(str.strip, path.read_text(encoding="utf-8").splitlines())
    for number, line in enumerate(lines, 1):
        if not line:
            family, label = family + 1, ""
        elif line.startswith("#"):
            label = line.lstrip("# ").strip()
        else:
            _check(line, path, number)
            seeds.append(Seed(line, f"{path.stem}/{family}", label))
    return seeds


def read_all(folder: Path, name: str) -> list[Seed]:
    """The seeds of `name.txt` and of the files that go on from it, such as `name2.txt`."""
    return [seed for path in sorted(folder.glob(f"{name}*.txt")) for seed in read(path)]


def _check(line: str, path: Path, number: int) -> None:
    rest = _PIECE.sub("", line)
    if any(sign in rest for sign in "[]{}"):
        raise ConfigError(
            f"{path}:{number}: brackets do not match: {line!r}; close each, none inside another"
        )


class Unfolder:
    """Unfolds seeds by chance; `fill` may answer for a slot before the slot files do."""

    def __init__(
        self,
        chance: random.Random,
        folder: Path = CORPUS / "slots",
        fill: Mapping[str, Callable[[random.Random], str]] | None = None,
    ) -> None:
        self._chance, self._fill = chance, fill or {}
        self._slots = {path.stem: [seed.text for seed in read(path)] for path in sorted(folder.glob("*.txt"))}

    def unfold(self, seed: str) -> Text:
        """One text of this seed; raise `ConfigError` for a slot nobody knows."""
        text = Text()
        self._write(text, seed, 0)
        text.written = text.written.rstrip()
        return text

    def _write(self, text: Text, seed: str, deep: int) -> None:
        if deep > _DEEPEST:
            raise ConfigError(f"{seed!r}: its slots lead round in a circle")
        last = 0
        for piece in _PIECE.finditer(seed):
            text.add(seed[last : piece.start()])
            last = piece.end()
            if piece[2]:
                self._slot(text, piece[2], deep)
            else:
                self._write(text, self._chance.choice((piece[1] or "").split("|")), deep + 1)
        text.add(seed[last:])

    def _slot(self, text: Text, slot: str, deep: int) -> None:
        start = len(text.written)
        if slot in self._fill:
            text.add(self._fill[slot](self._chance))
        elif self._slots.get(slot):
            self._write(text, self._chance.choice(self._slots[slot]), deep + 1)
        else:
            raise ConfigError(f"no such slot: {{{slot}}}; known are {', '.join(sorted(self._slots))}")
        end = len(text.written)
        start += text.written[start:end].startswith(" ")
        if end > start:
            text.spans.append(Span(slot, start, end))


def families(seeds: Iterable[Seed]) -> Iterator[str]:
    """The families, each once, in their order."""
    yield from dict.fromkeys(seed.family for seed in seeds)

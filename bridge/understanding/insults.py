"""The words that hurt: where they stand in a sentence, and whether somebody is aimed at."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bridge.city import Entry, yaml
from bridge.places.normal import fold
from bridge.understanding import hashed, masked
from bridge.understanding.hashed import Floats, Word

_FILE = Path(__file__).with_name("lexicon") / "insults.yaml"
_NEAR = 4
_SHORT = 5
"""A sentence of so few words and signs that holds a word that hurts is about somebody: "Idioten!"."""
_TOUCHING, _ANYWHERE = 5, 7
"""So many letters may touch a word's beginning or end, so many may stand anywhere in it."""
_LONGEST = 60
_STRENGTHS = (1, 2, 3)


class _InsultsFile(Entry):
    aims: dict[str, list[str]]
    never: tuple[str, ...]
    groups: dict[str, dict[int, list[str]]]


class Meaning(NamedTuple):
    """What an entry of the lexicon says; `group` may be one of those aimed at, with strength 0."""

    group: str
    strength: int
    written: str


class Hurt(NamedTuple):
    """An entry found: `first` to before `end` count words."""

    meaning: Meaning
    first: int
    end: int


class Insults:
    """The lexicon, ready to be looked up word by word."""

    def __init__(self, path: Path = _FILE) -> None:
        file = yaml.load(path, _InsultsFile)
        self.aims, self.groups = tuple(file.aims), tuple(file.groups)
        self._never = frozenset(map(fold, file.never))
        self._single: dict[str, list[Meaning]] = defaultdict(list)
        self._phrases: dict[str, list[tuple[tuple[str, ...], Meaning]]] = defaultdict(list)
        self.entries = tuple(_meanings(file))
        for meaning in self.entries:
            forms = tuple(word.form for word in hashed.words(meaning.written.strip("=")))
            if len(forms) > 1:
                self._phrases[forms[0]].append((forms[1:], meaning))
            else:
                self._single[fold(meaning.written)].append(meaning)
        self._of_word = lru_cache(maxsize=50_000)(self._look_up)

    def find(self, words: Sequence[Word]) -> list[Hurt]:
        """Every entry found in the words, in their order."""
        found = []
        for i, word in enumerate(words):
            found += [Hurt(meaning, i, i + 1) for meaning in self._of_word(word.form)]
            for rest, meaning in self._phrases.get(word.form, ()):
                end = i + 1 + len(rest)
                if tuple(w.form for w in words[i + 1 : end]) == rest:
                    found.append(Hurt(meaning, i, end))
        return found

    @cached_property
    def coarse(self) -> tuple[str, ...]:
        """The words people write with stars, those first that hurt nobody."""
        swear = {fold(m.written) for m in self.entries if m.group == "swear" and m.strength > 1}
        hurting = {fold(m.written.strip("=")) for m in self.entries if m.strength == max(_STRENGTHS)}
        return (*sorted(swear), *sorted(hurting - swear))

    @cached_property
    def features(self) -> tuple[str, ...]:
        """What `dense` tells, in its order."""
        ways = ("", *(f" at {aim}" for aim in self.aims), " alone")
        return tuple(f"{g} {s}{way}" for g in self.groups for s in _STRENGTHS for way in ways)

    def dense(self, found: Sequence[Hurt], words: int) -> Floats:
        """Whether a sentence of so many words holds each group and strength, and at whom, [len(features)]."""
        told = set()
        aimed = [hurt for hurt in found if not hurt.meaning.strength]
        for hurt in found:
            if hurt.meaning.strength:
                name = f"{hurt.meaning.group} {hurt.meaning.strength}"
                told |= {name, *(f"{name} at {a.meaning.group}" for a in aimed if _near(a, hurt))}
                told |= {f"{name} alone"} if words <= _SHORT else set()
        return np.array([name in told for name in self.features], dtype=np.float32)

    def _look_up(self, form: str) -> tuple[Meaning, ...]:
        """The strongest meaning of each group in one word."""
        form = masked.plain(form[:_LONGEST])
        if form in self._never:
            return ()
        best: dict[str, Meaning] = {}
        for entry in _entries(form):
            for meaning in self._single.get(entry, ()):
                known = best.get(meaning.group)
                if known is None or meaning.strength > known.strength:
                    best[meaning.group] = meaning
        return tuple(best.values())


def _meanings(file: _InsultsFile) -> Iterable[Meaning]:
    for aim, entries in file.aims.items():
        yield from (Meaning(aim, 0, written) for written in entries)
    for group, by_strength in file.groups.items():
        for strength, entries in by_strength.items():
            yield from (Meaning(group, strength, written) for written in entries)


def _entries(form: str) -> Iterator[str]:
    """Every entry that may stand in a word, however it is written in the lexicon."""
    yield f"={form}"
    yield form
    size = len(form)
    for length in range(_TOUCHING, size):
        yield form[:length]
        yield form[-length:]
        if length >= _ANYWHERE:
            yield from (form[start : start + length] for start in range(1, size - length))


def _near(aim: Hurt, hurt: Hurt) -> bool:
    return -_NEAR <= aim.first - hurt.first <= _NEAR and aim.first != hurt.first


@lru_cache(maxsize=1)
def lexicon() -> Insults:
    """The shipped lexicon, read once a process."""
    return Insults()

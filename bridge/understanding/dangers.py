"""A city's emergency rules: which dangers a text names, and what in it takes them back."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple, Self

from pydantic import Field, model_validator

from bridge.city import Entry, yaml
from bridge.understanding import sentences
from bridge.understanding.clues import Parts, clue
from bridge.understanding.hashed import Word

_NEAR = 8
_DENIED_BEFORE = 3
_DENYING = {"kein", "keine", "keinen", "keiner", "keinem", "keinerlei", "niemand", "niemanden", "niemandem"}
_DENYING |= {
    "nicht",
    "nich",
    "ned",
    "net",
    "nie",
    "niemals",
    "ohne",
    "nirgends",
    "nimmer",
    "nemme",
    "no",
    "not",
    "nobody",
    "without",
}
_STOPS = frozenset(".!?;,:")
_GROUP = re.compile(r"<(\w+)>")
_Where = Mapping[str, list[int]]


class Rule(Entry):
    """One danger as emergencies.yaml tells it; `words` are enough by themselves, `signs` speak for it."""

    because: str
    words: tuple[str, ...]
    signs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    not_where: tuple[str, ...] = ()


class _File(Entry):
    groups: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    unless: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    emergencies: dict[str, Rule]

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        for name, rule in self.emergencies.items():
            for entry in (*rule.words, *rule.signs, *rule.unless):
                for group in _GROUP.findall(entry):
                    _check(group, self.groups, f"{name}: {entry!r}: no such group")
            for listed in rule.not_where:
                _check(listed, self.unless, f"{name}: not_where: no such list")
        return self


def _check(name: str, known: Iterable[str], complaint: str) -> None:
    if name not in known:
        raise ValueError(f"{complaint} as {name!r}{yaml.suggestion(name, known)}")


class Danger(NamedTuple):
    """A rule that holds: from word `first` to word `last`; `sure` means that it is enough."""

    name: str
    because: str
    written: str
    first: int
    last: int
    sure: bool


class Reading(NamedTuple):
    """What the rules say of a text: the dangers meant, and which lists of `unless` hold somewhere."""

    dangers: list[Danger]
    unless: frozenset[str]


class _Line(NamedTuple):
    """One entry: what must stand in a sentence and what must not, each a word part or a `<group>`."""

    name: str
    use: Literal["word", "sign", "unless"]
    wanted: tuple[str, ...]
    never: tuple[str, ...]
    written: str


class Rules:
    """The emergency rules of one city; without a file none holds."""

    def __init__(self, path: Path) -> None:
        file = yaml.load(path, _File) if path.is_file() else _File(emergencies={})
        self._rules, self.lists = file.emergencies, tuple(file.unless)
        self._groups = {f"<{name}>": frozenset(_members(name, file.groups)) for name in file.groups}
        self._by_first: dict[str, list[_Line]] = defaultdict(list)
        known = {part for parts in self._groups.values() for part in parts}
        for line in _lines(file):
            self._by_first[line.wanted[0]].append(line)
            known.update((*line.wanted, *line.never))
        self._parts = Parts(frozenset(known), tuple(sorted({len(part.strip("=-")) for part in known})))
        self._of_word = lru_cache(maxsize=50_000)(self._look_up)

    def read(self, text: str, words: Sequence[Word]) -> Reading:
        """What the rules say of `words`, the `hashed.words` of `text`."""
        dangers: list[Danger] = []
        unless: set[str] = set()
        for sentence in sentences.split(text, words):
            found, taken_back = self._in(words, sentence)
            dangers += found
            unless |= taken_back
        lists = frozenset(unless.intersection(self.lists))
        return Reading([self._doubted(danger, lists) for danger in dangers], lists)

    def _doubted(self, danger: Danger, lists: frozenset[str]) -> Danger:
        """No longer sure where any sentence says that it is long ago, a story, a worry."""
        return danger._replace(sure=danger.sure and lists.isdisjoint(self._rules[danger.name].not_where))

    def _in(self, words: Sequence[Word], sentence: range) -> tuple[list[Danger], set[str]]:
        where: dict[str, list[int]] = defaultdict(list)
        for i in sentence:
            for part in self._of_word(words[i].form):
                where[part].append(i)
        held = [
            (line, at)
            for part in where
            for line in self._by_first.get(part, ())
            if (at := _held(line, where))
        ]
        unless = {line.name for line, _ in held if line.use == "unless"}
        found = [
            Danger(
                line.name, self._rules[line.name].because, line.written, min(at), max(at), line.use == "word"
            )
            for line, at in held
            if line.use != "unless"
            and unless.isdisjoint((f"{line.name}!", *self._rules[line.name].not_where))
            and not _is_denied(words, sentence, at, line)
        ]
        return found, unless

    def _look_up(self, form: str) -> tuple[str, ...]:
        """The parts and groups that stand in one word; a street's name counts only by its end."""
        found = self._parts.inside(form, only_at_end=form.endswith("strasse"))
        return (*found, *(name for name, parts in self._groups.items() if not found.isdisjoint(parts)))


def _lines(file: _File) -> Iterator[_Line]:
    for name, entries in file.unless.items():
        yield from (_line(name, "unless", entry) for entry in entries)
    for name, rule in file.emergencies.items():
        yield from (_line(f"{name}!", "unless", entry) for entry in rule.unless)
        yield from (_line(name, "word", entry) for entry in rule.words)
        yield from (_line(name, "sign", entry) for entry in rule.signs)


def _line(name: str, use: Literal["word", "sign", "unless"], written: str) -> _Line:
    pieces = written.split()
    wanted = sorted((p for p in pieces if not p.startswith("!")), key=lambda piece: piece.startswith("<"))
    never = (piece[1:] for piece in pieces if piece.startswith("!"))
    return _Line(name, use, tuple(map(_part, wanted)), tuple(map(_part, never)), written)


def _part(piece: str) -> str:
    return piece if _GROUP.fullmatch(piece) else clue("", "", 1, piece).parts[0]


def _members(group: str, groups: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """The parts of a group; where it names another group, also the parts of that."""
    for piece in groups[group]:
        inner = _GROUP.fullmatch(piece)
        yield from map(_part, groups.get(inner[1], ()) if inner else (piece,))


def _held(line: _Line, where: _Where) -> tuple[int, ...]:
    """The words its parts stand in, all near the first, each in another one; empty where one is missing."""
    if any(part in where for part in line.never):
        return ()
    for first in where.get(line.wanted[0], ()):
        held = [first]
        for part in line.wanted[1:]:
            near = next((j for j in where.get(part, ()) if j not in held and abs(j - first) <= _NEAR), None)
            if near is None:
                break
            held.append(near)
        else:
            return tuple(held)
    return ()


def _is_denied(words: Sequence[Word], sentence: range, held: tuple[int, ...], line: _Line) -> bool:
    if "<not>" in line.wanted or any(part.strip("=-") in _DENYING for part in line.wanted):
        return False
    return any(_denied_at(words, sentence, i) for i in held)


def _denied_at(words: Sequence[Word], sentence: range, i: int) -> bool:
    """Denied up to three words before ("kein großes Feuer") or directly after ("brennt nicht")."""
    before: list[str] = []
    for word in words[max(i - _DENIED_BEFORE, sentence.start) : i]:
        before = [] if word.form in _STOPS else [*before, word.form]
    after = words[i + 1].form if i + 1 < sentence.stop else ""
    return any(form in _DENYING for form in (*before, after))

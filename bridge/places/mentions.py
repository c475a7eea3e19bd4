"""Finds the names of the gazetteer in a text: the longest first, exact before misspelt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bridge.places.entries import Entry
from bridge.places.index import Index
from bridge.places.normal import Word

_LONGEST_NAME = 6
_SURE_LENGTH = 7
"""Shorter one-word names ("Markt", "Kreuz") must be written with a capital or as a hashtag."""
_PREPOSITIONS = {"am", "an", "auf", "bei", "hinter", "im", "in", "unter", "vor", "zum", "zur"}
_OFFICES = ("amt", "amtes", "buero", "revier", "verwaltung", "behoerde", "dezernat", "verein", "zeitung")


@dataclass(frozen=True)
class Mention:
    """One name in a text: `first` to `last` count words, `how` it was recognised."""

    entries: tuple[Entry, ...]
    first: int
    last: int
    how: str = "exact"

    def streets(self) -> tuple[Entry, ...]:
        """Only the streets of that name."""
        return tuple(entry for entry in self.entries if entry.kind == "street")


def spot(text: str, words: Sequence[Word], index: Index) -> list[Mention]:
    """Every mention in the order of the text, none overlapping another."""
    found: list[Mention] = []
    first = 0
    while first < len(words):
        mention = next(_at(text, words, first, index), None)
        if mention and not _in_office(words, mention):
            found.append(mention)
        first = mention.last + 1 if mention else first + 1
    return found


def _at(text: str, words: Sequence[Word], first: int, index: Index) -> Iterator[Mention]:
    keys = _growing_keys(text, words, first)
    for last, name in reversed(keys):
        entries = index.exact(name) or (index.exact(name[:-1]) if name.endswith("s") else [])
        if entries and _believable(words, first, last):
            yield Mention(tuple(entries), first, last)
    for last, name in reversed(keys):
        if entries := index.typo(name) if words[first].fold not in _PREPOSITIONS else []:
            yield Mention(tuple(entries), first, last, "typo")
    for last, name in reversed(keys):
        if entries := index.short(name):
            yield Mention(tuple(entries), first, last, "short")


def _growing_keys(text: str, words: Sequence[Word], first: int) -> list[tuple[int, str]]:
    name, keys = "", []
    for last in range(first, min(first + _LONGEST_NAME, len(words))):
        if last > first and not _joined(text[words[last - 1].end : words[last].start]):
            break
        name += words[last].fold
        keys.append((last, name))
    return keys


def _joined(gap: str) -> bool:
    return len(gap) <= 3 and not any(c in "!?;:\n#@" for c in gap)


def _believable(words: Sequence[Word], first: int, last: int) -> bool:
    word = words[first]
    if first < last or word.hashtag or len(word.fold) >= _SURE_LENGTH:
        return True
    return word.raw[0].isupper()


def _in_office(words: Sequence[Word], mention: Mention) -> bool:
    return mention.first > 0 and words[mention.first - 1].fold.endswith(_OFFICES)

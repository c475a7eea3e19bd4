"""Finds the names of the gazetteer in a text: the longest first, exact before abbreviated and misspelt."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bridge.places import cues
from bridge.places.entries import Entry
from bridge.places.index import Index, suffix_of
from bridge.places.normal import Word

_LONGEST_NAME = 6
_SURE_LENGTH = 7
"""Shorter one-word names ("Markt", "Kreuz") must be written with a capital, as a hashtag, or behind a cue."""
_WHOLE, _LEAST_CUT = 4, 2
"""An abbreviated name keeps one part of so many letters; the first of two parts keeps so many."""
_WHOLE, _LEAST_CUT = 4, 2
"""An abbreviated name keeps one part of so many letters; the first of only two parts keeps so many."""
_LONG_PHRASE = 12
"""Names that begin like a phrase ("Am Bahndamm") are ordinary words unless the rest is so long."""


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


@dataclass(frozen=True)
class Finder:
    """The words of one text, and where names are looked up."""

    text: str
    words: Sequence[Word]
    index: Index
    ignore: frozenset[str]
    extra: Sequence[tuple[int, int]] = ()
    """Spans of characters that somebody else takes for the name of a place."""

    def spot(self) -> Iterator[Mention]:
        """Every mention in the order of the text, none overlapping another."""
        first = 0
        while first < len(self.words):
            mention = self._at(first)
            if mention and not self._elsewhere(mention):
                yield mention
            first = mention.last + 1 if mention else first + 1

    def _at(self, first: int) -> Mention | None:
        keys = self._growing_keys(first)
        for how, look_up in self._levels(first):
            for last, name in reversed(keys):
                found = () if name in self.ignore else tuple(look_up(last, name))
                if found:
                    return Mention(found, first, last, how)
        return None

    def _levels(self, first: int) -> Iterator[tuple[str, Callable[[int, str], Sequence[Entry]]]]:
        yield "exact", lambda last, name: self._exact(first, last, name)
        yield "abbreviated", lambda last, _: self._abbreviated(first, last)
        if not self._inside_word(first):
            yield "typo", lambda last, name: self._typo(first, last, name)
            yield "tail", lambda _, name: self.index.tail(name)
            yield "short", lambda _, name: self.index.short(name) or self.index.short(name.removesuffix("n"))
            yield "ner", lambda last, name: self.index.typo(name) if self._marked(first, last) else ()

    def _growing_keys(self, first: int) -> list[tuple[int, str]]:
        name, keys = "", []
        for last in range(first, min(first + _LONGEST_NAME, len(self.words))):
            if last > first and not _joined(self.gap(last - 1)):
                break
            name += self.words[last].fold
            keys.append((last, name))
        return keys

    def _marked(self, first: int, last: int) -> bool:
        start, end = self.words[first].start, self.words[last].end
        return any(a <= start and end <= b for a, b in self.extra)

    def gap(self, left: int) -> str:
        """What stands behind a word and before the next."""
        end = self.words[left + 1].start if left + 1 < len(self.words) else len(self.text)
        return self.text[self.words[left].end : end]

    def before(self, first: int) -> str:
        """The folded word before a word, or an empty string."""
        return self.words[first - 1].fold if first else ""

    def _exact(self, first: int, last: int, name: str) -> Sequence[Entry]:
        found: Sequence[Entry] = self.index.exact(name) or (
            self.index.exact(name[:-1]) if name.endswith("s") else []
        )
        if not found and self.words[first].hashtag and first == last:
            found = self._without_city(name)
        if not found or not self._believable(first, last):
            return []
        return [entry for entry in found if entry.kind != "street"] if self._inside_word(first) else found

    def _without_city(self, name: str) -> Sequence[Entry]:
        shorter = (name.removesuffix(city).removeprefix(city) for city in self.ignore)
        return next((found for part in shorter if part != name and (found := self.index.exact(part))), [])

    def _abbreviated(self, first: int, last: int) -> Sequence[Entry]:
        """Names with a part cut short by a point, or to one letter; enough must be left of the others."""
        if last == first or any(set(self.gap(i)) - set(".- ") for i in range(first, last)):
            return []
        parts = [word.fold for word in self.words[first : last + 1]]
        cut = [len(self.words[i].raw) == 1 or self.gap(i).startswith(".") for i in range(first, last)]
        whole = any(
            len(part) >= _WHOLE for part, short in zip(parts, [*cut, False], strict=True) if not short
        )
        short = len(parts) == 2 and len(parts[0]) < _LEAST_CUT
        return self.index.abbreviated(parts) if whole and any(cut) and not short else []

    def _typo(self, first: int, last: int, name: str) -> Sequence[Entry]:
        if self.words[first].fold in cues.FUNCTION or any(
            self.gap(i) not in " -" for i in range(first, last)
        ):
            return []
        if suffix_of(name):
            return self.index.typo(name) if self.words[last].fold not in cues.WAYS or last > first else []
        stop = cues.speaks_of_stop(self.before(first))
        if not stop and not self.words[first].hashtag and not self._cued(first):
            return []
        found = (
            self.index.typo(name) if self.words[first].raw[0].isupper() or self.words[first].hashtag else []
        )
        return [entry for entry in found if entry.kind == "stop" or not stop]

    def _believable(self, first: int, last: int) -> bool:
        word = self.words[first]
        if first < last:
            return word.fold not in cues.PREPOSITIONS or self._named_phrase(first, last)
        if word.hashtag:
            return True
        if word.fold in cues.THINGS:
            return self._cued(first) and word.raw[0].isupper()
        if len(word.fold) >= _SURE_LENGTH or word.raw[0].isupper():
            return True
        return self.text.islower() and (self._cued(first) or self._numbered(last))

    def _named_phrase(self, first: int, last: int) -> bool:
        """Whether "Am Bahndamm" is meant as a name: by a capital, a number, or a long rest."""
        rest = sum(len(word.fold) for word in self.words[first + 1 : last + 1])
        return self.words[first].raw[0].isupper() or self._numbered(last) or rest >= _LONG_PHRASE

    def _numbered(self, last: int) -> bool:
        return last + 1 < len(self.words) and self.words[last + 1].raw[0].isdigit()

    def _cued(self, first: int) -> bool:
        before = self.before(first)
        if before in cues.ARTICLES and first > 1:
            before = self.words[first - 2].fold
        near = before in cues.PREPOSITIONS or before in cues.BESIDE or before in cues.CORNER
        return near or cues.speaks_of_stop(before)

    def _inside_word(self, first: int) -> bool:
        """Whether a hyphen ties the word to one before it that is not the city's name."""
        return first > 0 and self.gap(first - 1).endswith("-") and self.before(first) not in self.ignore

    def _elsewhere(self, mention: Mention) -> bool:
        """Whether the name belongs to an office, a club or a person, or is a part of a longer word."""
        before = self.before(mention.first)
        if before.endswith(cues.OFFICES) or before in cues.PEOPLE:
            return True
        return self.gap(mention.last) == "-" and self._goes_on(mention.last + 1)

    def _goes_on(self, following: int) -> bool:
        if following >= len(self.words) or not self.words[following].raw[0].isalpha():
            return False
        word = self.words[following].fold
        return not (word in cues.CORNER or suffix_of(word) or self.index.exact(word))


def _joined(gap: str) -> bool:
    return len(gap) <= 3 and not any(c in "!?;:\n#@" for c in gap)

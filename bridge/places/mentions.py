"""Finds the names of the gazetteer in a text: the longest first, exact before abbreviated and misspelt."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from bridge.places import cues
from bridge.places.context import Context, Keys
from bridge.places.entries import Entry
from bridge.places.index import SUFFIXES, Index, suffix_of
from bridge.places.normal import key

_WHOLE, _LEAST_CUT = 4, 2
"""An abbreviated name keeps one part of so many letters; the first of only two parts keeps so many."""
_LEAST_MISSPELT = {"stop": 6, "district": 6, "street": 7, "place": 10}
"""A shorter word is not taken for a misspelt name that does not end like a street."""
_LEAST_STREET = 9
_LIKE_STREET = re.compile(r"s.?t.?r.?a.{0,4}$|[tr].?a.?s.{0,3}$|p.?l.?a.{0,2}$|a.?l.?l.{0,3}$|g.?a.?s.{0,2}$")
"""What the end of a misspelt street may look like; it only spares looking up all other words."""

Spans = Sequence[tuple[int, int]]
"""Spans of characters that somebody else takes for the name of a place."""
_LookUp = Callable[[int, int, str], Sequence[Entry]]


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
    """Where the names in a text are looked up."""

    context: Context
    index: Index
    extra: Spans = ()

    def spot(self) -> Iterator[Mention]:
        """Every mention in the order of the text, none overlapping another."""
        first = 0
        while first < len(self.context.words):
            mention = self._at(first)
            if mention and not self._elsewhere(mention):
                yield mention
            first = mention.last + 1 if mention else first + 1

    def resembles(self) -> bool:
        """Whether some words would become a name if somebody else took them for one."""
        return any(
            self._known_as(name)
            for keys in self.context.keys
            for _, name in keys
            if self.index.resembles(name)
        )

    def _at(self, first: int) -> Mention | None:
        for how, look_up, keys in self._levels(first):
            for last, name in reversed(keys):
                found = () if name in self.context.ignore else tuple(look_up(first, last, name))
                if found:
                    return Mention(found, first, last, how)
        return None

    def _levels(self, first: int) -> Iterator[tuple[str, _LookUp, Keys]]:
        """The ways a name that begins at a word may be known, and by which keys, where that can be."""
        keys, word = self.context.keys[first], self.context.words[first]
        if self.extra:
            yield "ner", self._marked, keys
        begun = list(takewhile(lambda key: self.index.begun(key[1]), keys))
        yield "exact", self._exact, keys if word.hashtag else begun
        if True in self.context.cuts[first : keys[-1][0]]:
            yield "abbreviated", self._abbreviated, keys[1:]
        if self.context.inside_word(first):
            return
        large = self.context.capital(first)
        if word.fold not in cues.FUNCTION:
            near = keys if large else keys[:1]
            yield "typo", self._typo, [key for key in near if self.index.resembles(key[1])]
        if large:
            yield "tail", self._tail, [key for key in keys if key[1].endswith(SUFFIXES)]
            yield "short", self._short, begun

    def _exact(self, first: int, last: int, name: str) -> Sequence[Entry]:
        found = self.index.exact(name) if name not in cues.NEVER else []
        if not found and name.endswith("s"):
            found = self.index.exact(name[:-1])
        if not found and first == last and self.context.words[first].hashtag:
            found = self._without_city(name)
        if not found or not self.context.believable(first, last) or self._goes_on(last):
            return []
        return [e for e in found if e.kind != "street"] if self.context.inside_word(first) else found

    def _without_city(self, name: str) -> list[Entry]:
        shorter = (name.removesuffix(city).removeprefix(city) for city in self.context.ignore)
        return next((found for part in shorter if part != name and (found := self.index.exact(part))), [])

    def _abbreviated(self, first: int, last: int, _: str) -> Sequence[Entry]:
        """Names with a part cut short by a point, or to one letter; enough must be left of the others."""
        cut = self.context.cuts[first:last]
        if True not in cut or not self.context.tied(first, last):
            return []
        words = self.context.words[first : last + 1]
        whole = [word for word, short in zip(words, [*cut, False], strict=True) if not short]
        enough = any(len(word.fold) >= _WHOLE for word in whole)
        enough &= len(words) > 2 or len(words[0].fold) >= _LEAST_CUT
        return self.index.abbreviated([word.fold for word in words]) if enough else []

    def _typo(self, first: int, last: int, name: str) -> Sequence[Entry]:
        """Misspelt names: those of streets by their form alone, all others behind a word for a place."""
        found = [] if name in cues.WAYS else self.index.typo(name)
        small = found and self.context.words[last].fold in cues.FUNCTION
        if not found or small or self.context.adverb(first, last) or self._apart(first, last):
            return []
        if suffix_of(name):
            return found
        cued = self._cued(first, last)
        if not cued and not _LIKE_STREET.search(name):
            return []
        return [entry for entry in found if _ends_like_street(entry) or (cued and self._long(name, entry))]

    def _apart(self, first: int, last: int) -> bool:
        """Whether more than a space or a hyphen stands between the words."""
        return any(self.context.gap(i) not in " -" for i in range(first, last))

    def _cued(self, first: int, last: int) -> bool:
        here = self.context.located(first) or self.context.numbered(last)
        return (here and self.context.capital(first)) or self.context.whole_hashtag(first, last)

    def _long(self, name: str, entry: Entry) -> bool:
        """Whether a misspelt word is long enough to be no other word."""
        return len(name) >= _LEAST_MISSPELT[entry.kind] + 2 * self.context.lower

    def _tail(self, first: int, last: int, name: str) -> Sequence[Entry]:
        return () if self.context.adverb(first, last) else self.index.tail(name)

    def _short(self, first: int, last: int, name: str) -> Sequence[Entry]:
        """What lacks its last part; of a Straße and an Allee of one name the Straße is meant."""
        found = self.index.short(name.removesuffix("n") if name.endswith("schen") else name)
        if not found or self.context.adverb(first, last):
            return ()
        return [entry for entry in found if key(entry.name).endswith("strasse")] or found

    def _marked(self, first: int, last: int, name: str) -> Sequence[Entry]:
        """What a whole span from elsewhere means that is no name as it is written."""
        words = self.context.words
        return self._known_as(name) if (words[first].start, words[last].end) in self.extra else ()

    def _known_as(self, name: str) -> Sequence[Entry]:
        """What a name may mean by its letters alone that is none as it is written."""
        found = self.index.typo(name)
        return () if self.index.exact(name) else found

    def _elsewhere(self, mention: Mention) -> bool:
        """Whether the name belongs to an office, a club or a person, or is a part of a longer word."""
        before = self.context.before(mention.first)
        people = before.endswith(cues.OFFICES) or before in cues.PEOPLE
        return people or self._longer(mention) or self._goes_on(mention.last)

    def _longer(self, mention: Mention) -> bool:
        """Whether a capitalised "Neue", "Große" … before makes it another street, which is not known here."""
        if not mention.first or not mention.streets() or self.context.gap(mention.first - 1) != " ":
            return False
        word = self.context.words[mention.first - 1]
        return word.fold in cues.LONGER and word.raw[0].isupper()

    def _goes_on(self, last: int) -> bool:
        """Whether a hyphen ties one more word to the name, as in Oststadt-Fest."""
        words, following = self.context.words, last + 1
        if self.context.gap(last) != "-" or following >= len(words) or not words[following].raw[0].isalpha():
            return False
        word = words[following].fold
        return not (word in cues.CORNER or suffix_of(word) or self.index.exact(word))


def _ends_like_street(entry: Entry) -> bool:
    name = key(entry.name)
    return len(name) >= _LEAST_STREET and name.endswith(("strasse", "platz", "allee", "gasse"))

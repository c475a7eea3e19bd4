"""The words of one text, and what stands around each: enough to tell a name from an everyday word."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bridge.places import cues
from bridge.places.normal import Word, words

LONG_PHRASE = 12
"""Names that begin like a phrase ("Am Bahndamm") are ordinary words unless the rest is so long."""
_SURE_LENGTH = 7
"""Shorter one-word names ("Markt", "Kreuz") must be written with a capital, as a hashtag, or behind a cue."""
_JOINED_LENGTH = 8
"""Shorter names are not put together from words that begin with a function word ("es so" is no Esso)."""
_LONGEST_NAME = 6
_PARTING = frozenset("!?;:\n#@")
"""Signs that never stand within a name."""
Keys = Sequence[tuple[int, str]]
"""What words in a row spell as one key, each with the last of them."""


@dataclass(frozen=True)
class Context:
    """The words of a text; positions count words, `ignore` holds keys that are never a place."""

    text: str
    words: Sequence[Word]
    ignore: frozenset[str]

    @cached_property
    def lower(self) -> bool:
        """Whether the author writes without capitals."""
        return self.text.islower()

    @cached_property
    def _gaps(self) -> list[str]:
        starts = [*(word.start for word in self.words[1:]), len(self.text)]
        return [self.text[word.end : start] for word, start in zip(self.words, starts, strict=False)]

    @cached_property
    def keys(self) -> Sequence[Keys]:
        """For each word what it spells by itself and with the next ones, as long as a name may go on."""
        return [tuple(self._growing(first)) for first in range(len(self.words))]

    def _growing(self, first: int) -> Iterator[tuple[int, str]]:
        name = ""
        for last, word in enumerate(self.words[first : first + _LONGEST_NAME], first):
            name += word.fold
            yield last, name
            if self._parted[last]:
                return

    @cached_property
    def _parted(self) -> list[bool]:
        return [len(gap) > 3 or not _PARTING.isdisjoint(gap) for gap in self._gaps]

    @cached_property
    def cuts(self) -> list[bool]:
        """For each word whether it is cut short: by a point, or to one letter."""
        return [
            len(word.raw) == 1 or gap.startswith(".")
            for word, gap in zip(self.words, self._gaps, strict=True)
        ]

    def gap(self, left: int) -> str:
        """What stands behind a word and before the next."""
        return self._gaps[left]

    def tied(self, first: int, last: int) -> bool:
        """Whether nothing but spaces, hyphens and points stands between the words."""
        return not any(gap.strip(".- ") for gap in self._gaps[first:last])

    def before(self, first: int) -> str:
        """The folded word before a word, or an empty string."""
        return self.words[first - 1].fold if first else ""

    def capital(self, at: int) -> bool:
        """Whether a word is written large, or nothing is in this text."""
        return self.lower or not self.words[at].raw[0].islower()

    def numbered(self, last: int) -> bool:
        """Whether a number follows."""
        return last + 1 < len(self.words) and self.words[last + 1].raw[0].isdigit()

    def cued(self, first: int) -> bool:
        """Whether a word that speaks of places stands before, with or without an article between."""
        before = self.before(first)
        if before in cues.ARTICLES:
            before = self.before(first - 1)
        return before in cues.POSITIONS or before in cues.CORNER or cues.speaks_of_stop(before)

    def located(self, first: int) -> bool:
        """Whether the words before say where something is ("am", "auf dem", "in der"), not where it goes."""
        before = self.before(first)
        if before in {"dem", "der"}:
            return self.before(first - 1) in cues.POSITIONS
        return before in cues.AT or cues.speaks_of_stop(before)

    def inside_word(self, first: int) -> bool:
        """Whether a hyphen ties the word to one before it that is not the city's name."""
        return first > 0 and self.gap(first - 1).endswith("-") and self.before(first) not in self.ignore

    def whole_hashtag(self, first: int, last: int) -> bool:
        """Whether these words are all of one hashtag."""
        begins = self.text[self.words[first].start - 1 : self.words[first].start] == "#"
        end = self.words[last].end
        return begins and not self.text[end : end + 1].isalnum()

    def adverb(self, first: int, last: int) -> bool:
        """Whether the last of several words is "weg" written small: gone, and no part of a name."""
        return last > first and self.words[last].raw == "weg" and not self.lower

    def believable(self, first: int, last: int) -> bool:
        """Whether words that spell a name may mean it here."""
        word = self.words[first]
        if first < last:
            return self._phrase(first, last)
        if word.fold in cues.NEVER:
            return False
        if word.hashtag:
            return True
        if word.fold in cues.THINGS:
            return self.located(first) and not word.raw[0].islower()
        if len(word.fold) >= _SURE_LENGTH or not word.raw[0].islower():
            return True
        return self.lower and (self.cued(first) or self.numbered(last))

    def _phrase(self, first: int, last: int) -> bool:
        """Several words: "Am Bahndamm", "Neues Rathaus", "Georg-Schwarz-Straße"."""
        word = self.words[first]
        if word.fold in cues.PREPOSITIONS:
            long = phrase_length(self.words[first : last + 1]) >= LONG_PHRASE
            return word.raw[0].isupper() or self.numbered(last) or long
        joined = sum(len(each.fold) for each in self.words[first : last + 1])
        if word.fold in cues.FUNCTION and joined < _JOINED_LENGTH:
            return False
        return self.capital(first) or self.located(first) or word.hashtag


@lru_cache(maxsize=1)
def read(text: str, ignore: frozenset[str]) -> Context:
    """The context of a text, made once for questions about it that follow each other."""
    return Context(text, words(text), ignore)


def phrase_length(phrase: Sequence[Word]) -> int:
    """How many letters a phrase has behind its preposition and article."""
    return sum(len(word.fold) for word in phrase[1:] if word.fold not in cues.ARTICLES)

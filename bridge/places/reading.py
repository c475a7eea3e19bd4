"""A text being read for places: its words, the names found in it, and what can be made of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from bridge.domain import Location
from bridge.places.mentions import Mention
from bridge.places.normal import Word

Source = Literal["gazetteer", "pattern", "ner", "geocoder", "coordinates"]
"""Who says so: a known name, the form of a word, a trained model, a service, the author's own position."""


class Candidate(NamedTuple):
    """One reading of where something is: which part of the text, by which words, and who says so."""

    location: Location
    start: int
    end: int
    because: str
    source: Source = "gazetteer"


@dataclass(frozen=True)
class Reading:
    """The text, its words, the names in it; `district` is the first district named anywhere."""

    text: str
    words: Sequence[Word]
    mentions: Sequence[Mention]
    district: str | None

    def gap(self, left: int, right: int) -> str:
        """What stands between two words, given by their index."""
        return self.text[self.words[left].end : self.words[right].start]

    def before(self, mention: Mention, count: int) -> set[str]:
        """The folded words directly before a mention, at most `count`."""
        return {word.fold for word in self.words[max(mention.first - count, 0) : mention.first]}

    def after(self, mention: Mention, count: int) -> set[str]:
        """The folded words directly behind a mention, at most `count`."""
        return {word.fold for word in self.words[mention.last + 1 : mention.last + 1 + count]}

    def between(self, left: Mention, right: Mention) -> list[str]:
        """The folded words between two mentions."""
        return [word.fold for word in self.words[left.last + 1 : right.first]]

    def candidate(self, location: Location, first: int, last: int, because: str) -> Candidate:
        """A candidate that rests on the words from `first` to `last`."""
        return Candidate(location, self.words[first].start, self.words[last].end, because)

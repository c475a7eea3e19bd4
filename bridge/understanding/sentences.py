"""Where one sentence ends and the next begins, as far as people mark it."""

from collections.abc import Iterator, Sequence

from bridge.understanding.hashed import Word

_ENDS = frozenset(".!?;\u2026")
_ABBREVIATED = {
    "strasse",
    "nr",
    "ca",
    "bzw",
    "z",
    "b",
    "d",
    "h",
    "u",
    "a",
    "s",
    "o",
    "tel",
    "st",
    "dr",
    "hr",
    "fr",
}
_ABBREVIATED |= {"prof", "max", "min", "inkl", "evtl", "ggf", "usw", "vgl", "bspw", "stck", "hst", "0"}
_LONGEST = 80
"""Whoever sets no stops is cut after so many words, so that the time stays bounded."""


def split(text: str, words: Sequence[Word]) -> Iterator[range]:
    """The sentences of `words`, as ranges of their numbers; the signs that end one belong to it."""
    first = 0
    for i in range(len(words)):
        last = i + 1 == len(words) or i - first + 1 >= _LONGEST
        if last or (_may_end(words, i) and words[i + 1].form not in _ENDS) or _new_line(text, words, i):
            yield range(first, i + 1)
            first = i + 1


def _may_end(words: Sequence[Word], i: int) -> bool:
    if words[i].form not in _ENDS:
        return False
    return (
        words[i].form != "."
        or i == 0
        or words[i - 1].form not in _ABBREVIATED
        or words[i - 1].end < words[i].start
    )


def _new_line(text: str, words: Sequence[Word], i: int) -> bool:
    return "\n" in text[words[i].end : words[i + 1].start]

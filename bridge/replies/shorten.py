"""Fits a text into what a platform allows: first the kind words go, the core stays."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from bridge.domain import PermanentError

GOES_FIRST = ("greeting", "privacy", "link", "automatic")
OWN_LINE = ("link", "automatic", "privacy")


class Part(NamedTuple):
    """A piece of a text and what it is for: greeting, core, detail, link, automatic or privacy."""

    role: str
    text: str


def fit(parts: list[Part], facts: Mapping[str, str], fits: Callable[[str], bool]) -> str:
    """The longest way to say `parts` that `fits`; raises `PermanentError` where not even the core does."""
    for gone in range(len(GOES_FIRST) + 1):
        whole = render([part for part in parts if part.role not in GOES_FIRST[:gone]], facts)
        if fits(whole):
            return whole
    # Cut words leave a question open, so here the link comes back as long as it fits.
    kept = [part for part in parts if part.role in ("core", "detail", "link")]
    while kept:
        for text in _with_fewer_words(kept, facts):
            if fits(text):
                return text
        kept.pop()
    raise PermanentError(f"no room for a reply about {facts['reference']} on this platform")


def render(parts: list[Part], facts: Mapping[str, str]) -> str:
    """The parts as one text: sentences in a row, then links and notices on lines of their own."""
    text = ""
    for part in parts:
        gap = "\n" if part.role in OWN_LINE else " "
        text += (gap if text else "") + part.text.format_map(facts)
    return text


def _with_fewer_words(parts: list[Part], facts: Mapping[str, str]) -> Iterator[str]:
    yield render(parts, facts)
    for gap in reversed(list(re.finditer(r"\s+", facts["words"]))):
        words = facts["words"][: gap.start()]
        yield render(parts, {**facts, "words": f"{words} …"})

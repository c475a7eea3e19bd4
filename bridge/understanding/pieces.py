"""Cuts texts into tokens, and tokens into the pieces of letters that a network knows them by."""

import re
import zlib
from collections.abc import Sequence
from typing import NamedTuple

from bridge.places.normal import fold

_TOKEN = re.compile(r"https?:\S*|www\.\S+|[^\W_]+|[^\w\s]|_")
_LONGEST_WORD = 30
_GRAMS = (3, 4, 5)


class Token(NamedTuple):
    """A word, number or sign; `glued` where no space stands before it."""

    word: str
    start: int
    end: int
    glued: bool


def tokens(text: str) -> list[Token]:
    """The tokens of a text: finer than spaCy's, so that no name ends inside of one."""
    found, last = [], -1
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        found.append(Token(match.group(), start, end, start == last))
        last = end
    return found


def pieces(word: str) -> tuple[list[str], list[str], list[str]]:
    """What a word is made of: the word itself, its form, and its letters in runs of three to five."""
    if word.startswith(("http", "www.")):
        word = "URL"
    name = fold(word[:_LONGEST_WORD])
    marked = f"<{name}>"
    form = [f"x{_shape(word)}", f"p{name[:2]}", f"p{name[:4]}", *(f"s{name[-n:]}" for n in (2, 4, 6))]
    grams = [marked[at : at + n] for n in _GRAMS for at in range(len(marked) - n + 1)]
    return [f"={name}"], form, grams or [marked]


def _shape(word: str) -> str:
    """`Xxx` for "Weg", `Xdd` for "A45": case and digits, long runs cut to three."""
    signs = ("X" if c.isupper() else "x" if c.islower() else "d" if c.isdigit() else c for c in word[:12])
    return re.sub(r"(.)\1{2,}", r"\1\1\1", "".join(signs))


def rows(piece: Sequence[str], size: int) -> list[int]:
    """The rows of the table that stand for these pieces."""
    return [zlib.crc32(each.encode()) % size for each in piece]

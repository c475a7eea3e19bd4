"""Reduces names and texts to the form they are compared in, and remembers where each word stood."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_LETTER = r"[^\W\d_][\u0300-\u036f]{0,9}"
_WORD = re.compile(rf"\d+(?:{_LETTER})?(?![^\W_])|\d+|(?:{_LETTER})+")
_CAMEL = re.compile(r"[^\W\d_][^\W\d_A-ZÄÖÜ]*")
_NEVER_A_PLACE = re.compile(r"(?:https?://|www\.)\S+|@[\w.@-]+")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_MISSPELT = (
    (re.compile(r"(?:straa?s+z?e?|strae|stras+e|srass?e|stasse|strsse)$"), "strasse"),
    (re.compile(r"(?<=\w{3})pla[tzs]$|(?:^|(?<=\w{3}))pl$"), "platz"),
    (re.compile(r"^hbf$"), "hauptbahnhof"),
    (re.compile(r"bhf$|^bf$"), "bahnhof"),
    (re.compile(r"(?<=\w{3})alee$"), "allee"),
    (re.compile(r"(?<=\w{3})gase$"), "gasse"),
)
"""How the ends of names are written in haste or short."""


class Word(NamedTuple):
    """One word of a text: its folded form, and where it stands in the text as written."""

    fold: str
    raw: str
    start: int
    end: int
    hashtag: bool = False


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """One word in small letters without umlauts, accents and marks; `str` becomes `strasse`."""
    plain = unicodedata.normalize("NFC", word).casefold().translate(_UMLAUTS)
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return plain + "asse" if plain.endswith("str") else plain


@lru_cache(maxsize=50_000)
def named(word: str) -> str:
    """One word folded as a part of a name, its end spelt out (`strase`, `plaz`, `bhf`)."""
    plain = fold(word)
    for written, meant in _MISSPELT:
        plain = written.sub(meant, plain)
    return plain


@lru_cache(maxsize=128)
def words(text: str) -> tuple[Word, ...]:
    """The words and numbers of a text, without links and @mentions; hashtags are cut at capital letters."""
    return tuple(word for match in _WORD.finditer(_blank(text)) for word in _pieces(text, match))


@lru_cache(maxsize=20_000)
def key(name: str) -> str:
    """A name as it is looked up: no spaces, hyphens, capitals or umlauts."""
    return "".join(named(match.group()) for match in _WORD.finditer(name))


def _blank(text: str) -> str:
    return _NEVER_A_PLACE.sub(lambda match: " " * len(match.group()), text)


def _pieces(text: str, match: re.Match[str]) -> list[Word]:
    raw, start = match.group(), match.start()
    hashtag = start > 0 and text[start - 1] == "#"
    cuts = list(_CAMEL.finditer(raw)) if hashtag else []
    if len(cuts) < 2:
        return [Word(named(raw), raw, start, match.end(), hashtag)]
    return [Word(named(c.group()), c.group(), start + c.start(), start + c.end(), True) for c in cuts]

"""Finds the words a clerk asks for, whatever their endings, capitals and umlauts."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


@lru_cache(maxsize=8)
def fold(text: str) -> str:
    """`text` in small letters, with ä as ae and ß as ss, so that both ways of writing meet."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_UMLAUTS)


def pattern(stems: Iterable[str]) -> re.Pattern[str]:
    """Finds, in folded text, any word that begins with one of `stems`; a stem may be several words."""
    ways = (r"\s+".join(re.escape(word) for word in fold(stem).split()) for stem in stems)
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})")


@lru_cache(maxsize=256)
def street(name: str) -> str:
    """The name of a street as it is compared: without capitals and hyphens, and with Str. written out."""
    whole = re.sub(r"str(?:\.|(?!\w))", "strasse", fold(name))
    return re.sub(r"\W", "", whole)

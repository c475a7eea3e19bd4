"""People's names, as far as a title, a closing formula or a first name gives them away."""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from bridge.city import Entry, yaml

_FILE = Path(__file__).with_name("lexicon") / "names.yaml"
_NAME = r"(?:von |van |de |zu )?[A-ZÄÖÜ][a-zäöüßéèáñçğşı]+(?:-[A-ZÄÖÜ][a-zäöüßéèáñçğşı]+)?"


class _NamesFile(Entry):
    titles: tuple[str, ...]
    greetings: tuple[str, ...]
    never: frozenset[str]
    places: tuple[str, ...]
    first: tuple[str, ...]


def names(text: str) -> list[tuple[int, int]]:
    """Where people's names stand (start and end in characters), without their titles."""
    found = (match.span(match.lastgroup or 0) for match in _pattern().finditer(text))
    return sorted((start, end) for start, end in found if _known().never.isdisjoint(text[start:end].split()))


@lru_cache(maxsize=1)
def _known() -> _NamesFile:
    return yaml.load(_FILE, _NamesFile)


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    known = _known()
    titles, greetings, first, places = map(_any, (known.titles, known.greetings, known.first, known.places))
    return re.compile(
        rf"(?<!\w)(?:(?:{titles}) (?:(?:{titles}) )*(?P<title>{_NAME}(?: {_NAME}){{0,2}})"
        rf"|(?:{greetings}),?\s{{1,3}}(?P<closing>{_NAME}(?: {_NAME}){{0,2}})"
        rf"|(?P<pair>(?:{first})(?:-(?:{first}))? (?:[A-Z]\. )?{_NAME}))(?![\w-])(?! ?(?:{places}))"
    )


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))

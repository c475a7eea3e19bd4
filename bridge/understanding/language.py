"""Which language a text is in: German unless its script, letters or small words say otherwise."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from bridge.city import Entry, yaml

_FILE = Path(__file__).with_name("lexicon") / "languages.yaml"
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_LINKS = re.compile(r"(?:https?://|www\.|@|#)\S+")
_LONGEST = 1_000
_FEWEST_WORDS = 3
_LEAD = 1
"""Another language must have so many words more than German has."""
_LETTER = 2
"""A letter only one language has says as much as so many words."""


class _LanguagesFile(Entry):
    scripts: dict[str, str]
    letters: dict[str, str]
    words: dict[str, tuple[str, ...]]


def of(words: Iterable[str]) -> str:
    """The ISO 639-1 code of the language that small-letter `words` are in."""
    said = [word for word in words if _WORD.fullmatch(word)][:_LONGEST]
    known = _known()
    script = _script(said)
    if script in known.scripts:
        letters = Counter(known.letters[c] for c in set("".join(said)) if c in known.letters)
        return letters.most_common(1)[0][0] if letters else known.scripts[script]
    if len(said) < _FEWEST_WORDS:
        return "de"
    spoken = Counter(language for word in said for language in _speakers().get(word, ()))
    for letter in set("".join(said)) & set(known.letters):
        spoken[known.letters[letter]] += _LETTER
    best = max(spoken, key=lambda language: spoken[language], default="de")
    return best if spoken[best] > spoken["de"] + _LEAD else "de" if spoken["de"] >= spoken["en"] else "en"


def of_text(text: str) -> str:
    """The same of a text as written; links, @names and #tags say nothing."""
    return of(match.group().lower() for match in _WORD.finditer(_LINKS.sub(" ", text)))


def _script(words: Iterable[str]) -> str:
    """The script of most letters, as Unicode names it; empty for no letters."""
    names: Counter[str] = Counter()
    for letter, count in Counter("".join(words)).items():
        names[_name(letter)] += count
    return names.most_common(1)[0][0] if names else ""


@lru_cache(maxsize=10_000)
def _name(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


@lru_cache(maxsize=1)
def _known() -> _LanguagesFile:
    return yaml.load(_FILE, _LanguagesFile)


@lru_cache(maxsize=1)
def _speakers() -> dict[str, tuple[str, ...]]:
    words = _known().words
    every = {word for some in words.values() for word in some}
    return {word: tuple(language for language, some in words.items() if word in some) for word in every}

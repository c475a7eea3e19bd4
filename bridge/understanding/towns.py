"""Which other town a text speaks about: named as the place of the matter, not as a direction or an origin."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from bridge.city import Entry, yaml
from bridge.places.normal import Word, key, words

_FILE = Path(__file__).with_name("lexicon") / "cities.yaml"
_LONGEST = 4
"""Words in the name of a town ("Frankfurt am Main")."""
_IN = frozenset({"in", "bei", "nahe"})
_OF = frozenset(
    {
        "stadt",
        "bahnhof",
        "hauptbahnhof",
        "rathaus",
        "markt",
        "marktplatz",
        "stadtpark",
        "zentrum",
        "innenstadt",
    }
    | {"altstadt", "gemeinde", "ortsteil", "schwimmbad", "freibad", "strandbad"}
)
_AWAY = frozenset(
    {"nach", "richtung", "ri", "aus", "von", "bis", "via", "ueber", "gen", "wie", "als", "fc", "sc"}
)
_ORIGIN = frozenset(
    {
        "wohne",
        "wohnt",
        "wohnen",
        "gewohnt",
        "komme",
        "kommt",
        "kommen",
        "lebe",
        "lebt",
        "leben",
        "gelebt",
        "war",
    }
    | {
        "arbeite",
        "arbeiten",
        "studiere",
        "stamme",
        "umgezogen",
        "gezogen",
        "urlaub",
        "besuch",
        "pendler",
        "pendle",
    }
)
_AROUND = 4
"""So many words to either side may say that somebody only comes from there."""


class Town(NamedTuple):
    """A town named in a text, and the characters it was named with."""

    name: str
    start: int
    end: int


class _CitiesFile(Entry):
    cities: tuple[tuple[str, ...], ...]
    everyday: tuple[str, ...]


class OtherTowns:
    """Finds the names of towns that are not ours."""

    def __init__(self, ours: str) -> None:
        self._ours = key(ours)

    def named(self, text: str) -> Town | None:
        """The other town in which the matter lies, or None; ours being the place as well outweighs it."""
        found = words(text)
        towns = [town for first in range(len(found)) if (town := _at(text, found, first))]
        if any(key(town.name) == self._ours for town in towns):
            return None
        return next(iter(towns), None)


def _at(text: str, found: Sequence[Word], first: int) -> Town | None:
    known, everyday, _ = _towns()
    for last, name in reversed(_names(found, first)):
        if _tied(text, found, first, last) and _meant(text, found, first, last, name in everyday):
            return Town(known[name], found[first].start, found[last].end)
    return None


def _names(found: Sequence[Word], first: int) -> list[tuple[int, str]]:
    """The keys of towns that the words from `first` spell, each with its last word."""
    known, _, begun = _towns()
    name, names = "", []
    for last, word in enumerate(found[first : first + _LONGEST], first):
        name += word.fold
        if name not in begun:
            break
        if name in known:
            names.append((last, name))
    return names


def _tied(text: str, found: Sequence[Word], first: int, last: int) -> bool:
    gaps = (text[found[i].end : found[i + 1].start] for i in range(first, last))
    return all(gap in {" ", "-", " (", "/", ""} for gap in gaps)


def _meant(text: str, found: Sequence[Word], first: int, last: int, everyday: bool) -> bool:
    """Whether the words around say that something lies in this town."""
    word, before = found[first], found[first - 1].fold if first else ""
    if before in _AWAY or _only_origin(found, first, last):
        return False
    capital = word.raw[0].isupper()
    if before in _IN and (capital or not everyday):
        return not _numbered(found, last) if everyday else True
    opens = capital and _opens(text, word.start) and _goes_on(text, found[last].end, everyday)
    if everyday:
        return opens
    return opens or word.hashtag or before in _OF or _beside_street(text, found, first, last)


def _only_origin(found: Sequence[Word], first: int, last: int) -> bool:
    around = [*found[max(first - _AROUND, 0) : first], *found[last + 1 : last + 1 + _AROUND]]
    compared = {"wie", "als"} & {word.fold for word in found[max(first - 2, 0) : first]}
    return bool(compared) or any(word.fold in _ORIGIN for word in around)


def _numbered(found: Sequence[Word], last: int) -> bool:
    return last + 1 < len(found) and found[last + 1].raw[0].isdigit()


def _opens(text: str, start: int) -> bool:
    begun = text[:start].rstrip()
    return not begun or begun[-1] in ".!?\n:"


def _goes_on(text: str, end: int, everyday: bool) -> bool:
    following = text[end : end + 2].strip(") ")[:1]
    return following in {",", ":", "-", "("} if not everyday else following in {",", "(", "-"}


def _beside_street(text: str, found: Sequence[Word], first: int, last: int) -> bool:
    """Whether a street stands directly before or behind, with nothing but a comma or bracket between."""
    near: list[Word] = []
    if first and text[found[first - 1].end : found[first].start].strip(" ,(/") == "":
        near += found[max(first - 2, 0) : first]
    if last + 1 < len(found) and text[found[last].end : found[last + 1].start].strip(" ,)/") == "":
        near += found[last + 1 : last + 3]
    return any(word.fold.endswith(("strasse", "allee", "platz", "gasse", "weg")) for word in near)


@lru_cache(maxsize=1)
def _towns() -> tuple[dict[str, str], frozenset[str], frozenset[str]]:
    """Every town by its key, the keys that are everyday words too, and what keys begin with."""
    file = yaml.load(_FILE, _CitiesFile)
    known = {key(name): name for group in (*file.cities, file.everyday) for name in group}
    begun = frozenset(name[:size] for name in known for size in range(1, len(name) + 1))
    return known, frozenset(map(key, file.everyday)), begun

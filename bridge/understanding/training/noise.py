"""Writes texts as people do: other streets in them, no capitals, no umlauts, broken lines."""

import random
import re
from collections.abc import Callable

from bridge.understanding.ner import Name
from bridge.understanding.training.corpora import Example
from bridge.understanding.training.streets import ENDING, Change, Streets, plain

_STREET = "location-street"
_BARE = str.maketrans("äöüßÄÖÜ", "aousAOU")
_HIGHWAY = re.compile(r"#?[ABLK] ?\d+")
_NUMBER = re.compile(r" \d")

Rename = Callable[[str, str, str], str]
"""From a label, a name and the text before it to the name as it shall stand there."""


def changed(example: Example, words: Change, rename: Rename) -> Example:
    """The example with its words and its names written differently."""
    text, names, last = "", [], 0
    for start, end, label in example.names:
        text += words(example.text[last:start])
        name = rename(label, example.text[start:end], text)
        names.append(Name(len(text), len(text) + len(name), label))
        text, last = text + name, end
    return Example(text + words(example.text[last:]), tuple(names), example.half)


def respelt(example: Example, change: Change) -> Example:
    """The example with every part spelt differently."""
    return changed(example, change, lambda _, name, __: change(name))


class Noise:
    """Changes examples by chance."""

    def __init__(self, chance: random.Random, streets: Streets) -> None:
        self._chance, self._streets = chance, streets

    def of_city(self, example: Example) -> Example:
        """An authored sentence as it would arrive: names never heard, spelt in every way."""
        example = self._surface(changed(example, str, self._city_name), 0.4)
        return _without_stops(changed(example, self._broken, lambda _, name, __: name))

    def of_news(self, example: Example) -> Example:
        """A text of a corpus: mostly as it is, sometimes with other streets."""
        if self._chance.random() < 0.4:
            example = changed(example, str, self._other_street)
        return _without_stops(self._surface(example, 0.15))

    def _surface(self, example: Example, often: float) -> Example:
        if self._chance.random() >= often:
            return example
        ways: list[Change] = [str.lower, plain, lambda text: plain(text.lower()), _bare, str.upper]
        return respelt(example, self._chance.choices(ways, (10, 5, 3, 1, 1))[0])

    def _broken(self, text: str) -> str:
        """Lines break after a stop, or the stop falls out."""
        signs = ("{} ",) * 16 + ("{}\n",) * 2 + ("{}\n\n", " ", "{}", "{}  ")
        text = re.sub("([.:!]) ", lambda found: self._chance.choice(signs).format(found[1]), text)
        return text[1:] if _NUMBER.match(text) and self._chance.random() < 0.05 else text

    def _city_name(self, label: str, name: str, before: str) -> str:
        if label == _STREET:
            name = self._streets.spelt(self._streets.name() if self._chance.random() < 0.5 else name)
        return re.sub("[ -]", "", name) if before.endswith("#") else name

    def _other_street(self, label: str, name: str, _: str) -> str:
        if label == _STREET and ENDING.search(name):
            return self._streets.spelt(self._streets.name())
        if label == _STREET and _HIGHWAY.fullmatch(name):
            return re.sub(r"\d+", str(self._chance.randrange(1, 700)), name)
        return name


def _without_stops(example: Example) -> Example:
    """A street ends before the stop of "Str.", as mostly in MobIE."""
    return example._replace(names=tuple(_without_stop(name, example.text) for name in example.names))


def _without_stop(name: Name, text: str) -> Name:
    stop = name.label == _STREET and text.endswith(".", name.start, name.end)
    return name._replace(end=name.end - stop)


def _bare(text: str) -> str:
    return text.translate(_BARE)

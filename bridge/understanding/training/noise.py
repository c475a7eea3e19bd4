"""Writes texts as people do: other streets, abbreviations, no capitals, no umlauts, slips, broken lines."""

import random
import re
from collections.abc import Callable, Sequence

from bridge.understanding.ner import Name
from bridge.understanding.training.corpora import Example

_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
_BARE = {"ä": "a", "ö": "o", "ü": "u", "ß": "s", "Ä": "A", "Ö": "O", "Ü": "U"}
_KINDS = "straße weg platz allee gasse ring damm ufer steig hof graben stieg pfad chaussee twiete markt berg"
_ENDING = re.compile(rf"(?i)(?P<joint>[ -]?)(?:{_KINDS.replace(' ', '|')})$")
_ENDINGS = [
    *["straße"] * 20,
    *["weg"] * 8,
    *_KINDS.split(),
    *["tal", "feld", "halde", "rain", "äcker", "wiesen", "tor", "brücke"],
]
_BEGINNINGS = (
    "Am",
    "Im",
    "Zum",
    "Zur",
    "An der",
    "Auf dem",
    "In den",
    "Hinter dem",
    "Obere",
    "Untere",
    "Lange",
)
_NUMBER = re.compile(r" \d")
_STRASSE = re.compile("(?<=tr)aße$")

Change = Callable[[str], str]
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
    """Changes examples by chance; `streets` are the names that may stand for others."""

    def __init__(self, chance: random.Random, streets: Sequence[str]) -> None:
        self._chance, self._streets = chance, streets
        cut = [(name[: match.start()], match["joint"]) for name in streets if (match := _ENDING.search(name))]
        self._stems = [(stem, joint) for stem, joint in cut if len(stem) > 2]

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
        ways: list[Change] = [str.lower, _plain, lambda text: _plain(text.lower()), _bare, str.upper]
        return respelt(example, self._chance.choices(ways, (10, 5, 3, 1, 1))[0])

    def _broken(self, text: str) -> str:
        """Lines break after a stop, or the stop falls out."""
        signs = ("{} ",) * 16 + ("{}\n",) * 2 + ("{}\n\n", " ", "{}", "{}  ")
        text = re.sub("([.:!]) ", lambda found: self._chance.choice(signs).format(found[1]), text)
        return text[1:] if _NUMBER.match(text) and self._chance.random() < 0.05 else text

    def _city_name(self, label: str, name: str, before: str) -> str:
        if label == "location-street":
            name = self.spelt(self.street() if self._chance.random() < 0.5 else name)
        return re.sub("[ -]", "", name) if before.endswith("#") else name

    def _other_street(self, label: str, name: str, _: str) -> str:
        return self.spelt(self.street()) if label == "location-street" and _ENDING.search(name) else name

    def street(self) -> str:
        """A street's name: of the list, with another ending or beginning, or of halves that never met."""
        dice = self._chance.random()
        if dice < 0.25:
            return self._chance.choice(self._streets)
        stem, joint = self._chance.choice(self._stems)
        if dice > 0.7 and not joint:
            other, _ = self._chance.choice(self._stems)
            stem = stem[: len(stem) // 2 + 1] + other[len(other) // 2 :].lower()
        if dice > 0.9 and not joint:
            return f"{self._chance.choice(_BEGINNINGS)} {stem}"
        ending = self._chance.choice(_ENDINGS)
        return f"{stem}{joint}{ending.capitalize() if joint else ending}"

    def spelt(self, name: str) -> str:
        """A name with its street short, old or wrong, and now and then a slip."""
        ways: list[Change] = [str, _short, _stopped, _old, str.lower, _plain]
        name = self._chance.choices(ways, (50, 8, 20, 8, 9, 5))[0](name)
        return self._slip(name) if self._chance.random() < 0.08 else name

    def _slip(self, name: str) -> str:
        at = self._chance.randrange(1, len(name))
        if self._chance.random() < 0.4:
            return re.sub("[ -]", self._chance.choice(("", " ")), name)
        rest = (name[at - 1] + name[at:], name[at + 1 :], name[at : at + 2][::-1] + name[at + 2 :])
        return name[:at] + self._chance.choice(rest)


def _without_stops(example: Example) -> Example:
    """A name ends before the stop of "Str.", as mostly in MobIE."""
    names = (
        Name(n.start, n.end - example.text.endswith(".", n.start, n.end), n.label) for n in example.names
    )
    return example._replace(names=tuple(names))


def _short(name: str) -> str:
    return _STRASSE.sub("", name)


def _stopped(name: str) -> str:
    return _STRASSE.sub(".", name)


def _old(name: str) -> str:
    return _STRASSE.sub("asse", name)


def _plain(text: str) -> str:
    return "".join(_UMLAUTS.get(sign, sign) for sign in text)


def _bare(text: str) -> str:
    return "".join(_BARE.get(sign, sign) for sign in text)

"""Invents names of streets and spells them as people do."""

import random
import re
from collections.abc import Callable, Sequence

_KINDS = "straße weg platz allee gasse ring damm ufer steig hof graben stieg pfad chaussee twiete markt berg"
ENDING = re.compile(rf"(?i)(?P<joint>[ -]?)(?:{_KINDS.replace(' ', '|')})$")
_RARE = """
    tal feld halde rain äcker wiesen tor brücke blick hang gang steg kamp grund bruch busch heide au
    anger leite winkel zeile reihe wall kehre stiege schanze garten stätte höhe weiher eck
"""
_ENDINGS = [*["straße"] * 30, *["weg"] * 12, *_KINDS.split() * 2, *_RARE.split()]
_BEGINNINGS = ["Am", "Im", "Zum", "Zur", "An der", "Auf dem", "In den", "Hinter dem", "Obere", "Untere"]
_STRASSE = re.compile("(?<=tr)aße$")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})

Change = Callable[[str], str]


class Streets:
    """Makes street names by chance out of those of `names`."""

    def __init__(self, chance: random.Random, names: Sequence[str]) -> None:
        self._chance, self._names = chance, names
        cut = [(name[: match.start()], match["joint"]) for name in names if (match := ENDING.search(name))]
        self._stems = [(stem, joint) for stem, joint in cut if len(stem) > 2]

    def name(self) -> str:
        """A street's name: of the list, with another ending or beginning, or of halves that never met."""
        dice = self._chance.random()
        if dice < 0.25:
            return self._chance.choice(self._names)
        stem, joint = self._chance.choice(self._stems)
        if dice > 0.6:
            stem = self._crossed(stem, joint)
        if dice > 0.9 and not joint:
            return f"{self._chance.choice(_BEGINNINGS)} {stem}"
        ending = self._chance.choice(_ENDINGS)
        return f"{stem}{joint}{ending.capitalize() if joint else ending}"

    def _crossed(self, stem: str, joint: str) -> str:
        """The beginning of this stem and the end of another that is built alike."""
        other = self._chance.choice([one for one, its in self._stems if its == joint])
        if joint == "-":
            return f"{stem.partition('-')[0]}-{other.rpartition('-')[2]}"
        return other if joint else stem[: len(stem) // 2 + 1] + other[len(other) // 2 :].lower()

    def spelt(self, name: str) -> str:
        """A name with its street short, old or wrong, and now and then a slip."""
        ways: list[Change] = [str, _short, _stopped, _old, str.lower, plain, _loose]
        name = self._chance.choices(ways, (50, 8, 18, 8, 8, 4, 4))[0](name)
        return self._slip(name) if self._chance.random() < 0.08 else name

    def _slip(self, name: str) -> str:
        at = self._chance.randrange(1, len(name))
        if self._chance.random() < 0.4:
            return re.sub("[ -]", self._chance.choice(("", " ")), name)
        rest = (name[at - 1] + name[at:], name[at + 1 :], name[at : at + 2][::-1] + name[at + 2 :])
        return name[:at] + self._chance.choice(rest)


def _loose(name: str) -> str:
    return _short(name.replace("-", " "))


def _short(name: str) -> str:
    return _STRASSE.sub("", name)


def _stopped(name: str) -> str:
    return _STRASSE.sub(".", name)


def _old(name: str) -> str:
    return _STRASSE.sub("asse", name)


def plain(text: str) -> str:
    """The text without umlauts."""
    return text.translate(_UMLAUTS)

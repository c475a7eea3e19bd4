"""Whether a life is in danger now: by the city's rules, or by what was learned from many such messages."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from bridge.understanding import offence
from bridge.understanding.dangers import Danger, Reading, Rules
from bridge.understanding.hashed import Floats, Grams, Word

FEATURES = ("loud",)
LISTS = ("past", "supposed", "told", "asked", "animal", "over", "thing")
"""The lists of `unless` the model knows; a city may have others, which serve its rules only."""
_SURE = 1.0
_ENOUGH, _ALONE = 0.45, 0.6
"""How likely it must be where the rules see signs, and where they see none.

Low, since a needless "call 112" does less harm than a missing one.
"""
_SCALE = 0.2


class Alarm(NamedTuple):
    """Why an alarm is given: the words, where they stand, the rule's reason (or none) and the chance."""

    because: str
    written: str
    words: str
    start: int
    end: int
    chance: float


def find(text: str, words: Sequence[Word], grams: Grams, rules: Rules) -> list[Alarm]:
    """The dangers to life told in `text`, whose words and n-grams are given; usually none."""
    reading = rules.read(text, words)
    sure = [danger for danger in reading.dangers if danger.sure]
    if sure:
        return list(_alarms(text, words, sure, _SURE))
    chance = offence.model().probabilities("danger", grams, dense(text, reading))["yes"]
    if not words or chance < (_ENOUGH if reading.dangers else _ALONE):
        return []
    signs = list(_alarms(text, words, reading.dangers, chance))
    return signs or [Alarm("", "learned", text, 0, len(text), chance)]


def _alarms(text: str, words: Sequence[Word], dangers: Sequence[Danger], chance: float) -> Iterator[Alarm]:
    for danger in dangers:
        start, end = words[danger.first].start, words[danger.last].end
        yield Alarm(danger.because, danger.written, text[start:end], start, end, chance)


def dense(text: str, reading: Reading) -> Floats:
    """What the model sees beside the n-grams, [len(FEATURES) + len(LISTS)].

    Not the dangers: the rules know the authored sentences by heart, and the model would only repeat them.
    """
    told = [text.count("!") > 1, *(name in reading.unless for name in LISTS)]
    return np.array(told, dtype=np.float32) * _SCALE

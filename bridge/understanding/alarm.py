"""Whether a life is in danger now: by the city's rules, or by what was learned from many such messages."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from bridge.understanding import offence
from bridge.understanding.dangers import Danger, Reading, Rules
from bridge.understanding.hashed import Floats, Grams, Word

FEATURES = ("sure", "signs", "number", "loud", "short")
LISTS = ("past", "supposed", "told", "asked", "animal")
"""The lists of `unless` the model knows; a city may have others, which serve its rules only."""
_SURE = 1.0
_ENOUGH = 0.35
"""Low, since a needless "call 112" does less harm than a missing one."""
_SHORT = 6
_SCALE = 0.05


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
    chance = offence.model().probabilities("danger", grams, dense(text, words, reading))["yes"]
    if not words or chance < _ENOUGH:
        return []
    signs = list(_alarms(text, words, reading.dangers, chance))
    return signs or [Alarm("", "learned", text, 0, len(text), chance)]


def _alarms(text: str, words: Sequence[Word], dangers: Sequence[Danger], chance: float) -> Iterator[Alarm]:
    for danger in dangers:
        start, end = words[danger.first].start, words[danger.last].end
        yield Alarm(danger.because, danger.written, text[start:end], start, end, chance)


def dense(text: str, words: Sequence[Word], reading: Reading) -> Floats:
    """What the model sees beside the n-grams, [len(FEATURES) + len(LISTS)]."""
    dangers = reading.dangers
    told = [
        any(danger.sure for danger in dangers),
        any(not danger.sure for danger in dangers),
        np.log1p(len(dangers)),
        text.count("!") > 1,
        len(words) < _SHORT,
        *(name in reading.unless for name in LISTS),
    ]
    return np.array(told, dtype=np.float32) * _SCALE

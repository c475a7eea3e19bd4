"""Who is hurt: whether a sentence insults, threatens or incites, and by which words."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from bridge.domain import Flag
from bridge.understanding import insults, masked, sentences
from bridge.understanding.hashed import Floats, Word
from bridge.understanding.insults import Hurt
from bridge.understanding.model import WEIGHTS as FOLDER
from bridge.understanding.model import Model, grams, load

WEIGHTS = FOLDER / "offence.npz"
PLAIN = "plain"
_SURE = 0.4
_ADDRESSED = "you"
"""A sentence with no word that hurts and nobody addressed hurts nobody; it is not looked at closer."""


class Offence(NamedTuple):
    """A sentence that hurts: the words that did it, where they stand, and how sure we are."""

    flag: Flag
    words: str
    start: int
    end: int
    chance: float


def find(text: str, words: Sequence[Word]) -> list[Offence]:
    """The sentences of `text` that insult, threaten or incite; `words` are its `hashed.words`."""
    found = []
    words = masked.whole(text, words, insults.lexicon().coarse)
    for sentence in sentences.split(text, words):
        part = words[sentence.start : sentence.stop]
        hurts = insults.lexicon().find(part)
        if not any(hurt.meaning.strength or hurt.meaning.group == _ADDRESSED for hurt in hurts):
            continue
        chances = model().probabilities("tone", grams(part), _dense(hurts, len(part)))
        flag = max((name for name in chances if name != PLAIN), key=lambda name: chances[name])
        if 1 - chances[PLAIN] >= _SURE:
            start, end = _span(part, hurts)
            found.append(Offence(Flag(flag), text[start:end], start, end, 1 - chances[PLAIN]))
    return found


def chance(words: Sequence[Word]) -> float:
    """How likely people would call a whole post offensive, whatever it is about (0 to 1)."""
    return model().probabilities("offence", grams(words), dense(words))["OFFENSE"]


def dense(words: Sequence[Word]) -> Floats:
    """The lexicon's features of one sentence or post."""
    return _dense(insults.lexicon().find(words), len(words))


def _dense(hurts: Sequence[Hurt], words: int) -> Floats:
    strengths = sum(hurt.meaning.strength for hurt in hurts)
    told = insults.lexicon().dense(hurts, words)
    return np.append(told, np.log1p(strengths)).astype(np.float32) * _SCALE


_SCALE = 0.3
"""How much the lexicon's features weigh beside the n-grams while learning."""


def _span(words: Sequence[Word], hurts: Sequence[Hurt]) -> tuple[int, int]:
    """The strongest words of the lexicon, or else the sentence."""
    worst = max(hurts, key=lambda hurt: hurt.meaning.strength, default=None)
    if worst is None or not worst.meaning.strength:
        return words[0].start, words[-1].end
    return words[worst.first].start, words[worst.end - 1].end


@lru_cache(maxsize=1)
def model() -> Model:
    """The shipped model, read once a process; it answers `tone`, `offence` and `danger`."""
    return load(WEIGHTS)

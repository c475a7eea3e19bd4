"""What the model thinks of one text: how likely each kind and category is, and the words that made it so."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Literal

import numpy as np

from bridge.domain import Evidence
from bridge.understanding import features
from bridge.understanding.clues import Hit
from bridge.understanding.hashed import Word
from bridge.understanding.model import Model, grams

_MOST = 4
_LEAST = 0.02
"""A word that moved the score by less is not worth naming."""


class Thought:
    """One text under the model: its words and the lexicon's hits; `allowed` are the city's categories."""

    def __init__(
        self, model: Model, words: Sequence[Word], hits: Iterable[Hit], allowed: Collection[str]
    ) -> None:
        self._model, self._words, self.grams = model, words, grams(words)
        dense = features.dense(hits, model.about["dense"])
        self.kinds = model.probabilities("kind", self.grams, dense)
        """The chance of each kind, the likeliest first."""
        categories = model.probabilities("category", self.grams, dense, allowed)
        self.ranked = tuple(categories.items())
        """The city's categories with their chances, the likeliest first."""

    def words_for(self, question: Literal["kind", "category"], answer: str, text: str) -> Iterator[Evidence]:
        """The words of `text` that spoke loudest for an answer, in the order of their weight."""
        spoken = self._model.by_word(question, answer, self.grams, len(self._words))
        for i in np.argsort(-spoken, kind="stable")[:_MOST]:
            word = self._words[i]
            if spoken[i] >= _LEAST:
                yield Evidence(
                    about=question,
                    value=answer,
                    because="learned",
                    words=text[word.start : word.end],
                    start=word.start,
                    end=word.end,
                    score=round(float(spoken[i]), 3),
                )

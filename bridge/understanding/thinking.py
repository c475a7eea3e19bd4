"""What the model thinks of one text: how likely each kind and category is, and the words that made it so."""

from collections.abc import Collection, Iterator
from typing import Literal

from spacy.tokens import Doc

from bridge.domain import Evidence
from bridge.understanding import features, hashed
from bridge.understanding.model import SIZES, Model

_MOST = 4
_LEAST = 0.02
"""A word that moved the score by less is not worth naming."""


class Thought:
    """One text under the model; `allowed` are the city's categories."""

    def __init__(self, model: Model, doc: Doc, allowed: Collection[str]) -> None:
        self._model, self._text = model, doc.text
        self._words = hashed.words(doc.text, doc._.places)
        self._grams = hashed.grams(self._words, SIZES, model.bits)
        dense = features.dense(doc._.hits, model.about["dense"])
        self.kinds = model.probabilities("kind", self._grams, dense)
        """The chance of each kind, the likeliest first."""
        categories = model.probabilities("category", self._grams, dense, allowed)
        self.ranked = tuple(categories.items())
        """The city's categories with their chances, the likeliest first."""

    def words_for(self, question: Literal["kind", "category"], answer: str) -> Iterator[Evidence]:
        """The words that spoke loudest for an answer, in the order of their weight."""
        spoken = self._model.by_word(question, answer, self._grams, len(self._words))
        for i in sorted(range(len(spoken)), key=lambda i: -spoken[i])[:_MOST]:
            word = self._words[i]
            if spoken[i] >= _LEAST:
                yield Evidence(
                    about=question,
                    value=answer,
                    because="learned",
                    words=self._text[word.start : word.end],
                    start=word.start,
                    end=word.end,
                    score=round(float(spoken[i]), 3),
                )

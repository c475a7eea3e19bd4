"""What the model reads of a text beside its n-grams: how much the lexicon's clues speak for each label."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from bridge.understanding.clues import Hit, lexicon
from bridge.understanding.hashed import Floats

_ABOUT = {"categories", "kinds", "flags"}
_FULL = 8.0
"""What a clue's weight is divided by: clues may help, the n-grams shall decide."""


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """The features in their order, such as `categories/litter`."""
    return tuple(sorted({f"{clue.about}/{clue.label}" for clue in lexicon()}))


def dense(hits: Iterable[Hit], order: Sequence[str]) -> Floats:
    """The features of one text, [len(order)]: the strongest clue in full, each further one half as much."""
    weights: dict[str, dict[int, float]] = {}
    for hit in hits:
        if hit.clue.about in _ABOUT:
            by_token = weights.setdefault(f"{hit.clue.about}/{hit.clue.label}", {})
            by_token[hit.token] = max(by_token.get(hit.token, 0.0), hit.clue.weight)
    full = {name: _sum(by_token.values()) / _FULL for name, by_token in weights.items()}
    return np.array([full.get(name, 0.0) for name in order], dtype=np.float32)


def _sum(given: Iterable[float]) -> float:
    return sum(weight * 0.5**place for place, weight in enumerate(sorted(given, reverse=True)))

"""What the matter is: each category by the weights of its clues."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from bridge.understanding.clues import Hit

OTHER = "other"
_GUESS = 0.3


class Ranked(NamedTuple):
    """One category with its weight and the hits that gave it."""

    code: str
    weight: float
    hits: tuple[Hit, ...]


def rank(hits: Iterable[Hit], allowed: Collection[str]) -> list[Ranked]:
    """The categories some clue speaks for, strongest first; a word counts once, with its best clue."""
    best: dict[str, dict[int, Hit]] = defaultdict(dict)
    for hit in hits:
        if hit.clue.about != "categories" or hit.clue.label not in allowed:
            continue
        known = best[hit.clue.label].get(hit.token)
        if known is None or hit.clue.weight > known.clue.weight:
            best[hit.clue.label][hit.token] = hit
    ranked = [
        Ranked(code, _weight(by_token.values()), tuple(by_token.values())) for code, by_token in best.items()
    ]
    return sorted(ranked, key=lambda one: (-one.weight, one.code))


def confidence(ranked: list[Ranked]) -> float:
    """How far to trust the first: its lead over the second and its own weight."""
    if not ranked:
        return _GUESS
    second = ranked[1].weight if len(ranked) > 1 else 0.0
    return round(ranked[0].weight / (ranked[0].weight + second + 1), 2)


def _weight(hits: Iterable[Hit]) -> float:
    """The strongest clue counts in full, each further one half as much, so that lists do not win."""
    weights = sorted((hit.clue.weight for hit in hits), reverse=True)
    return sum(weight * 0.5**place for place, weight in enumerate(weights))

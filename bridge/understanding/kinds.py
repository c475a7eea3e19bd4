"""What a message is: the kinds by their clues, emergencies first, insults last."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from bridge.domain import Flag, Kind
from bridge.understanding.clues import Hit

OFFENCES = frozenset({Flag.INSULT, Flag.THREAT, Flag.INCITEMENT})
_LEAST = 1.0
_SENTENCE = 4
"""Whoever writes so many words to the city, none of them known, is heard: better unclear than folded away."""
_CONTENT = 3.0
"""An offensive message with so much of a report in it is a report."""
_ORDER = [Kind.REPORT, Kind.QUESTION, Kind.FEEDBACK, Kind.IRRELEVANT]


class Features(NamedTuple):
    """What else speaks for a kind: the weight of the best category, the confidence of the place, ..."""

    question_mark: bool
    matter: float
    place: float
    offensive: bool
    plates: bool
    words: int


def decide(hits: Iterable[Hit], features: Features) -> tuple[Kind, float]:
    """The kind (never an emergency, whose rules come first) and how sure we are of it."""
    scores = _scores(hits)
    wrong = scores[Kind.REPORT]
    scores[Kind.REPORT] += (
        min(features.matter, 5) * (0.6 if wrong else 0.4) + features.place * 1.5 + features.plates
    )
    if features.question_mark and (scores[Kind.QUESTION] or not wrong):
        scores[Kind.QUESTION] += 2
    if features.offensive and scores[Kind.REPORT] < _CONTENT:
        return Kind.ABUSE, 0.8
    first, second = sorted(_ORDER, key=lambda kind: -scores[kind])[:2]
    if scores[first] < _LEAST:
        said = features.words >= _SENTENCE and not scores[Kind.IRRELEVANT]
        return (Kind.REPORT, 0.3) if said else (Kind.IRRELEVANT, 0.5)
    return first, round(scores[first] / (scores[first] + scores[second] + 0.5), 2)


def _scores(hits: Iterable[Hit]) -> dict[Kind, float]:
    """The strongest clue of each kind in full, each further one by half."""
    weights: dict[Kind, list[float]] = defaultdict(list)
    for hit in hits:
        if hit.clue.about == "kinds":
            weights[Kind(hit.clue.label)].append(hit.clue.weight)
    return defaultdict(
        float,
        {
            kind: sum(weight * 0.5**place for place, weight in enumerate(sorted(given, reverse=True)))
            for kind, given in weights.items()
        },
    )

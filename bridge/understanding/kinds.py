"""What a message is: the likeliest kind, in doubt a report, since a report folded away is never answered."""

from collections.abc import Mapping

from bridge.domain import Kind

_ENOUGH = 0.4
"""A message so likely to be a report is treated as one."""
_CERTAIN_MATTER, _POSSIBLE = 0.9, 0.15
"""Curt additions ("Und ein Sofa") have little of a report but its matter: so certain a one is enough."""


def decide(chances: Mapping[str, float], *, matter: float, words: bool) -> tuple[Kind, float]:
    """The kind (never an emergency: its rules come first) and its chance.

    `matter` is the chance of the likeliest category, `words` whether there are any.
    """
    if not words:
        return Kind.IRRELEVANT, 1.0
    report = chances[Kind.REPORT]
    if report >= _ENOUGH or (matter >= _CERTAIN_MATTER and report >= _POSSIBLE):
        return Kind.REPORT, report
    kind = max(chances, key=lambda each: chances[each])
    return Kind(kind), chances[kind]

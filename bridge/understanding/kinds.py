"""What a message is: the likeliest kind, in doubt a report, since a report folded away is never answered."""

from collections.abc import Mapping

from bridge.domain import Flag, Kind

OFFENCES = frozenset({Flag.INSULT, Flag.THREAT, Flag.INCITEMENT})
_ENOUGH = 0.4
"""A message so likely to be a report is treated as one."""


def decide(chances: Mapping[str, float], *, words: bool) -> tuple[Kind, float]:
    """The kind (never an emergency: its rules come first) and its chance; `words`: whether there are any."""
    if not words:
        return Kind.IRRELEVANT, 1.0
    if chances[Kind.REPORT] >= _ENOUGH:
        return Kind.REPORT, chances[Kind.REPORT]
    kind = max(chances, key=lambda each: chances[each])
    return Kind(kind), chances[kind]

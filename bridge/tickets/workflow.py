"""The states of a ticket and the moves that are allowed, as one dict."""

from bridge.domain import BridgeError, ClockKind, TicketStatus

S = TicketStatus

PRESS = "press"
"""The department of the press desk: its tickets are worked on here and handed to nobody."""

TOO_LATE = "too late to help"
"""Why a hand-over was dropped that nobody could have used any more; the word that tells it begins so, too."""

FINAL = frozenset({S.RESOLVED, S.REJECTED, S.DUPLICATE})
"""Closed: nothing is expected any more, only reopening."""

WITH_DEPARTMENT = frozenset({S.ROUTED, S.DELIVERED, S.ACCEPTED, S.IN_PROGRESS, S.SCHEDULED})

PUBLIC = frozenset({S.ACCEPTED, S.IN_PROGRESS, S.SCHEDULED, S.RESOLVED, S.REJECTED, S.DUPLICATE, S.REOPENED})
"""The citizen is told of these in the thread."""

_BEFORE_WORK = {S.NEEDS_INFO, S.NEEDS_DECISION, S.ROUTED, *FINAL}
_AT_WORK = {S.ACCEPTED, S.IN_PROGRESS, S.SCHEDULED, S.NEEDS_INFO, S.NEEDS_DECISION, S.ROUTED, *FINAL}

ALLOWED: dict[TicketStatus, frozenset[TicketStatus]] = {
    S.RECEIVED: frozenset(_BEFORE_WORK),
    S.NEEDS_INFO: frozenset({S.DELIVERED} | _BEFORE_WORK | _AT_WORK),
    S.NEEDS_DECISION: frozenset({S.DELIVERED, S.UNDELIVERABLE} | _BEFORE_WORK | _AT_WORK),
    S.ROUTED: frozenset({S.DELIVERED, S.UNDELIVERABLE} | _AT_WORK),
    S.DELIVERED: frozenset({S.UNDELIVERABLE} | _AT_WORK),
    S.ACCEPTED: frozenset(_AT_WORK),
    S.IN_PROGRESS: frozenset(_AT_WORK),
    S.SCHEDULED: frozenset(_AT_WORK),
    S.UNDELIVERABLE: frozenset(_BEFORE_WORK | {S.DELIVERED}),
    S.RESOLVED: frozenset({S.REOPENED}),
    S.REJECTED: frozenset({S.REOPENED}),
    S.DUPLICATE: frozenset({S.REOPENED}),
    S.REOPENED: frozenset(_BEFORE_WORK | _AT_WORK),
}


OWED: dict[TicketStatus, frozenset[ClockKind]] = {
    S.DELIVERED: frozenset(ClockKind),
    **dict.fromkeys((S.ACCEPTED, S.IN_PROGRESS, S.SCHEDULED), frozenset({ClockKind.OUTCOME})),
    **dict.fromkeys(FINAL, frozenset()),
}
"""What its department owes in a state; where a state is not listed, it owes what it owed before."""

STOPS_CLOCKS = frozenset({S.NEEDS_INFO, S.NEEDS_DECISION, S.UNDELIVERABLE, S.REOPENED})
"""Here somebody else has to act, and no time of the department runs out."""


class MoveNotAllowedError(BridgeError):
    """The ticket cannot go from where it stands to where somebody wants it."""


def check(now: TicketStatus, wanted: TicketStatus) -> None:
    """Raise `MoveNotAllowedError` unless `wanted` may follow `now`."""
    if wanted not in ALLOWED[now]:
        raise MoveNotAllowedError(f"a ticket that is {now} cannot become {wanted}")


def is_open(status: TicketStatus) -> bool:
    """Whether anybody still has to do something."""
    return status not in FINAL

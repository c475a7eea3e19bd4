"""The states of a ticket and the moves that are allowed, as one dict."""

from bridge.domain import BridgeError, TicketStatus

S = TicketStatus

FINAL = frozenset({S.RESOLVED, S.REJECTED, S.DUPLICATE})
"""Closed: nothing is expected any more, only reopening."""

WITH_DEPARTMENT = frozenset({S.ROUTED, S.DELIVERED, S.ACCEPTED, S.IN_PROGRESS, S.SCHEDULED})

PUBLIC = frozenset({S.ACCEPTED, S.IN_PROGRESS, S.SCHEDULED, S.RESOLVED, S.REJECTED, S.DUPLICATE, S.REOPENED})
"""The citizen is told of these in the thread."""

_BEFORE_WORK = {S.NEEDS_INFO, S.NEEDS_DECISION, S.ROUTED, *FINAL}
_AT_WORK = {S.ACCEPTED, S.IN_PROGRESS, S.SCHEDULED, S.NEEDS_INFO, S.NEEDS_DECISION, S.ROUTED, *FINAL}

ALLOWED: dict[TicketStatus, frozenset[TicketStatus]] = {
    S.RECEIVED: frozenset(_BEFORE_WORK),
    S.NEEDS_INFO: frozenset(_BEFORE_WORK),
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


class MoveNotAllowedError(BridgeError):
    """The ticket cannot go from where it stands to where somebody wants it."""


def check(now: TicketStatus, wanted: TicketStatus) -> None:
    """Raise `MoveNotAllowedError` unless `wanted` may follow `now`."""
    if wanted not in ALLOWED[now]:
        raise MoveNotAllowedError(f"a ticket that is {now} cannot become {wanted}")


def is_open(status: TicketStatus) -> bool:
    """Whether anybody still has to do something."""
    return status not in FINAL

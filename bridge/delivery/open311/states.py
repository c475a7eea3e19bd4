"""What the states of other systems mean here, and ours there: the words of GeoReport and of FixMyStreet."""

import re

from bridge.domain import TicketStatus

S = TicketStatus

_OPEN = frozenset({"open", "confirmed", "received", "submitted"})
_MEANS = {
    "investigating": S.ACCEPTED,
    "for_triage": S.ACCEPTED,
    "internal_referral": S.ACCEPTED,
    "in_progress": S.IN_PROGRESS,
    "in_process": S.IN_PROGRESS,
    "action_scheduled": S.SCHEDULED,
    "fixed": S.RESOLVED,
    "fixed_council": S.RESOLVED,
    "processed": S.RESOLVED,
    "closed": S.RESOLVED,
    "duplicate": S.DUPLICATE,
    "no_further_action": S.REJECTED,
    "unable_to_fix": S.REJECTED,
    "cancelled": S.REJECTED,
    "rejected": S.REJECTED,
    "not_councils_responsibility": S.NEEDS_DECISION,
    "not_responsible": S.NEEDS_DECISION,
    "reopen": S.REOPENED,
    "reopened": S.REOPENED,
}
FINAL = frozenset({S.RESOLVED, S.REJECTED, S.DUPLICATE})
SAYS = {
    S.ACCEPTED: "INVESTIGATING",
    S.IN_PROGRESS: "IN_PROGRESS",
    S.SCHEDULED: "ACTION_SCHEDULED",
    S.RESOLVED: "FIXED",
    S.REJECTED: "NO_FURTHER_ACTION",
    S.DUPLICATE: "DUPLICATE",
    S.REOPENED: "REOPEN",
}
"""Our public states in the update extension; every other one is OPEN."""
DETAILED = {
    S.ACCEPTED: "IN_PROCESS",
    S.IN_PROGRESS: "IN_PROCESS",
    S.SCHEDULED: "IN_PROCESS",
    S.RESOLVED: "PROCESSED",
    S.REJECTED: "REJECTED",
    S.DUPLICATE: "REJECTED",
}
"""Our states in CitySDK's `detailed_status`; every other one is RECEIVED."""


def means(said: str, now: TicketStatus, words: str) -> TicketStatus | None:
    """What a state makes of a ticket that is `now`; None for a word nobody knows.

    A plain `open` opens again what was closed; else it says nothing new, but that whoever adds `words` has
    taken it up.
    """
    word = re.sub(r"[^a-z]+", "_", said.lower()).strip("_")
    if word in _OPEN:
        if now in FINAL:
            return S.REOPENED
        return S.ACCEPTED if words and now in {S.ROUTED, S.DELIVERED} else now
    if word == "closed" and now in FINAL:
        return now
    return _MEANS.get(word)

"""Routing: what was decided about a ticket is written in one transaction with all that follows from it."""

import secrets
from datetime import datetime, timedelta

from sqlmodel import Session, col, select, update

from bridge.domain import Automation, Cause, DecisionReason, SendState, Step, TicketStatus, Value, Visibility
from bridge.tickets.book._common import BRIDGE, insert_new, move, note
from bridge.tickets.claims import Claim, hold, settle
from bridge.tickets.session import writing
from bridge.tickets.tables import DeliveryRow, SentReplyRow, TicketRow
from bridge.tickets.types import utcnow
from bridge.tickets.views import Thread

PRIORITY: dict[Cause, int] = {
    Cause.EMERGENCY: 0,
    Cause.STAFF: 2,
    Cause.STATUS: 3,
    Cause.QUESTION: 4,
    Cause.ACKNOWLEDGEMENT: 5,
}
DIRECT_PRIORITY = 1
"""Direct messages go out right after emergencies."""


class Draft(Value):
    """A reply somebody or something wants to send in one conversation."""

    thread: Thread
    cause: Cause
    cause_id: str
    variant: str
    text: str
    language: str
    visibility: Visibility
    automation: Automation = Automation.AUTOMATIC
    best_before: datetime | None = None


class Parcel(Value):
    """A hand-over somebody or something wants to make."""

    department: str
    reason: str
    automation: Automation = Automation.AUTOMATIC
    due_at: datetime | None = None


class Decision(Value):
    """What becomes of a ticket: where it stands, who must act, why, and what is sent."""

    status: TicketStatus
    reason: DecisionReason | None = None
    department: str | None = None
    rule: str | None = None
    because: str = ""
    asked: bool = False
    drafts: tuple[Draft, ...] = ()
    parcels: tuple[Parcel, ...] = ()


def decide(claim: Claim, decision: Decision) -> None:
    """Write a decision; replies and hand-overs that were made before stay as they are."""
    with writing() as session:
        ticket: TicketRow = hold(session, claim)
        assert ticket.id is not None
        settle(ticket)
        if move(session, ticket, decision.status, BRIDGE, reason=decision.reason):
            note(session, ticket.id, BRIDGE, "routed", decision.model_dump(mode="json", exclude={"drafts"}))
        ticket.department, ticket.rule, ticket.because = decision.department, decision.rule, decision.because
        ticket.questions += decision.asked
        if not decision.asked:
            _drop_unsent_questions(session, ticket.id)
        _drop_unsent_parcels(session, ticket.id, {p.department for p in decision.parcels})
        for draft in decision.drafts:
            write_reply(session, draft, ticket.id)
        for parcel in decision.parcels:
            _write_parcel(session, ticket, parcel)


def write_reply(session: Session, draft: Draft, ticket_id: int | None) -> int | None:
    """Write a reply unless the same cause was answered in that conversation before; its id if it is new."""
    direct = draft.visibility is Visibility.DIRECT
    urgent = draft.cause is not Cause.EMERGENCY and direct
    state, error = _state_of(draft.automation)
    return insert_new(
        session,
        SentReplyRow,
        {
            **draft.model_dump(exclude={"thread"}),
            "city_account_id": draft.thread.account_id,
            "conversation_id": draft.thread.conversation_id,
            "message_id": draft.thread.message_id,
            "ticket_id": ticket_id,
            "priority": DIRECT_PRIORITY if urgent else PRIORITY[draft.cause],
            "state": state,
            "error": error,
            "step": Step.REPLY if state is SendState.PENDING else None,
            "idempotency_key": secrets.token_hex(16),
        },
    )


def _write_parcel(session: Session, ticket: TicketRow, parcel: Parcel) -> None:
    state, error = _state_of(parcel.automation)
    assert ticket.id is not None
    insert_new(
        session,
        DeliveryRow,
        {
            "ticket_id": ticket.id,
            "department": parcel.department,
            "reason": parcel.reason,
            "revision": ticket.revision,
            "state": state,
            "error": error,
            "step": Step.DELIVER if state is SendState.PENDING else None,
            "due_at": parcel.due_at or utcnow(),
            "message_id": secrets.token_hex(16),
        },
    )


def _state_of(automation: Automation) -> tuple[SendState, str]:
    if automation is Automation.AUTOMATIC:
        return SendState.PENDING, ""
    if automation is Automation.SUGGEST:
        return SendState.NEEDS_DECISION, ""
    return SendState.DROPPED, "shadow: this would have been sent"


def _drop_unsent_questions(session: Session, ticket_id: int) -> None:
    session.exec(
        update(SentReplyRow)
        .where(
            col(SentReplyRow.ticket_id) == ticket_id,
            col(SentReplyRow.cause) == Cause.QUESTION,
            col(SentReplyRow.state).in_([SendState.PENDING, SendState.NEEDS_DECISION]),
        )
        .values(state=SendState.DROPPED, step=None, error="no longer needed")
    )


def _drop_unsent_parcels(session: Session, ticket_id: int, wanted: set[str]) -> None:
    unsent = select(DeliveryRow).where(
        DeliveryRow.ticket_id == ticket_id,
        col(DeliveryRow.state).in_([SendState.PENDING, SendState.NEEDS_DECISION]),
    )
    for delivery in session.exec(unsent).all():
        if delivery.department not in wanted:
            settle(delivery, error="the ticket went elsewhere")
            delivery.state = SendState.DROPPED


def best_before(hours: int) -> datetime:
    """The moment after which a reply written now waits for staff instead of being sent."""
    return utcnow() + timedelta(hours=hours)

"""Routing: what was decided about a ticket is written in one transaction with all that follows from it."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_
from sqlmodel import Session, col, select

from bridge.domain import (
    Automation,
    Cause,
    DecisionReason,
    Priority,
    SendState,
    Step,
    TicketStatus,
    Value,
    Visibility,
)
from bridge.tickets.book._common import (
    ALARM,
    ANSWERED,
    BRIDGE,
    FIRST_WORDS,
    NEEDLESS,
    REMINDERS,
    alert_staff,
    drop_unsent,
    follow,
    insert_new,
    move,
    note,
)
from bridge.tickets.claims import Claim, hold, settle, wake
from bridge.tickets.locks import lock
from bridge.tickets.session import writing
from bridge.tickets.tables import ConversationRow, DeliveryRow, MessageRow, SentReplyRow, TicketRow
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
ELSEWHERE = "the ticket went elsewhere"
CORRECTED = "a correction took its place"


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
    priority: Priority = Priority.NORMAL
    private: bool = False
    promised_at: datetime | None = None
    """Until when the citizen may expect news."""
    drafts: tuple[Draft, ...] = ()
    parcels: tuple[Parcel, ...] = ()

    @property
    def outgoing(self) -> tuple[Draft | Parcel, ...]:
        """Everything that is to leave."""
        return self.drafts + self.parcels


def decide(claim: Claim, decision: Decision) -> None:
    """Write a decision; replies and hand-overs that were made before stay as they are."""
    with writing() as session:
        # A colleague's answer, seen in this moment, must find these replies or be found by them.
        for conversation in sorted({draft.thread.conversation_id for draft in decision.drafts}):
            lock(session, ConversationRow, conversation)
        ticket: TicketRow = hold(session, claim)
        assert ticket.id is not None
        settle(ticket)
        moved = move(session, ticket, decision.status, BRIDGE, reason=decision.reason)
        if moved or (ticket.department, ticket.rule) != (decision.department, decision.rule):
            note(session, ticket.id, BRIDGE, "routed", decision.model_dump(mode="json", exclude={"drafts"}))
        ticket.department, ticket.rule, ticket.because = decision.department, decision.rule, decision.because
        ticket.priority, ticket.private = decision.priority, decision.private
        ticket.promised_at = decision.promised_at or ticket.promised_at
        ticket.questions += decision.asked
        follow(session, ticket)
        if decision.status is not TicketStatus.NEEDS_INFO:
            drop_questions(session, ticket.id)
        kept = {parcel.department for parcel in decision.parcels}
        elsewhere = DeliveryRow.reason != ALARM, col(DeliveryRow.department).not_in(kept)
        drop_unsent(session, DeliveryRow, ELSEWHERE, DeliveryRow.ticket_id == ticket.id, *elsewhere)
        if any(draft.cause is Cause.ACKNOWLEDGEMENT for draft in decision.drafts):
            _drop_acknowledgements(session, ticket.id, {draft.cause_id for draft in decision.drafts})
        for draft in decision.drafts:
            write_reply(session, draft, ticket.id)
        for parcel in decision.parcels:
            write_parcel(session, ticket, parcel)
        if any(sending.automation is Automation.SUGGEST for sending in decision.outgoing):
            alert_staff(session, ticket)


def give_up(claim: Claim, error: str) -> None:
    """Nothing could be decided: a person decides."""
    with writing() as session:
        ticket: TicketRow = hold(session, claim)
        settle(ticket, error=error[:500])
        reason = DecisionReason.UNCLEAR
        move(session, ticket, TicketStatus.NEEDS_DECISION, BRIDGE, reason=reason, words=error[:500])


def write_reply(session: Session, draft: Draft, ticket_id: int | None) -> int | None:
    """Write a reply unless the same cause was answered in that conversation before; its id if it is new."""
    direct = draft.visibility is Visibility.DIRECT
    urgent = draft.cause is not Cause.EMERGENCY and direct
    state, error = _state_of(draft.automation)
    if draft.cause in FIRST_WORDS and _answered_by_a_colleague(session, draft.thread):
        state, error = SendState.DROPPED, ANSWERED
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


def write_parcel(session: Session, ticket: TicketRow, parcel: Parcel) -> None:
    """Write a hand-over unless this department has one for the same reason and revision."""
    state, error = _state_of(parcel.automation)
    key = {
        "ticket_id": ticket.id,
        "department": parcel.department,
        "reason": parcel.reason,
        "revision": ticket.revision,
    }
    values = {
        "state": state,
        "error": error,
        "step": Step.DELIVER if state is SendState.PENDING else None,
        "due_at": parcel.due_at or utcnow(),
        "message_id": secrets.token_hex(16),
    }
    if insert_new(session, DeliveryRow, key | values) is None:
        _take_up_again(session, key, state, error)
    same = (getattr(DeliveryRow, name) == key[name] for name in ("ticket_id", "department", "reason"))
    drop_unsent(session, DeliveryRow, CORRECTED, *same, DeliveryRow.revision < ticket.revision)


def _take_up_again(session: Session, key: dict[str, Any], state: SendState, error: str) -> None:
    """A hand-over that was dropped is wanted after all, and a reminder that was sent once more."""
    known = session.exec(select(DeliveryRow).filter_by(**key)).one()
    reminds = known.state is SendState.SENT and known.reason in REMINDERS.values()
    if known.state is SendState.DROPPED or reminds:
        known.state, known.error, known.listed_in = state, error, None
        if reminds:
            known.message_id = secrets.token_hex(16)
        if state is SendState.PENDING:
            wake(known, Step.DELIVER)


def _state_of(automation: Automation) -> tuple[SendState, str]:
    if automation is Automation.AUTOMATIC:
        return SendState.PENDING, ""
    if automation is Automation.SUGGEST:
        return SendState.NEEDS_DECISION, ""
    return SendState.DROPPED, "shadow: this would have been sent"


def _answered_by_a_colleague(session: Session, thread: Thread) -> bool:
    asked = session.get_one(MessageRow, thread.message_id)
    answer = select(MessageRow.id).where(
        MessageRow.conversation_id == thread.conversation_id,
        MessageRow.in_reply_to == asked.external_id,
        col(MessageRow.by_us).is_(True),
    )
    return session.exec(answer).first() is not None


def drop_questions(session: Session, ticket_id: int) -> None:
    """Ask no longer for what is known or needless, be it we who asked or a department."""
    asks = or_(
        col(SentReplyRow.cause) == Cause.QUESTION, col(SentReplyRow.variant) == TicketStatus.NEEDS_INFO
    )
    drop_unsent(session, SentReplyRow, NEEDLESS, SentReplyRow.ticket_id == ticket_id, asks)


def _drop_acknowledgements(session: Session, ticket_id: int, kept: set[str]) -> None:
    """What is told now says more than an earlier acknowledgement that has not left."""
    other = SentReplyRow.cause == Cause.ACKNOWLEDGEMENT, col(SentReplyRow.cause_id).not_in(kept)
    drop_unsent(session, SentReplyRow, NEEDLESS, SentReplyRow.ticket_id == ticket_id, *other)


def best_before(hours: int) -> datetime:
    """The moment after which a reply written now waits for staff instead of being sent."""
    return utcnow() + timedelta(hours=hours)

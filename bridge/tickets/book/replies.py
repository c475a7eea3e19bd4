"""Replying: the states one reply goes through, so that no public reply is ever sent twice blindly."""

from datetime import timedelta

from sqlmodel import Session

from bridge.domain import Author, DecisionReason, Receipt, Reply, SendState, Step, TicketStatus, Value
from bridge.settings import settings
from bridge.tickets import workflow
from bridge.tickets.book._common import BRIDGE, alert_staff, move
from bridge.tickets.claims import Claim, hold, settle
from bridge.tickets.session import writing
from bridge.tickets.switches import paused_in
from bridge.tickets.tables import MessageRow, ReporterRow, SentReplyRow, TicketRow
from bridge.tickets.types import utcnow

MOST_UNKNOWNS = 3
MOST_TRIES = 12


class Task(Value):
    """A reply to be sent now."""

    account_id: int
    reply: Reply
    look_first: bool
    """Whether an earlier attempt may have posted it already."""


def begin(claim: Claim) -> Task | None:
    """Note that this attempt starts, before anything leaves; None where nothing may be sent (any more)."""
    with writing() as session:
        row: SentReplyRow = hold(session, claim)
        message = session.get_one(MessageRow, row.message_id)
        reporter = session.get_one(ReporterRow, message.reporter_id)
        if paused_in(session):
            settle(row, Step.REPLY)
            return None
        look_first = row.state in {SendState.SENDING, SendState.UNKNOWN}
        if not look_first and _too_late(session, row, message):
            return None
        row.state = SendState.SENDING
        row.first_attempt_at = row.first_attempt_at or utcnow()
        reply = Reply(
            text=row.text,
            in_reply_to=message.external_id,
            recipient=Author(
                external_id=reporter.external_id, handle=reporter.handle, display_name=reporter.display_name
            ),
            visibility=row.visibility,
            idempotency_key=row.idempotency_key,
            language=row.language,
            first_attempt_at=row.first_attempt_at,
        )
        return Task(account_id=row.city_account_id, reply=reply, look_first=look_first)


def sent(claim: Claim, receipt: Receipt) -> None:
    """The platform has it."""
    with writing() as session:
        row: SentReplyRow = hold(session, claim)
        row.state, row.sent_at = SendState.SENT, utcnow()
        row.external_id, row.url = receipt.external_id, receipt.url
        settle(row)


def not_sent(claim: Claim, seconds: float, error: str) -> None:
    """Surely nothing was posted: try again later, up to a bound."""
    with writing() as session:
        row: SentReplyRow = hold(session, claim)
        if claim.tries >= MOST_TRIES:
            _to_a_person(session, row, error)
            return
        row.state, row.error, row.lease_until = SendState.PENDING, error[:500], None
        row.due_at = utcnow() + timedelta(seconds=seconds)


def unknown(claim: Claim, error: str) -> None:
    """It may have been posted: look before the next attempt, and after some unknowns let a person look."""
    with writing() as session:
        row: SentReplyRow = hold(session, claim)
        row.unknowns += 1
        row.state, row.error, row.lease_until = SendState.UNKNOWN, error[:500], None
        row.due_at = utcnow() + timedelta(seconds=settings().read_back_seconds)
        if row.unknowns >= MOST_UNKNOWNS:
            _to_a_person(session, row, error, unknown=True)


def cannot_look(claim: Claim, seconds: float, error: str) -> None:
    """The thread could not be read back; the outcome stays unknown."""
    with writing() as session:
        row: SentReplyRow = hold(session, claim)
        if claim.tries >= MOST_TRIES:
            _to_a_person(session, row, error, unknown=True)
            return
        row.state, row.error, row.lease_until = SendState.UNKNOWN, error[:500], None
        row.due_at = utcnow() + timedelta(seconds=seconds)


def refused(claim: Claim, error: str) -> None:
    """The platform will not take it; a person decides."""
    with writing() as session:
        _to_a_person(session, hold(session, claim), error)


def _too_late(session: Session, row: SentReplyRow, message: MessageRow) -> bool:
    if message.withdrawn_at:
        settle(row, error="the message was deleted by its author")
        row.state = SendState.DROPPED
        return True
    if row.best_before and utcnow() > row.best_before:
        _to_a_person(session, row, "too late to be sent without a look")
        return True
    return False


def _to_a_person(session: Session, row: SentReplyRow, error: str, *, unknown: bool = False) -> None:
    settle(row, error=error[:500])
    row.state = SendState.UNKNOWN if unknown else SendState.NEEDS_DECISION
    alert_staff(session)
    ticket = session.get(TicketRow, row.ticket_id) if row.ticket_id else None
    if unknown and ticket and workflow.is_open(ticket.status):
        move(
            session,
            ticket,
            TicketStatus.NEEDS_DECISION,
            BRIDGE,
            reason=DecisionReason.UNKNOWN_OUTCOME,
            words=error,
        )

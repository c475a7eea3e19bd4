"""Replying: the states one reply goes through, so that no public reply is ever sent twice blindly."""

from datetime import timedelta

from sqlmodel import Session

from bridge.domain import Author, DecisionReason, Receipt, Reply, SendState, TicketStatus, Value
from bridge.settings import settings
from bridge.tickets import workflow
from bridge.tickets.book._common import BRIDGE, alert_staff, move, resume
from bridge.tickets.book._withdrawals import DELETED
from bridge.tickets.claims import Claim, give_back, hold, settle
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
    """Note that this attempt starts, before anything leaves; None where nothing may be sent now.

    An attempt that was begun and never ended (its process died) counts as one of unknown outcome. Once any
    outcome was unknown, every later attempt looks first, and is `sending` only from `not_found` on. Both wait
    for the disk, so that not even a power cut forgets that something was about to leave.
    """
    with writing(durable=True) as session:
        row: SentReplyRow = hold(session, claim)
        if row.state is SendState.SENDING:
            _unclear(row, "the process ended while it was sending")
            return None
        if claim.tries > MOST_TRIES:
            _to_a_person(session, row, row.error or f"no result after {MOST_TRIES} tries")
            return None
        look_first = row.unknowns > 0
        if not look_first and not _may_leave(session, row):
            return None
        return Task(account_id=row.city_account_id, reply=_reply(session, row), look_first=look_first)


def not_found(claim: Claim) -> bool:
    """The thread was read and the reply is not there; whether it may be sent (again) now."""
    with writing(durable=True) as session:
        return _may_leave(session, hold(session, claim))


def not_begun(claim: Claim) -> None:
    """Nothing was sent, since too little of the lease was left: try again at once, and count no try."""
    with writing() as session:
        _as_before(hold(session, claim))


def sent(claim: Claim, receipt: Receipt) -> None:
    """The platform has it."""
    with writing() as session:
        row: SentReplyRow = hold(session, claim)
        row.state, row.sent_at = SendState.SENT, utcnow()
        row.external_id, row.url = receipt.external_id, receipt.url
        settle(row)
        resume(session, row.ticket_id, BRIDGE)


def not_sent(claim: Claim, seconds: float, error: str) -> None:
    """Surely nothing was posted: try again later, up to a bound."""
    with writing() as session:
        row: SentReplyRow = hold(session, claim)
        if claim.tries >= MOST_TRIES:
            _to_a_person(session, row, error)
            return
        # An earlier attempt may still appear, however surely this one did not.
        row.state = SendState.UNKNOWN if row.unknowns else SendState.PENDING
        row.error, row.lease_until = error[:500], None
        row.due_at = utcnow() + timedelta(seconds=seconds)


def unknown(claim: Claim, error: str) -> None:
    """It may have been posted: look before the next attempt, and after some unknowns let a person look."""
    with writing() as session:
        row: SentReplyRow = hold(session, claim)
        _unclear(row, error)
        if row.unknowns >= MOST_UNKNOWNS:
            _to_a_person(session, row, error)


def cannot_look(claim: Claim, seconds: float, error: str) -> None:
    """The thread could not be read back; the outcome stays unknown."""
    with writing() as session:
        row: SentReplyRow = hold(session, claim)
        if claim.tries >= MOST_TRIES:
            _to_a_person(session, row, error)
            return
        row.state, row.error, row.lease_until = SendState.UNKNOWN, error[:500], None
        row.due_at = utcnow() + timedelta(seconds=seconds)


def refused(claim: Claim, error: str) -> None:
    """The platform will not take it; a person decides."""
    with writing() as session:
        _to_a_person(session, hold(session, claim), error)


def _reply(session: Session, row: SentReplyRow) -> Reply:
    message = session.get_one(MessageRow, row.message_id)
    reporter = session.get_one(ReporterRow, message.reporter_id)
    return Reply(
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


def _may_leave(session: Session, row: SentReplyRow) -> bool:
    """Whether a reply may be sent now, and from now on counts as begun.

    One that may not is given back, dropped or left to a person.
    """
    if paused_in(session):
        _as_before(row)
        return False
    if session.get_one(MessageRow, row.message_id).withdrawn_at:
        settle(row, error=DELETED)
        row.state = SendState.DROPPED
        return False
    if row.best_before and utcnow() > row.best_before:
        _to_a_person(session, row, "too late to be sent without a look")
        return False
    row.state = SendState.SENDING
    row.first_attempt_at = row.first_attempt_at or utcnow()
    return True


def _as_before(row: SentReplyRow) -> None:
    row.state = SendState.UNKNOWN if row.unknowns else SendState.PENDING
    give_back(row)


def _unclear(row: SentReplyRow, error: str) -> None:
    row.unknowns += 1
    row.state, row.error, row.lease_until = SendState.UNKNOWN, error[:500], None
    row.due_at = utcnow() + timedelta(seconds=settings().read_back_seconds)


def _to_a_person(session: Session, row: SentReplyRow, error: str) -> None:
    """Stop trying: what may have been posted is looked at, anything else is decided about."""
    settle(row, error=error[:500])
    row.state = SendState.UNKNOWN if row.unknowns else SendState.NEEDS_DECISION
    ticket = session.get(TicketRow, row.ticket_id) if row.ticket_id else None
    alert_staff(session, ticket)
    # A reopened ticket waits for a person anyway.
    stoppable = ticket and workflow.is_open(ticket.status) and ticket.status is not TicketStatus.REOPENED
    if row.unknowns and ticket and stoppable:
        reason = DecisionReason.UNKNOWN_OUTCOME
        move(session, ticket, TicketStatus.NEEDS_DECISION, BRIDGE, reason=reason, words=error)

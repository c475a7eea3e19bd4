"""Delivering: a hand-over may rather come twice with the same identity than not at all."""

from datetime import timedelta

from sqlmodel import Session, col, select

from bridge.domain import DecisionReason, Receipt, SendState, Step, TicketStatus, Value
from bridge.tickets import workflow
from bridge.tickets.book._common import BRIDGE, alert_staff, move
from bridge.tickets.book.tickets import ELSEWHERE
from bridge.tickets.claims import Claim, give_back, hold, settle
from bridge.tickets.session import writing
from bridge.tickets.switches import paused_in
from bridge.tickets.tables import AttachmentRow, DeliveryRow, TicketMessageRow, TicketRow
from bridge.tickets.types import utcnow

MOST_TRIES = 15
"""More than any channel's plan has: what comes to so many kills the process that tries it."""
ROUTED, ALARM = "routed", "alarm"
PICTURE_PATIENCE = timedelta(seconds=60)


class Task(Value):
    """A hand-over to be made now."""

    ticket_id: int
    department: str
    reason: str
    revision: int
    message_id: str
    first_message_id: str | None
    """The identity of the first hand-over to this department, which a correction answers."""


def begin(claim: Claim) -> Task | None:
    """Note that this attempt starts; None where nothing may be handed over now."""
    with writing() as session:
        row: DeliveryRow = hold(session, claim)
        if paused_in(session):
            give_back(row)
            return None
        if claim.tries > MOST_TRIES:
            _undeliverable(session, row, row.error or f"no result after {MOST_TRIES} tries")
            return None
        ticket = session.get_one(TicketRow, row.ticket_id)
        if row.reason == ROUTED and ticket.department != row.department:
            settle(row, error=ELSEWHERE)
            row.state = SendState.DROPPED
            return None
        if _pictures_come(session, ticket):
            give_back(row, seconds=1)
            return None
        row.state = SendState.SENDING
        first = session.exec(
            select(DeliveryRow.message_id)
            .where(DeliveryRow.ticket_id == row.ticket_id, DeliveryRow.department == row.department)
            .where(DeliveryRow.state == SendState.SENT, DeliveryRow.reason == row.reason)
            .order_by(col(DeliveryRow.id))
        ).first()
        shared = {name: getattr(row, name) for name in Task.model_fields if name != "first_message_id"}
        return Task(**shared, first_message_id=first)


def sent(claim: Claim, receipt: Receipt) -> None:
    """The other side has it; the ticket is with the department."""
    with writing() as session:
        row: DeliveryRow = hold(session, claim)
        row.state, row.sent_at, row.receipt = SendState.SENT, utcnow(), receipt.external_id
        settle(row)
        ticket = session.get_one(TicketRow, row.ticket_id)
        if row.reason != ROUTED:
            return
        if ticket.status in {TicketStatus.ROUTED, TicketStatus.UNDELIVERABLE}:
            move(session, ticket, TicketStatus.DELIVERED, BRIDGE)
        elif ticket.reason is DecisionReason.UNKNOWN_OUTCOME:
            # It goes on from here, once a person has looked for the reply.
            move(session, ticket, TicketStatus.DELIVERED, BRIDGE)
            move(session, ticket, TicketStatus.NEEDS_DECISION, BRIDGE, reason=DecisionReason.UNKNOWN_OUTCOME)


def not_sent(claim: Claim, retry_after: float | None, error: str, retry_seconds: tuple[int, ...]) -> None:
    """Try again by the channel's plan; at its end the ticket is undeliverable, which staff see."""
    with writing() as session:
        row: DeliveryRow = hold(session, claim)
        if claim.tries > len(retry_seconds):
            _undeliverable(session, row, error)
            return
        seconds = max(retry_after or 0, retry_seconds[claim.tries - 1])
        row.state, row.error, row.lease_until = SendState.PENDING, error[:500], None
        row.due_at = utcnow() + timedelta(seconds=seconds)


def refused(claim: Claim, error: str) -> None:
    """The other side will never take it."""
    with writing() as session:
        _undeliverable(session, hold(session, claim), error)


def _pictures_come(session: Session, ticket: TicketRow) -> bool:
    """Whether pictures of this ticket are being fetched and worth waiting for."""
    fetched = (
        select(AttachmentRow.id)
        .join(TicketMessageRow, col(TicketMessageRow.message_id) == AttachmentRow.message_id)
        .where(TicketMessageRow.ticket_id == ticket.id, AttachmentRow.step == Step.FETCH)
    )
    return utcnow() - ticket.opened_at < PICTURE_PATIENCE and session.exec(fetched).first() is not None


def _undeliverable(session: Session, row: DeliveryRow, error: str) -> None:
    settle(row, error=error[:500])
    row.state = SendState.NEEDS_DECISION
    ticket = session.get_one(TicketRow, row.ticket_id)
    alert_staff(session, ticket)
    if row.reason == ROUTED and TicketStatus.UNDELIVERABLE in workflow.ALLOWED[ticket.status]:
        move(session, ticket, TicketStatus.UNDELIVERABLE, BRIDGE, words=error[:500])

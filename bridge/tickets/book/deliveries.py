"""Delivering: a hand-over may rather come twice with the same identity than not at all."""

from datetime import timedelta

from sqlmodel import Session, col, select

from bridge.domain import Receipt, SendState, Step, TicketStatus, Value
from bridge.tickets import workflow
from bridge.tickets.book._common import BRIDGE, alert_staff, move
from bridge.tickets.claims import Claim, hold, settle
from bridge.tickets.session import writing
from bridge.tickets.switches import paused_in
from bridge.tickets.tables import DeliveryRow, TicketRow
from bridge.tickets.types import utcnow

RETRY_SECONDS = (5, 60, 300, 1800, 1800, 3600, 3600, 7200, 14_400, 28_800)
"""When a mail server is away: soon, then ever more patiently, for about seventeen hours."""

ROUTED, ALARM = "routed", "alarm"


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
    """Note that this attempt starts; None while everything outgoing is paused."""
    with writing() as session:
        row: DeliveryRow = hold(session, claim)
        if paused_in(session):
            settle(row, Step.DELIVER)
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
        if row.reason == ROUTED and ticket.status in {TicketStatus.ROUTED, TicketStatus.UNDELIVERABLE}:
            move(session, ticket, TicketStatus.DELIVERED, BRIDGE)


def not_sent(claim: Claim, retry_after: float | None, error: str) -> None:
    """Try again by the plan; at its end the ticket is undeliverable, which staff see."""
    with writing() as session:
        row: DeliveryRow = hold(session, claim)
        if claim.tries > len(RETRY_SECONDS):
            _undeliverable(session, row, error)
            return
        seconds = max(retry_after or 0, RETRY_SECONDS[claim.tries - 1])
        row.state, row.error, row.lease_until = SendState.PENDING, error[:500], None
        row.due_at = utcnow() + timedelta(seconds=seconds)


def refused(claim: Claim, error: str) -> None:
    """The other side will never take it."""
    with writing() as session:
        _undeliverable(session, hold(session, claim), error)


def _undeliverable(session: Session, row: DeliveryRow, error: str) -> None:
    settle(row, error=error[:500])
    row.state = SendState.NEEDS_DECISION
    alert_staff(session)
    ticket = session.get_one(TicketRow, row.ticket_id)
    if row.reason == ROUTED and TicketStatus.UNDELIVERABLE in workflow.ALLOWED[ticket.status]:
        move(session, ticket, TicketStatus.UNDELIVERABLE, BRIDGE, words=error[:500])

"""Handing over: which rows leave together, whether each still may, and where its ticket stands then."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bridge.domain import DecisionReason, SendState, Step, TicketStatus
from bridge.tickets import workflow
from bridge.tickets.book._common import ALARM, BRIDGE, alert_staff, insert_new, move
from bridge.tickets.book.tickets import ELSEWHERE
from bridge.tickets.claims import Claim, give_back, hold, settle
from bridge.tickets.locks import locking
from bridge.tickets.tables import (
    AttachmentRow,
    DeliveryRow,
    StatusUpdateRow,
    TicketMessageRow,
    TicketRow,
)
from bridge.tickets.types import utcnow
from bridge.tickets.workflow import PRESS, TOO_LATE

MOST_TRIES = 15
"""More than any channel's plan has: what comes to so many kills the process that tries it."""
ROUTED = "routed"
PICTURE_PATIENCE = timedelta(seconds=60)
TOLD = "Das Amt hätte es erst bekommen, wenn es nicht mehr hilft."


def together(session: Session, claim: Claim) -> list[DeliveryRow]:
    """The claimed row, and after it those of its list that still have to leave; all locked."""
    listed_in = session.exec(select(DeliveryRow.listed_in).where(DeliveryRow.id == claim.id)).first()
    if listed_in is None:
        return [hold(session, claim)]
    same = DeliveryRow.listed_in == listed_in
    owners = select(TicketRow).where(col(TicketRow.id).in_(select(DeliveryRow.ticket_id).where(same)))
    session.exec(locking(owners.order_by(col(TicketRow.id)), TicketRow)).all()
    rows = session.exec(
        locking(select(DeliveryRow).where(same).order_by(col(DeliveryRow.id)), DeliveryRow)
    ).all()
    leading: DeliveryRow = hold(session, claim)
    return [leading, *(row for row in rows if row.id != claim.id and row.step is Step.DELIVER)]


def may_leave(session: Session, row: DeliveryRow) -> bool:
    """Whether a locked row may be handed over now; where not, it is settled or given back."""
    if row.tries > MOST_TRIES:
        undeliverable(session, row, row.error or f"no result after {MOST_TRIES} tries")
        return False
    ticket = session.get_one(TicketRow, row.ticket_id)
    if row.reason == ROUTED and not asked(row, ticket):
        settle(row, error=ELSEWHERE)
        row.state = SendState.DROPPED
        return False
    if row.listed_in is None and row.reason != ALARM and _pictures_come(session, ticket):
        give_back(row, seconds=1)
        return False
    if row.state is SendState.SENDING:
        # Its process died: it may have arrived, and nobody may be told that it did not.
        row.worthless_at = None
    if row.worthless_at and row.worthless_at < utcnow():
        too_late(session, row, row.worthless_at)
        return False
    return True


def asked(row: DeliveryRow, ticket: TicketRow) -> bool:
    """Whether this hand-over asks the department to act that has the ticket now, not one that had it."""
    return row.reason == ROUTED and row.department == ticket.department


def too_late(session: Session, row: DeliveryRow, since: datetime) -> None:
    """Nobody could use it any more: it is counted, and the ticket ends with an honest word to the citizen."""
    settle(row, error=TOO_LATE)
    row.state, row.worthless_at = SendState.DROPPED, since
    word = {
        "ticket_id": row.ticket_id,
        "department": PRESS,
        "external_id": f"{TOO_LATE} {row.id}.{row.attempt}",
        "actor": BRIDGE,
        "status": TicketStatus.REJECTED,
        "words": TOLD,
        "step": Step.UPDATE,
    }
    insert_new(session, StatusUpdateRow, word)


def delivered(session: Session, ticket: TicketRow) -> None:
    """The department has the ticket."""
    if ticket.status in {TicketStatus.ROUTED, TicketStatus.UNDELIVERABLE}:
        move(session, ticket, TicketStatus.DELIVERED, BRIDGE)
    elif ticket.reason is DecisionReason.UNKNOWN_OUTCOME:
        # It goes on from here, once a person has looked for the reply.
        move(session, ticket, TicketStatus.DELIVERED, BRIDGE)
        move(session, ticket, TicketStatus.NEEDS_DECISION, BRIDGE, reason=DecisionReason.UNKNOWN_OUTCOME)


def undeliverable(session: Session, row: DeliveryRow, error: str) -> None:
    """It did not arrive and will not by itself: a person decides."""
    settle(row, error=error[:500])
    row.state = SendState.NEEDS_DECISION
    ticket = session.get_one(TicketRow, row.ticket_id)
    alert_staff(session, ticket)
    if asked(row, ticket) and TicketStatus.UNDELIVERABLE in workflow.ALLOWED[ticket.status]:
        move(session, ticket, TicketStatus.UNDELIVERABLE, BRIDGE, words=error[:500])


def _pictures_come(session: Session, ticket: TicketRow) -> bool:
    """Whether pictures of this ticket are being fetched and worth waiting for."""
    fetched = (
        select(AttachmentRow.id)
        .join(TicketMessageRow, col(TicketMessageRow.message_id) == AttachmentRow.message_id)
        .where(TicketMessageRow.ticket_id == ticket.id, AttachmentRow.step == Step.FETCH)
    )
    return utcnow() - ticket.opened_at < PICTURE_PATIENCE and session.exec(fetched).first() is not None

"""Taking back: what its author deleted leaves the case book, and nothing that quotes it goes out."""

from sqlmodel import Session, col, delete, select, update

from bridge.domain import DecisionReason, Kind, TicketStatus
from bridge.tickets.book._common import BRIDGE, drop_unsent, move
from bridge.tickets.claims import stop
from bridge.tickets.locks import locking
from bridge.tickets.tables import (
    AttachmentRow,
    DeliveryRow,
    MessageRow,
    RawEventRow,
    SentReplyRow,
    TicketMessageRow,
    TicketRow,
)
from bridge.tickets.types import utcnow

DELETED = "the message was deleted by its author"


def withdraw(session: Session, message: MessageRow) -> None:
    """Forget words, place and pictures of a locked message; staff see that it was taken back."""
    tickets = tickets_of(session, message)
    message.withdrawn_at = utcnow()
    message.text = message.spoiler_text = ""
    message.understanding = message.url = message.lat = message.lon = None
    stop(message)
    session.exec(delete(AttachmentRow).where(col(AttachmentRow.message_id) == message.id))
    session.exec(
        update(RawEventRow)
        .where(col(RawEventRow.city_account_id) == message.city_account_id)
        .where(col(RawEventRow.about) == message.external_id)
        .values(payload="")
    )
    drop_unsent(session, SentReplyRow, DELETED, SentReplyRow.message_id == message.id)
    for ticket in tickets:
        ticket.news_at = utcnow()
        # An alarm is no secret, and whoever deletes a cry for help may still need it.
        if ticket.kind is not Kind.EMERGENCY and not _any_words_left(session, ticket):
            _halt(session, ticket)


def tickets_of(session: Session, message: MessageRow) -> list[TicketRow]:
    """The tickets a message speaks of, locked."""
    wanted = select(TicketRow).join(TicketMessageRow).where(TicketMessageRow.message_id == message.id)
    return list(session.exec(locking(wanted.order_by(col(TicketRow.id)), TicketRow)).all())


def _any_words_left(session: Session, ticket: TicketRow) -> bool:
    standing = (
        select(MessageRow.id)
        .join(TicketMessageRow)
        .where(TicketMessageRow.ticket_id == ticket.id, MessageRow.reporter_id == ticket.reporter_id)
        .where(col(MessageRow.withdrawn_at).is_(None))
    )
    return session.exec(standing).first() is not None


def _halt(session: Session, ticket: TicketRow) -> None:
    """Nobody asks for it any more: what is not with a department yet waits for a person."""
    stop(ticket)
    drop_unsent(session, DeliveryRow, DELETED, DeliveryRow.ticket_id == ticket.id)
    if ticket.status in {TicketStatus.RECEIVED, TicketStatus.NEEDS_INFO, TicketStatus.ROUTED}:
        reason = DecisionReason.UNCLEAR
        move(session, ticket, TicketStatus.NEEDS_DECISION, BRIDGE, reason=reason, words=DELETED)

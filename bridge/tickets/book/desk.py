"""What staff do by hand; `actor` is `staff:<login>` and every act is in the ticket's history."""

import secrets
from typing import Any

from sqlmodel import Session

from bridge.domain import (
    Author,
    Automation,
    Cause,
    DecisionReason,
    Kind,
    Location,
    PermanentError,
    Point,
    Priority,
    SendState,
    Step,
    TicketStatus,
)
from bridge.tickets import search
from bridge.tickets.book import accounts, messages
from bridge.tickets.book._common import go_back, move, resume, revise
from bridge.tickets.book._common import note as append
from bridge.tickets.book._leaving import asked
from bridge.tickets.book.tickets import Draft, write_reply
from bridge.tickets.claims import stop, wake
from bridge.tickets.locks import LOCK, lock
from bridge.tickets.session import writing
from bridge.tickets.tables import BY_HAND, DeliveryRow, SentReplyRow, TicketRow
from bridge.tickets.types import utcnow

CERTAIN = 1.0
"""What a person says is not doubted by any threshold."""


def correct(
    ticket_id: int,
    actor: str,
    *,
    category: str | None = None,
    location: Location | None = None,
    department: str | None = None,
    priority: Priority | None = None,
) -> None:
    """Correct what was understood and route again; what was handed over before gets a correction."""
    with writing() as session:
        ticket = session.get_one(TicketRow, ticket_id, **LOCK)
        detail: dict[str, Any] = {"before": {"category": ticket.category, "place": ticket.location}}
        if category:
            ticket.category, ticket.confidence = category, CERTAIN
            detail["category"] = category
            if ticket.kind is not Kind.EMERGENCY:
                ticket.kind = Kind.REPORT
        if location:
            ticket.location = location.model_copy(update={"confidence": CERTAIN}).model_dump(mode="json")
            ticket.district, ticket.lat, ticket.lon = location.district, location.lat, location.lon
            detail["place"] = location.label
        if department:
            ticket.fixed_department = department
            detail["department"] = department
        if priority:
            ticket.priority = priority
            detail["priority"] = priority
        if category or location:
            # Whoever sent it back said so of another matter.
            ticket.refused_by = []
        revise(session, ticket)
        ticket.seen_at = utcnow()
        append(session, ticket_id, actor, "corrected", detail)
        wake(ticket, Step.ROUTE)


def answer(ticket_id: int, actor: str, text: str) -> int:
    """Answer everybody who reported this; returns how many replies were written."""
    case = search.case(ticket_id)
    if case is None or not case.threads_to_answer or not text.strip():
        raise PermanentError("there is nobody to answer, or nothing was written")
    cause_id = f"{actor}-{secrets.token_hex(8)}"
    with writing() as session:
        ticket = session.get_one(TicketRow, ticket_id, **LOCK)
        for thread in case.threads_to_answer:
            by_hand = thread.platform == BY_HAND
            draft = Draft(
                thread=thread,
                cause=Cause.STAFF,
                cause_id=cause_id,
                variant="",
                text=text.strip(),
                language=case.language,
                visibility=thread.visibility.of_answer,
                automation=Automation.SUGGEST if by_hand else Automation.AUTOMATIC,
            )
            write_reply(session, draft, ticket_id)
        ticket.news_at, ticket.seen_at, ticket.changed_at = None, utcnow(), utcnow()
        append(session, ticket_id, actor, "answered", {"threads": len(case.threads_to_answer)})
    return len(case.threads_to_answer)


def release_reply(reply_id: int, actor: str, text: str | None = None) -> None:
    """Send a waiting reply, perhaps reworded."""
    with writing() as session:
        row = _waiting(session, SentReplyRow, reply_id)
        if text is not None and text.strip():
            row.text = text.strip()
        row.state, row.best_before, row.idempotency_key = SendState.PENDING, None, secrets.token_hex(16)
        row.first_attempt_at = None
        wake(row, Step.REPLY)
        _acted(session, row.ticket_id, actor, "released reply", reply_id)


def drop_reply(reply_id: int, actor: str) -> None:
    """Never send a waiting reply."""
    with writing() as session:
        row = _waiting(session, SentReplyRow, reply_id)
        row.state = SendState.DROPPED
        _acted(session, row.ticket_id, actor, "dropped reply", reply_id)
        if row.variant == TicketStatus.NEEDS_INFO:
            # What a department wanted to know is not asked, so nobody will answer.
            go_back(session, session.get_one(TicketRow, row.ticket_id), actor, TicketStatus.NEEDS_INFO)


def settle_reply(reply_id: int, actor: str, *, arrived: bool) -> None:
    """A person looked: the reply of unknown outcome is there, or it is not and is sent again.

    The idempotency key stays: should the person be mistaken, a platform that keeps keys posts nothing twice.
    """
    with writing() as session:
        row = _waiting(session, SentReplyRow, reply_id, SendState.UNKNOWN)
        if arrived:
            row.state, row.sent_at = SendState.SENT, utcnow()
            stop(row)
        else:
            row.state, row.unknowns, row.best_before = SendState.PENDING, 0, None
            wake(row, Step.REPLY)
        _acted(session, row.ticket_id, actor, "arrived" if arrived else "sent again", reply_id)
        session.flush()
        resume(session, row.ticket_id, actor)


def mark_sent(reply_id: int, actor: str) -> None:
    """Staff copied the answer back by hand."""
    with writing() as session:
        row = _waiting(session, SentReplyRow, reply_id)
        row.state, row.sent_at = SendState.SENT, utcnow()
        _acted(session, row.ticket_id, actor, "given back by hand", reply_id)


def release_delivery(delivery_id: int, actor: str) -> None:
    """Hand over what waits for a person, or try once more what could not be delivered."""
    with writing() as session:
        _hand_over(session, _waiting(session, DeliveryRow, delivery_id), actor, "released hand-over")


def deliver_again(delivery_id: int, actor: str, address: str = "") -> None:
    """Make a hand-over once more, now and under the same identity, whatever came of it before.

    `address` is where it goes from now on, instead of where it went before.
    """
    with writing() as session:
        row: DeliveryRow | None = lock(session, DeliveryRow, delivery_id)
        if row is None or row.state not in {SendState.SENT, SendState.NEEDS_DECISION, SendState.PENDING}:
            raise PermanentError("this is under way or was dropped meanwhile; look at the ticket again")
        row.address = address or row.address
        _hand_over(session, row, actor, "delivered again")


def drop_delivery(delivery_id: int, actor: str) -> None:
    """Never make a waiting hand-over; the ticket that nobody has then waits for a decision again."""
    with writing() as session:
        row = _waiting(session, DeliveryRow, delivery_id)
        row.state = SendState.DROPPED
        _acted(session, row.ticket_id, actor, "dropped hand-over", delivery_id)
        ticket = session.get_one(TicketRow, row.ticket_id)
        if asked(row, ticket) and ticket.status is TicketStatus.ROUTED:
            move(session, ticket, TicketStatus.NEEDS_DECISION, actor, reason=DecisionReason.HELD)


def note(ticket_id: int, actor: str, text: str) -> None:
    """Keep a note among staff; it lives in the history and can never become a reply."""
    with writing() as session:
        append(session, ticket_id, actor, "note", {"text": text.strip()})


def seen(ticket_id: int, actor: str) -> None:
    """A person has seen the emergency, or what is new."""
    with writing() as session:
        ticket = session.get_one(TicketRow, ticket_id, **LOCK)
        ticket.seen_at, ticket.news_at = utcnow(), None
        append(session, ticket_id, actor, "seen", {})


def enter_by_hand(
    actor: str, *, source: str, text: str, author: str, url: str | None = None, point: Point | None = None
) -> int:
    """Take down a phone call, a letter or a post no interface reaches; returns the message's id."""
    with writing() as session:
        account_id = accounts.by_hand(session)
    key = secrets.token_hex(8)
    writer = Author(external_id=key, handle=author or source, display_name=f"{source}, {actor}")
    return messages.enter_by_hand(account_id, external_id=key, text=text, author=writer, url=url, point=point)


def open_from_message(message_id: int, actor: str, opening: messages.Opening) -> int:
    """Make a ticket of a message that was put away; returns the ticket's id."""
    return messages.open_by_staff(message_id, actor, opening)


def _waiting(
    session: Session, table: type[Any], row_id: int, state: SendState = SendState.NEEDS_DECISION
) -> Any:
    row = lock(session, table, row_id)
    if row is None or row.state != state:
        raise PermanentError("this was decided meanwhile; look at the ticket again")
    return row


def _hand_over(session: Session, row: DeliveryRow, actor: str, what: str) -> None:
    # A list's identity stands for all that was in it: this one goes under its own.
    row.state, row.listed_in = SendState.PENDING, None
    wake(row, Step.DELIVER)
    ticket = session.get_one(TicketRow, row.ticket_id)
    if ticket.status is TicketStatus.UNDELIVERABLE:
        move(session, ticket, TicketStatus.ROUTED, actor)
    assert row.id is not None
    _acted(session, row.ticket_id, actor, what, row.id)


def _acted(session: Session, ticket_id: int | None, actor: str, what: str, row_id: int) -> None:
    if ticket_id is not None:
        session.get_one(TicketRow, ticket_id).changed_at = utcnow()
        append(session, ticket_id, actor, what, {"id": row_id})

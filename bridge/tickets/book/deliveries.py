"""Delivering: a hand-over may rather come twice with the same identity than not at all.

What waits for one time of one department is gathered under a common id, `listed_in`, and leaves as one list:
the first due row leads and takes the others along; they succeed or fail together.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from bridge.domain import Receipt, SendState, Value
from bridge.tickets.book import attempts
from bridge.tickets.book._common import ALARM
from bridge.tickets.book._leaving import (
    ROUTED,
    asked,
    delivered,
    may_leave,
    together,
    too_late,
    undeliverable,
)
from bridge.tickets.book.attempts import UNTIMED, Trial
from bridge.tickets.claims import Claim, give_back, hold, settle
from bridge.tickets.locks import lock
from bridge.tickets.session import reading, writing
from bridge.tickets.switches import paused_in
from bridge.tickets.tables import DeliveryRow, TicketRow
from bridge.tickets.types import utcnow

__all__ = [
    "ALARM",
    "COPY",
    "LIST",
    "ROUTED",
    "Task",
    "Waiting",
    "begin",
    "bounced",
    "gather",
    "look",
    "not_sent",
    "refused",
    "sent",
]

COPY = "copy"
LIST = "list-"
"""What the id of a list begins with."""


class Waiting(Value):
    """A hand-over that is due, before it is begun."""

    ticket_id: int
    department: str
    reason: str
    due_at: datetime
    address: str
    listed_in: str | None
    sent_at: datetime | None
    """When it was sent before: a person wants it sent again."""
    known: bool
    """Whether this department got the ticket before."""
    recent: tuple[datetime, ...]
    """When this department got something within the last hour, oldest first; a list counts once."""


class Task(Value):
    """A hand-over to be made now."""

    id: int
    ticket_id: int
    department: str
    reason: str
    revision: int
    message_id: str
    listed_in: str | None
    address: str
    """Where a person wants it sent, instead of the department's own address."""
    earlier: tuple[str, ...]
    """The ids under which this department got anything about this ticket before, oldest first."""
    beside: tuple["Task", ...] = ()
    """The others that leave in the same list."""


def look(claim: Claim) -> Waiting:
    """What is known of a hand-over before it is begun."""
    with reading() as session:
        row = session.get_one(DeliveryRow, claim.id)
        shared = {
            name: getattr(row, name) for name in Waiting.model_fields if name in DeliveryRow.model_fields
        }
        known = row.sent_at is not None or bool(_earlier(session, row))
        return Waiting(**shared, known=known, recent=_recent(session, row.department))


def gather(claim: Claim, leaves: datetime, worthless_at: datetime | None) -> None:
    """Let a hand-over wait, untried, for what else leaves for its department at that moment."""
    with writing() as session:
        row: DeliveryRow = hold(session, claim)
        open_list = (
            select(DeliveryRow.listed_in, DeliveryRow.due_at)
            .where(DeliveryRow.department == row.department, DeliveryRow.state == SendState.PENDING)
            # Whatever was begun may have arrived, and its identity stands for what it held then.
            .where(col(DeliveryRow.listed_in).is_not(None), DeliveryRow.tries == 0)
            .where(col(DeliveryRow.due_at).between(utcnow(), leaves))
            .order_by(col(DeliveryRow.due_at))
        )
        listed_in, leaves = session.exec(open_list).first() or (LIST + secrets.token_hex(16), leaves)
        if worthless_at and leaves > worthless_at:
            too_late(session, row, worthless_at)
            return
        give_back(row)
        row.listed_in, row.due_at, row.worthless_at = listed_in, leaves, worthless_at


def begin(claim: Claim, worthless_at: datetime | None = None) -> Task | None:
    """Note that this attempt starts; None where nothing may be handed over now."""
    with writing() as session:
        row, *others = together(session, claim)
        if paused_in(session):
            give_back(row)
            return None
        if row.tries == 1:
            row.worthless_at = worthless_at
        if not may_leave(session, row):
            return None
        beside = [each for each in others if may_leave(session, each)]
        for each in beside:
            each.attempt, each.tries, each.lease_until = each.attempt + 1, row.tries, row.lease_until
        if row.tries == 1 and not beside:
            row.listed_in = None
        for each in (row, *beside):
            each.state, each.bounce = SendState.SENDING, ""
        tasks = tuple(_task(session, each) for each in beside)
        return _task(session, row).model_copy(update={"beside": tasks})


def sent(claim: Claim, receipt: Receipt, trial: Trial = UNTIMED) -> None:
    """The other side has it; the ticket is with the department."""
    with writing() as session:
        for row in _underway(session, claim):
            row.state, row.sent_at, row.receipt = SendState.SENT, utcnow(), receipt.external_id
            settle(row)
            attempts.log(session, row, attempts.SENT, trial)
            ticket = session.get_one(TicketRow, row.ticket_id)
            if asked(row, ticket):
                delivered(session, ticket)


def not_sent(
    claim: Claim,
    retry_after: float | None,
    error: str,
    retry_seconds: tuple[int, ...],
    trial: Trial = UNTIMED,
    *,
    unclear: bool = False,
) -> None:
    """Try again by the channel's plan; at its end the ticket is undeliverable, which staff see.

    `unclear` says that it may have arrived.
    """
    with writing() as session:
        for row in _underway(session, claim):
            if claim.tries > len(retry_seconds):
                _give_up(session, row, error, trial)
                continue
            seconds = max(retry_after or 0, retry_seconds[claim.tries - 1])
            row.state, row.error, row.lease_until = SendState.PENDING, error[:500], None
            row.due_at = utcnow() + timedelta(seconds=seconds)
            row.worthless_at = None if unclear else row.worthless_at
            attempts.log(session, row, attempts.AGAIN, trial, words=error, next_at=row.due_at)


def refused(claim: Claim, error: str, trial: Trial = UNTIMED) -> None:
    """The other side will never take it."""
    with writing() as session:
        for row in _underway(session, claim):
            _give_up(session, row, error, trial)


def bounced(delivery_id: int, *, permanent: bool, words: str) -> None:
    """What was taken came back: for good, so that a person decides, or only for now, which is noted.

    A list comes back as a whole.
    """
    with writing() as session:
        first = session.get(DeliveryRow, delivery_id)
        listed = select(DeliveryRow.id).where(
            DeliveryRow.listed_in == first.listed_in
            if first and first.listed_in
            else DeliveryRow.id == delivery_id
        )
        for row_id in session.exec(listed.order_by(col(DeliveryRow.ticket_id), col(DeliveryRow.id))).all():
            row: DeliveryRow = lock(session, DeliveryRow, row_id or 0)
            row.bounce = words[:500]
            if permanent and row.state is SendState.SENT:
                undeliverable(session, row, words)


def _give_up(session: Session, row: DeliveryRow, error: str, trial: Trial) -> None:
    undeliverable(session, row, error)
    attempts.log(session, row, attempts.GIVEN_UP, trial, words=error)


def _recent(session: Session, department: str) -> tuple[datetime, ...]:
    moment = func.max(DeliveryRow.sent_at)
    mails = (
        select(moment)
        .where(DeliveryRow.department == department, DeliveryRow.state == SendState.SENT)
        .where(col(DeliveryRow.sent_at) > utcnow() - timedelta(hours=1))
        .group_by(func.coalesce(DeliveryRow.listed_in, DeliveryRow.message_id))
        .order_by(moment)
    )
    return tuple(at for at in session.exec(mails).all() if at)


def _underway(session: Session, claim: Claim) -> list[DeliveryRow]:
    """The claimed row and what was begun with it."""
    row, *others = together(session, claim)
    return [row, *(each for each in others if each.state is SendState.SENDING)]


def _task(session: Session, row: DeliveryRow) -> Task:
    given = {name: getattr(row, name) for name in Task.model_fields if name in DeliveryRow.model_fields}
    return Task(**given, earlier=_earlier(session, row))


def _earlier(session: Session, row: DeliveryRow) -> tuple[str, ...]:
    known = select(func.coalesce(DeliveryRow.listed_in, DeliveryRow.message_id)).where(
        DeliveryRow.ticket_id == row.ticket_id,
        DeliveryRow.department == row.department,
        DeliveryRow.state == SendState.SENT,
        DeliveryRow.id != row.id,
    )
    return tuple(session.exec(known.order_by(col(DeliveryRow.sent_at), col(DeliveryRow.id))).all())

"""What staff see of the mails to the city's address; nothing here writes."""

from datetime import datetime
from typing import Any

from sqlmodel import and_, col, func, select

from bridge.domain import TicketStatus, Value, Verdict
from bridge.tickets.session import reading
from bridge.tickets.tables import ChoreRow, LetterRow, TicketRow

WAITING = (Verdict.NOTE, Verdict.CONFIRM, Verdict.QUARANTINED)
"""What a person decides."""
COLLECT = "collect"
"""The chore that visits the mailbox."""


class LetterView(Value):
    """A letter as staff see it."""

    id: int
    key: str
    received_at: datetime
    sender: str
    subject: str
    words: str
    verdict: Verdict | None
    because: str
    ticket_id: int | None
    reference: str | None
    status: TicketStatus | None
    department: str | None
    answer: str
    files: tuple[str, ...]


def waiting(limit: int = 100) -> list[LetterView]:
    """The letters that wait for a person, newest first."""
    return _views(col(LetterRow.verdict).in_(WAITING), limit)


def stopped(limit: int = 50) -> list[LetterView]:
    """What was taken for the mail of a machine, newest first: a person may see it otherwise."""
    return _views(col(LetterRow.verdict) == Verdict.STOPPED, limit)


def count_waiting() -> int:
    """How many letters wait for a person."""
    with reading() as session:
        wait = select(func.count()).select_from(LetterRow).where(col(LetterRow.verdict).in_(WAITING))
        return session.exec(wait).one()


def mailbox_error() -> str:
    """Why the mailbox could not be asked when it was due last; empty where it could."""
    with reading() as session:
        told = session.exec(select(ChoreRow.error).where(ChoreRow.name == COLLECT)).first()
    return told or ""


def of_ticket(ticket_id: int) -> list[LetterView]:
    """The letters about a ticket that are not put away, newest first."""
    read = col(LetterRow.verdict).not_in([Verdict.PUT_AWAY, Verdict.STOPPED])
    return _views(and_(col(LetterRow.ticket_id) == ticket_id, read), 100)


def view(letter_id: int) -> LetterView | None:
    """One letter."""
    return next(iter(_views(col(LetterRow.id) == letter_id, 1)), None)


def _views(wanted: Any, limit: int) -> list[LetterView]:
    with reading() as session:
        rows = session.exec(
            select(LetterRow, TicketRow)
            .join(TicketRow, isouter=True)
            .where(wanted)
            .order_by(col(LetterRow.id).desc())
            .limit(limit)
        ).all()
        return [_view(letter, ticket) for letter, ticket in rows]


def _view(letter: LetterRow, ticket: TicketRow | None) -> LetterView:
    shared = {
        name: getattr(letter, name) for name in LetterView.model_fields if name not in {"reference", "status"}
    }
    return LetterView(
        **shared, reference=ticket.reference if ticket else None, status=ticket.status if ticket else None
    )

"""What everybody may know of the tickets: what it is about, roughly where, and how far it is."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from bridge.domain import Kind, Location, TicketStatus, Value
from bridge.tickets import workflow
from bridge.tickets.session import reading
from bridge.tickets.tables import StatusChangeRow, TicketRow


class Published(Value):
    """A ticket without a word of anybody."""

    reference: str
    status: TicketStatus
    category: str
    department: str
    location: Location | None
    opened_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    promised_at: datetime | None


class Change(Value):
    """A state a published ticket took, without the words that came with it."""

    id: int
    reference: str
    status: TicketStatus
    at: datetime


class Wanted(Value):
    """Which tickets are asked for; what is left out restricts nothing."""

    references: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    closed: bool | None = None
    opened_from: datetime | None = None
    opened_until: datetime | None = None
    changed_from: datetime | None = None
    changed_until: datetime | None = None
    limit: int = 1000
    offset: int = 0


def tickets(wanted: Wanted) -> list[Published]:
    """The tickets everybody may know of, newest first."""
    asked = select(TicketRow).where(*_public(), *_restricted(wanted))
    order = col(TicketRow.opened_at).desc(), col(TicketRow.id).desc()
    with reading() as session:
        rows = session.exec(asked.order_by(*order).limit(wanted.limit).offset(wanted.offset)).all()
    return [Published(**{name: getattr(row, name) for name in Published.model_fields}) for row in rows]


def changes(start: datetime, end: datetime, limit: int = 1000) -> list[Change]:
    """The public states these tickets took between two moments, oldest first."""
    asked = (
        select(StatusChangeRow, TicketRow.reference)
        .join(TicketRow, col(TicketRow.id) == StatusChangeRow.ticket_id)
        .where(*_public(), col(StatusChangeRow.status).in_(workflow.PUBLIC))
        .where(col(StatusChangeRow.at).between(start, end))
        .order_by(col(StatusChangeRow.id))
    )
    with reading() as session:
        found = session.exec(asked.limit(limit)).all()
    return [Change(id=row.id, reference=name, status=row.status, at=row.at) for row, name in found]


def _public() -> list[ColumnElement[bool]]:
    """Reports only; and only once the rules have said whether it is private."""
    return [
        col(TicketRow.kind) == Kind.REPORT,
        col(TicketRow.private).is_(False),
        col(TicketRow.category).is_not(None),
        col(TicketRow.department).is_not(None),
        col(TicketRow.reference).is_not(None),
    ]


def _restricted(wanted: Wanted) -> list[ColumnElement[bool]]:
    opened, changed, status = col(TicketRow.opened_at), col(TicketRow.changed_at), col(TicketRow.status)
    compared: tuple[tuple[Any, Callable[[Any], ColumnElement[bool]]], ...] = (
        (wanted.references, col(TicketRow.reference).in_),
        (wanted.categories, col(TicketRow.category).in_),
        (wanted.closed is True and workflow.FINAL, status.in_),
        (wanted.closed is False and workflow.FINAL, status.not_in),
        (wanted.opened_from, opened.__ge__),
        (wanted.opened_until, opened.__le__),
        (wanted.changed_from, changed.__ge__),
        (wanted.changed_until, changed.__le__),
    )
    return [compare(asked) for asked, compare in compared if asked]

"""The tickets that lie with one department, as its own program may read them."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col, select

from bridge.domain import SendState
from bridge.tickets.picture import case_of
from bridge.tickets.session import reading
from bridge.tickets.tables import AttemptRow, DeliveryRow, TicketRow
from bridge.tickets.views import Case

_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Mark(NamedTuple):
    """How far somebody has read: up to this ticket as it stood at this moment."""

    changed_at: datetime
    ticket_id: int

    def __str__(self) -> str:
        """The mark as a short word, of digits and one hyphen."""
        return f"{(self.changed_at - _BEGIN) // _MICROSECOND}-{self.ticket_id}"

    @classmethod
    def read(cls, word: str) -> "Mark":
        """The mark of such a word."""
        moment, _, ticket_id = word.partition("-")
        return cls(_BEGIN + int(moment) * _MICROSECOND, int(ticket_id))


def of_department(department: str, since: Mark, limit: int) -> list[Case]:
    """Its tickets that changed after `since`, the longest unchanged first; none that was not handed over."""
    changed, number = col(TicketRow.changed_at), col(TicketRow.id)
    later = or_(changed > since.changed_at, and_(changed == since.changed_at, number > since.ticket_id))
    wanted = select(TicketRow).where(_lies_with(department), later)
    with reading() as session:
        rows = session.exec(wanted.order_by(changed, number).limit(limit)).all()
        return [case_of(session, row) for row in rows]


def one_of_department(department: str, reference: str) -> Case | None:
    """The ticket with this reference, where it lies with this department and was handed over."""
    wanted = select(TicketRow).where(_lies_with(department), TicketRow.reference == reference)
    with reading() as session:
        row = session.exec(wanted).first()
        return case_of(session, row) if row else None


def _lies_with(department: str) -> ColumnElement[bool]:
    # What was tried may have arrived, even where no answer came.
    begun = col(DeliveryRow.state).in_([SendState.SENT, SendState.SENDING])
    tried = col(DeliveryRow.id).in_(select(AttemptRow.delivery_id))
    handed = select(DeliveryRow.ticket_id).where(DeliveryRow.department == department, or_(begun, tried))
    return and_(col(TicketRow.department) == department, col(TicketRow.id).in_(handed))

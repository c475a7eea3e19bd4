"""What did not reach a department: tried in vain, to be tried again or waiting for a person."""

from datetime import datetime

from sqlmodel import col, select

from bridge.domain import SendState, Value
from bridge.tickets.session import reading
from bridge.tickets.tables import DeliveryRow, TicketRow


class Undelivered(Value):
    """A hand-over that failed; `next_at` is None where nobody tries any more."""

    id: int
    reference: str
    department: str
    reason: str
    error: str
    tries: int
    written_at: datetime
    next_at: datetime | None


def undelivered(limit: int = 500) -> list[Undelivered]:
    """The hand-overs that failed so far, oldest first."""
    failed = select(DeliveryRow, TicketRow.reference).join(TicketRow).where(DeliveryRow.error != "")
    waiting = failed.where(col(DeliveryRow.state).in_([SendState.NEEDS_DECISION, SendState.PENDING]))
    with reading() as session:
        rows = session.exec(waiting.order_by(col(DeliveryRow.id)).limit(limit)).all()
    return [_told(row, reference or "") for row, reference in rows]


def _told(row: DeliveryRow, reference: str) -> Undelivered:
    shared = {
        name: getattr(row, name) for name in Undelivered.model_fields if name in DeliveryRow.model_fields
    }
    next_at = row.due_at if row.state is SendState.PENDING else None
    return Undelivered(**shared, reference=reference, next_at=next_at)

"""Who may change what: rows are locked in one order, so that nobody waits in a ring.

First the message, then its conversation, its reporter, tickets by their age, then what belongs to a ticket,
and staff last. On SQLite one transaction writes at a time, so that nothing needs a lock.
"""

from typing import Any, TypeVar

from sqlalchemy import Select
from sqlmodel import Session, select

from bridge.tickets.rows import Row
from bridge.tickets.tables import ClockRow, DeliveryRow, SentReplyRow, StatusUpdateRow, TicketRow

Wanted = TypeVar("Wanted", bound=Select[Any])

# The weaker lock, which lets others write rows that point here.
_MODE: dict[str, Any] = {"key_share": True}
LOCK: dict[str, Any] = {"with_for_update": _MODE, "populate_existing": True}
"""For `session.get`: the row as it is now, and ours until the transaction ends."""

_OF_A_TICKET: tuple[type[Any], ...] = (ClockRow, DeliveryRow, SentReplyRow, StatusUpdateRow)


def locking(wanted: Wanted, table: type[Any]) -> Wanted:
    """Let a query lock what it finds of `table`; it should say in which order."""
    return wanted.with_for_update(**_MODE, of=table).execution_options(populate_existing=True)


def lock(session: Session, table: type[Row], row_id: int) -> Any:
    """A row as it is now, ours until the transaction ends, or None; its ticket is locked before it."""
    if table in _OF_A_TICKET:
        owned: Any = table
        of_row = select(owned.ticket_id).where(owned.id == row_id).scalar_subquery()
        session.exec(locking(select(TicketRow.id).where(TicketRow.id == of_row), TicketRow)).first()
    return session.get(table, row_id, **LOCK)

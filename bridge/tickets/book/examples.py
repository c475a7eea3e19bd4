"""What staff taught: every category they corrected, with the words it was about."""

from typing import NamedTuple

from sqlmodel import col, select

from bridge.tickets.session import reading
from bridge.tickets.tables import HistoryRow, MessageRow, TicketMessageRow

_CORRECTED = "corrected"


class Example(NamedTuple):
    """The words of a ticket's first message and the category a person gave it."""

    text: str
    category: str


def corrections() -> list[Example]:
    """One example for each ticket whose category was corrected, by its last correction.

    They are the case book's own rows and no copies: what is withdrawn or erased there is no example any more.
    """
    with reading() as session:
        rows = session.exec(
            select(HistoryRow.ticket_id, HistoryRow.detail)
            .where(HistoryRow.what == _CORRECTED)
            .order_by(col(HistoryRow.id))
        ).all()
        chosen = {ticket: detail["category"] for ticket, detail in rows if "category" in detail}
        words = (
            select(TicketMessageRow.ticket_id, MessageRow.text)
            .join(MessageRow, col(MessageRow.id) == TicketMessageRow.message_id)
            .join(HistoryRow, col(HistoryRow.ticket_id) == TicketMessageRow.ticket_id)
            .where(HistoryRow.what == _CORRECTED, col(MessageRow.withdrawn_at).is_(None))
            .order_by(col(MessageRow.id).desc())
        )
        texts = dict(session.exec(words).all())
    return [Example(texts[ticket], category) for ticket, category in chosen.items() if texts.get(ticket)]

"""The log of hand-overs: every try of every channel, with what came of it."""

from datetime import datetime

from sqlmodel import Session

from bridge.domain import Value
from bridge.tickets.tables import AttemptRow, DeliveryRow

SENT, AGAIN, GIVEN_UP = "sent", "again", "given_up"
"""What comes of a try: it arrived, it is made again at `next_at`, or a person must decide."""


class Trial(Value):
    """How one try went, as only its worker knows."""

    milliseconds: int = 0
    status_code: int | None = None
    """What an HTTP server answered, where one did."""


UNTIMED = Trial()


def log(
    session: Session,
    row: DeliveryRow,
    outcome: str,
    trial: Trial,
    *,
    words: str = "",
    next_at: datetime | None = None,
) -> None:
    """Append a try of `row`, within the transaction that writes what came of it."""
    assert row.id is not None
    session.add(
        AttemptRow(
            delivery_id=row.id, outcome=outcome, words=words[:500], next_at=next_at, **trial.model_dump()
        )
    )

"""Work of the house that comes round again."""

from collections import Counter
from datetime import datetime
from typing import Any

from sqlmodel import col, select, update

from bridge.domain import Step
from bridge.settings import settings
from bridge.tickets.book._common import insert_new
from bridge.tickets.claims import wake
from bridge.tickets.locks import locking
from bridge.tickets.session import writing
from bridge.tickets.tables import (
    AttachmentRow,
    ChoreRow,
    ClockRow,
    MessageRow,
    RawEventRow,
    StatusUpdateRow,
    TicketRow,
)

BATCH = 1000


def ensure() -> None:
    """Make sure that every chore has its row."""
    with writing() as session:
        insert_new(session, ChoreRow, {"name": "sweep", "step": Step.SWEEP})
        if settings().imap_host:
            insert_new(session, ChoreRow, {"name": "collect"})
            idle = col(ChoreRow.name) == "collect", col(ChoreRow.step).is_(None)
            session.exec(update(ChoreRow).where(*idle).values(step=Step.COLLECT))


def sweep_raw(before: datetime) -> int:
    """Forget the payloads of read events older than `before`, keeping their keys; returns how many."""
    swept = 0
    while True:
        with writing() as session:
            found = session.exec(
                update(RawEventRow)
                .where(col(RawEventRow.id).in_(_old(before)))
                .values(payload="", about=None)
                .returning(col(RawEventRow.id))
            ).all()
        swept += len(found)
        if len(found) < BATCH:
            return swept


def _old(before: datetime) -> Any:
    return (
        select(RawEventRow.id)
        .where(RawEventRow.received_at < before, RawEventRow.payload != "", col(RawEventRow.step).is_(None))
        .limit(BATCH)
    )


def requeue() -> Counter[Step]:
    """Make due again what was set aside; returns how many rows of each step."""
    again: Counter[Step] = Counter()
    with writing() as session:
        for table, step in (
            (RawEventRow, Step.RECEIVE),
            (MessageRow, Step.UNDERSTAND),
            (AttachmentRow, Step.FETCH),
            (TicketRow, Step.ROUTE),
            (StatusUpdateRow, Step.UPDATE),
            (ClockRow, Step.REMIND),
        ):
            failed = select(table).where(col(table.step).is_(None), col(table.error) != "")
            rows = session.exec(locking(failed.order_by(col(table.id)), table)).all()
            for row in rows:
                wake(row, step)
            again[step] += len(rows)
    return again

"""Claiming due rows: who holds a row, until when, and what becomes of it afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import takewhile
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    bindparam,
    literal,
    or_,
    union_all,
    update,
)
from sqlmodel import Session, col, select

from bridge.domain import BridgeError, Step
from bridge.tickets.locks import lock
from bridge.tickets.rows import DueRow
from bridge.tickets.session import reading, writing
from bridge.tickets.switches import paused_in
from bridge.tickets.tables import (
    AttachmentRow,
    ChoreRow,
    CityAccountRow,
    ClockRow,
    DeliveryRow,
    LetterRow,
    MessageRow,
    ProbeRow,
    RawEventRow,
    SentReplyRow,
    StaffRow,
    StatusUpdateRow,
    TicketRow,
    TrackerRow,
)
from bridge.tickets.types import UTCDateTime, utcnow

TABLES: dict[Step, type[DueRow]] = {
    Step.POLL: CityAccountRow,
    Step.RECEIVE: RawEventRow,
    Step.FETCH: AttachmentRow,
    Step.UNDERSTAND: MessageRow,
    Step.LOCATE: MessageRow,
    Step.OPEN: MessageRow,
    Step.ROUTE: TicketRow,
    Step.DELIVER: DeliveryRow,
    Step.UPDATE: StatusUpdateRow,
    Step.REPLY: SentReplyRow,
    Step.NOTIFY: StaffRow,
    Step.REMIND: ClockRow,
    Step.COLLECT: ChoreRow,
    Step.READ: LetterRow,
    Step.TRACK: TrackerRow,
    Step.PROBE: ProbeRow,
    Step.SWEEP: ChoreRow,
}
OUTGOING = frozenset({Step.DELIVER, Step.REPLY})
"""What the pause stops; everything else goes on, so that nothing written to us is lost."""

LEASE = timedelta(seconds=60)


class LostClaimError(BridgeError):
    """The row was given to somebody else meanwhile; whatever was computed must not be written."""


@dataclass(frozen=True)
class Claim:
    """The right to do one step for one row, until the lease ends."""

    step: Step
    id: int
    attempt: int
    tries: int
    until: datetime


def claim(step: Step, limit: int, lease: timedelta = LEASE) -> list[Claim]:
    """Lease up to `limit` due rows of a step, most urgent first.

    A row whose last lease ran out is leased alone: it may have killed its worker and would do so again, and
    the rows leased beside it would lose a try each time without ever being tried.
    """
    table, now = TABLES[step], utcnow()
    order: list[Any] = [col(table.due_at), col(table.id)]
    if table is SentReplyRow:
        order.insert(0, col(SentReplyRow.priority))
    with writing() as session:
        if step in OUTGOING and paused_in(session):
            return []
        wanted = select(table.id, table.lease_until).where(*_due(step, now)).order_by(*order).limit(limit)
        wanted = wanted.with_for_update(skip_locked=True, key_share=True)
        ids = _together(session.exec(wanted).all())
        if not ids:
            return []
        leased = session.exec(
            update(table)
            .where(col(table.id).in_(ids))
            .values(lease_until=now + lease, attempt=table.attempt + 1, tries=table.tries + 1)
            .returning(col(table.id), col(table.attempt), col(table.tries))
        ).all()
    place = {row_id: index for index, row_id in enumerate(ids)}
    claims = [Claim(step, row_id, attempt, tries, now + lease) for row_id, attempt, tries in leased]
    return sorted(claims, key=lambda c: place[c.id])


def _together(due: Sequence[Any]) -> list[int]:
    """The rows to be leased at once: the first one, and those up to the next that was leased in vain."""
    fresh = [row_id for row_id, _ in takewhile(lambda row: row[1] is None, due)]
    return fresh or [row_id for row_id, _ in due[:1]]


def due_steps() -> list[Step]:
    """The steps that have due rows now: what the ticker rings for."""
    with reading() as session:
        stopped = OUTGOING if paused_in(session) else frozenset()
        due = set(session.connection().scalars(_which_are_due(), {"now": utcnow()}))
    return [step for step in TABLES if step in due - stopped]


def hold(session: Session, claim: Claim) -> Any:
    """The claimed row, locked for this transaction; raise `LostClaimError` if it is no longer ours."""
    row = lock(session, TABLES[claim.step], claim.id)
    if row is None or row.step != claim.step or row.attempt != claim.attempt:
        raise LostClaimError(f"{claim.step} {claim.id}")
    return row


def settle(
    row: DueRow, next_step: Step | None = None, due_at: datetime | None = None, error: str = ""
) -> None:
    """Give a row back: nothing more to do, or the next step, due now or at `due_at`."""
    row.step = next_step
    row.due_at = due_at or utcnow()
    row.lease_until = None
    row.tries = 0
    row.error = error


def wake(row: DueRow, step: Step, due_at: datetime | None = None) -> None:
    """Make a locked row due from outside; whoever has claimed it loses that claim."""
    row.attempt += 1
    settle(row, step, due_at)


def stop(row: DueRow, error: str = "") -> None:
    """End a locked row's work from outside; whoever has claimed it loses that claim."""
    row.attempt += 1
    settle(row, error=error)


def give_back(row: DueRow, seconds: float = 0.0) -> None:
    """Let go of a row that was not tried at all: due again after `seconds`, and no try is counted."""
    row.due_at = utcnow() + timedelta(seconds=seconds)
    row.lease_until = None
    row.tries -= 1


def finish(claim: Claim, next_step: Step | None = None, due_at: datetime | None = None) -> None:
    """Settle a claim that wrote nothing else."""
    with writing() as session:
        settle(hold(session, claim), next_step, due_at)


def postpone(claim: Claim, seconds: float, error: str) -> None:
    """Try again later; the tries made so far are kept."""
    with writing() as session:
        row = hold(session, claim)
        row.due_at = utcnow() + timedelta(seconds=seconds)
        row.lease_until = None
        row.error = error[:500]


def release(claim: Claim, seconds: float = 0.0) -> None:
    """Let go of a claim whose work was not begun."""
    with writing() as session:
        give_back(hold(session, claim), seconds)


def last_error(claim: Claim) -> str:
    """Why the tries before this one failed; empty where their processes died without a word."""
    with reading() as session:
        row = session.get(TABLES[claim.step], claim.id)
        return row.error if row else ""


def set_aside(claim: Claim, error: str) -> None:
    """Stop trying and leave the row where staff see it: without a step and with its error."""
    with writing() as session:
        settle(hold(session, claim), error=error[:500] or "failed")


def still_ours(claim: Claim, seconds: float) -> bool:
    """Whether the lease still holds and leaves at least `seconds` for what is about to be sent."""
    if claim.until - utcnow() < timedelta(seconds=seconds):
        return False
    with reading() as session:
        row = session.get(TABLES[claim.step], claim.id)
        return row is not None and row.attempt == claim.attempt and row.step == claim.step


@cache
def _which_are_due() -> CompoundSelect[Any]:
    """One query for all steps, built once: the ticker asks it all day long."""
    now = bindparam("now", type_=UTCDateTime())
    return union_all(
        *(
            select(literal(step.value)).where(select(table.id).where(*_due(step, now)).exists())
            for step, table in TABLES.items()
        )
    )


def _due(step: Step, now: datetime | BindParameter[datetime]) -> list[ColumnElement[bool]]:
    table = TABLES[step]
    return [
        col(table.step) == step,
        col(table.due_at) <= now,
        or_(col(table.lease_until).is_(None), col(table.lease_until) < now),
    ]

"""What several transactions share: inserting what is new, dropping what is unsent, moving a ticket."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, insert, or_, update
from sqlmodel import Session, SQLModel, col, select

from bridge.domain import Cause, ClockKind, DecisionReason, SendState, Step, TicketStatus
from bridge.tickets import workflow
from bridge.tickets.claims import wake
from bridge.tickets.locks import locking
from bridge.tickets.session import insert_for
from bridge.tickets.tables import (
    ClockRow,
    DeliveryRow,
    HistoryRow,
    SentReplyRow,
    StaffRow,
    StatusChangeRow,
    TicketRow,
)
from bridge.tickets.types import utcnow

BRIDGE = "bridge"
"""The actor of automatic decisions."""

ALARM = "alarm"
"""The reason of the hand-over that tells whoever is on call of an emergency."""

REMINDERS = {ClockKind.ANSWER: "reminder", ClockKind.OUTCOME: "overdue"}
"""The reason of the hand-over that reminds of what is owed."""

FIRST_WORDS = frozenset({Cause.ACKNOWLEDGEMENT, Cause.QUESTION})
"""What the program answers by itself to a message; needless once a colleague has answered it."""
NEEDLESS = "no longer needed"
ANSWERED = "answered by a colleague in the platform's own app"

_NOTICE_STATES = frozenset({TicketStatus.NEEDS_DECISION, TicketStatus.UNDELIVERABLE})


def insert_new(session: Session, table: type[SQLModel], values: dict[str, Any]) -> int | None:
    """Insert a row unless its unique key is taken; the new id, or None where the row was there before."""
    row = table(**values)
    fields = {name: getattr(row, name) for name in table.model_fields if name != "id"}
    found = session.exec(
        insert_for(session)(table)
        .values(**fields)
        .on_conflict_do_nothing()
        .returning(col(getattr(table, "id")))  # noqa: B009
    ).first()
    return found[0] if found else None


def note(session: Session, ticket_id: int, actor: str, what: str, detail: dict[str, Any]) -> None:
    """Append to a ticket's history."""
    session.exec(
        insert(HistoryRow).values(ticket_id=ticket_id, at=utcnow(), actor=actor, what=what, detail=detail)
    )


def move(
    session: Session,
    ticket: TicketRow,
    status: TicketStatus,
    actor: str,
    *,
    reason: DecisionReason | None = None,
    words: str = "",
) -> bool:
    """Append a status; False where the ticket stands there already. Raises `MoveNotAllowedError`."""
    assert ticket.id is not None
    if ticket.status == status and ticket.reason == reason:
        return False
    if ticket.status != status:
        workflow.check(ticket.status, status)
    now = utcnow()
    session.add(
        StatusChangeRow(ticket_id=ticket.id, at=now, status=status, reason=reason, actor=actor, words=words)
    )
    ticket.status, ticket.reason, ticket.changed_at = status, reason, now
    ticket.closed_at = None if workflow.is_open(status) else now
    if status in _NOTICE_STATES:
        alert_staff(session, ticket)
    follow(session, ticket)
    return True


def follow(session: Session, ticket: TicketRow) -> None:
    """Let the clocks of a ticket follow where it stands and with whom: begin, end, or look at themselves."""
    owed = workflow.OWED.get(ticket.status)
    known = select(ClockRow).where(ClockRow.ticket_id == ticket.id).order_by(col(ClockRow.id))
    running: set[ClockKind] = set()
    for clock in session.exec(locking(known, ClockRow)).all():
        if clock.department == ticket.department and (owed is None or clock.kind in owed):
            running.add(clock.kind)
            wake(clock, Step.REMIND)
        else:
            session.delete(clock)
            _remind_no_more(session, clock)
    if ticket.department and ticket.department != workflow.PRESS:
        for kind in sorted((owed or frozenset()) - running):
            session.add(_new_clock(ticket.id or 0, ticket.department, kind))


def _new_clock(ticket_id: int, department: str, kind: ClockKind) -> ClockRow:
    """A clock that begins now; when it ends is found out by whoever knows the working time."""
    now = utcnow()
    return ClockRow(
        ticket_id=ticket_id,
        department=department,
        kind=kind,
        started_at=now,
        ends_at=now,
        step=Step.REMIND,
        due_at=now,
    )


def _remind_no_more(session: Session, clock: ClockRow) -> None:
    reminder = (
        DeliveryRow.ticket_id == clock.ticket_id,
        DeliveryRow.department == clock.department,
        DeliveryRow.reason == REMINDERS[clock.kind],
    )
    drop_unsent(session, DeliveryRow, NEEDLESS, *reminder)


def revise(session: Session, ticket: TicketRow) -> None:
    """Let what was handed over before be corrected by the next hand-over."""
    handed_over = select(DeliveryRow.id).where(
        DeliveryRow.ticket_id == ticket.id,
        col(DeliveryRow.state).in_([SendState.SENT, SendState.SENDING]),
    )
    ticket.revision += bool(session.exec(handed_over).first())


def resume(session: Session, ticket_id: int | None, actor: str) -> None:
    """Let a ticket go on where it stood, once no reply of unknown outcome stops it any more."""
    ticket = session.get(TicketRow, ticket_id) if ticket_id else None
    if ticket is None or ticket.reason is not DecisionReason.UNKNOWN_OUTCOME:
        return
    unclear = select(SentReplyRow.id).where(
        SentReplyRow.ticket_id == ticket_id,
        SentReplyRow.state == SendState.UNKNOWN,
        col(SentReplyRow.step).is_(None),
    )
    if session.exec(unclear).first():
        return
    reason = col(StatusChangeRow.reason)
    _back_to(session, ticket, actor, or_(reason.is_(None), reason != DecisionReason.UNKNOWN_OUTCOME))


def go_back(session: Session, ticket: TicketRow, actor: str, status: TicketStatus) -> None:
    """Let a ticket that is still `status` stand where it stood before that."""
    if ticket.status is status:
        _back_to(session, ticket, actor, col(StatusChangeRow.status) != status)


def _back_to(session: Session, ticket: TicketRow, actor: str, wanted: ColumnElement[bool]) -> None:
    before = session.exec(
        select(StatusChangeRow)
        .where(StatusChangeRow.ticket_id == ticket.id, wanted)
        .order_by(col(StatusChangeRow.id).desc())
    ).first()
    # One that nobody has routed yet is about to be, and cannot become `received` again.
    if before and before.status in workflow.ALLOWED[ticket.status]:
        move(session, ticket, before.status, actor, reason=before.reason)


def drop_unsent(
    session: Session,
    table: type[SentReplyRow] | type[DeliveryRow],
    error: str,
    *where: Any,
) -> None:
    """Never send what still waits; what may have left already stays as it is."""
    unsent = col(table.state).in_([SendState.PENDING, SendState.NEEDS_DECISION])
    session.exec(update(table).where(unsent, *where).values(state=SendState.DROPPED, step=None, error=error))


def alert_staff(session: Session, ticket: TicketRow | None) -> None:
    """Make everybody's next notice mail due who is not waiting for one already; it will name the ticket."""
    if ticket:
        ticket.changed_at = utcnow()
    # Whoever is being told just now might else be told without this ticket, and not again.
    told = select(StaffRow.id).where(StaffRow.email != "").order_by(col(StaffRow.id))
    session.exec(locking(told, StaffRow)).all()
    for rhythm, due_at in notice_times().items():
        session.exec(
            update(StaffRow)
            .where(col(StaffRow.notices) == rhythm, col(StaffRow.step).is_(None), col(StaffRow.email) != "")
            .values(step=Step.NOTIFY, due_at=due_at, lease_until=None, tries=0)
        )


def notice_times() -> dict[str, datetime]:
    """When the next notice is due for each rhythm: at once, at the full hour, tomorrow at six UTC."""
    now = utcnow()
    hour = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    morning = now.replace(hour=6, minute=0, second=0, microsecond=0)
    return {
        "at_once": now,
        "hourly": hour,
        "daily": morning if morning > now else morning + timedelta(days=1),
    }

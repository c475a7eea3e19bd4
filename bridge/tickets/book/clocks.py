"""Clocks: what a department owes runs in its working time, and its silence is told to it and to staff."""

from datetime import datetime, timedelta

from sqlmodel import Session, select

from bridge.domain import Automation, ClockKind, Step
from bridge.tickets.book._common import BRIDGE, REMINDERS, alert_staff, note
from bridge.tickets.book.tickets import Parcel, write_parcel
from bridge.tickets.claims import Claim, hold, settle, wake
from bridge.tickets.locks import locking
from bridge.tickets.session import reading, writing
from bridge.tickets.tables import ClockRow, TicketRow
from bridge.tickets.types import utcnow
from bridge.tickets.views import ClockView


class Clock(ClockView):
    """One thing a department owes, as whoever winds it sees it."""

    ticket_id: int

    @property
    def left(self) -> timedelta | None:
        """While it is stopped: the working time that was left."""
        return None if self.left_seconds is None else timedelta(seconds=self.left_seconds)

    @property
    def is_new(self) -> bool:
        """Whether nobody has found out yet when it ends."""
        return self.ends_at == self.started_at


def look(claim: Claim) -> Clock:
    """The clock of a claimed row."""
    with reading() as session:
        row = session.get_one(ClockRow, claim.id)
        return Clock(**{name: getattr(row, name) for name in Clock.model_fields})


def run(claim: Claim, ends_at: datetime, look_again: datetime) -> None:
    """Let a clock run until `ends_at`; an outcome that comes later than promised moves the promise."""
    with writing() as session:
        row: ClockRow = hold(session, claim)
        row.ends_at, row.left_seconds = ends_at, None
        settle(row, Step.REMIND, look_again)
        ticket = session.get_one(TicketRow, row.ticket_id)
        if row.kind is ClockKind.OUTCOME and ticket.promised_at:
            ticket.promised_at = max(ticket.promised_at, ends_at)


def stop(claim: Claim, left: timedelta) -> None:
    """Let a clock stand still with this much working time left."""
    with writing() as session:
        row: ClockRow = hold(session, claim)
        row.left_seconds = int(left.total_seconds())
        settle(row)


def remind(claim: Claim, automation: Automation, look_again: datetime) -> None:
    """Remind the department, in the thread of the first hand-over."""
    with writing() as session:
        row, ticket = _one_level_up(session, claim, look_again)
        reason = REMINDERS[row.kind]
        write_parcel(session, ticket, Parcel(department=row.department, reason=reason, automation=automation))
        note(session, row.ticket_id, BRIDGE, "reminded", {"department": row.department})
        if automation is Automation.SUGGEST:
            alert_staff(session, ticket)


def alert(claim: Claim, look_again: datetime) -> None:
    """Tell the press desk that a department stays silent."""
    with writing() as session:
        row, ticket = _one_level_up(session, claim, look_again)
        ticket.news_at = utcnow()
        note(session, row.ticket_id, BRIDGE, "silence", {"department": row.department})
        alert_staff(session, ticket)


def reschedule(session: Session, ticket: TicketRow, until: datetime) -> None:
    """The department named a day: it is what the citizen expects, and what is owed."""
    ticket.promised_at = until
    outcome = select(ClockRow).where(ClockRow.ticket_id == ticket.id, ClockRow.kind == ClockKind.OUTCOME)
    for clock in session.exec(locking(outcome, ClockRow)).all():
        clock.ends_at, clock.level, clock.left_seconds = until, 0, None
        wake(clock, Step.REMIND)


def _one_level_up(session: Session, claim: Claim, look_again: datetime) -> tuple[ClockRow, TicketRow]:
    row: ClockRow = hold(session, claim)
    row.level += 1
    settle(row, Step.REMIND, look_again)
    return row, session.get_one(TicketRow, row.ticket_id)

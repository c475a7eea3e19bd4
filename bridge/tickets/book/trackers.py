"""Trackers: which department's own tracker is asked when, and which ticket it means."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bridge.domain import Step, TicketStatus, Value
from bridge.tickets import workflow
from bridge.tickets.book._common import alert_staff, insert_new, note
from bridge.tickets.claims import Claim, hold, settle, wake
from bridge.tickets.locks import lock, locking
from bridge.tickets.session import reading, writing
from bridge.tickets.tables import DeliveryRow, StatusUpdateRow, TicketRow, TrackerRow
from bridge.tickets.types import utcnow


class Asked(Value):
    """A tracker that is asked now; `asked_until` is up to when it has told everything."""

    department: str
    asked_until: datetime | None


class Known(Value):
    """A ticket a tracker may speak of, and the last that was heard about it from there."""

    ticket_id: int
    number: str
    status: TicketStatus
    last_status: TicketStatus | None
    last_words: str


class Word(Value):
    """One thing a tracker said about a ticket."""

    ticket_id: int
    department: str
    external_id: str
    status: TicketStatus
    words: str
    actor: str


def ensure(department: str) -> None:
    """Make sure that this department's tracker is asked."""
    with writing() as session:
        insert_new(session, TrackerRow, {"department": department})
        own = select(TrackerRow).where(TrackerRow.department == department)
        row = session.exec(locking(own, TrackerRow)).one()
        if row.step is None:
            wake(row, Step.TRACK)


def look(claim: Claim) -> Asked:
    """The tracker of a claimed row."""
    with reading() as session:
        row = session.get_one(TrackerRow, claim.id)
        return Asked(department=row.department, asked_until=row.asked_until)


def asked(claim: Claim, until: datetime, seconds: float) -> None:
    """It has told everything up to `until`; ask again in `seconds`."""
    with writing() as session:
        row: TrackerRow = hold(session, claim)
        row.asked_until = until
        settle(row, Step.TRACK, utcnow() + timedelta(seconds=seconds))


def failed(claim: Claim, seconds: float, error: str) -> None:
    """Ask again in `seconds` for what was not told now."""
    with writing() as session:
        settle(hold(session, claim), Step.TRACK, utcnow() + timedelta(seconds=seconds), error=error[:500])


def known(department: str, numbers: Iterable[str] | None = None) -> list[Known]:
    """The tickets this department's tracker has by these numbers; None: all that are open."""
    wanted = (
        select(DeliveryRow.receipt, TicketRow.id, TicketRow.status)
        .join(TicketRow, col(TicketRow.id) == DeliveryRow.ticket_id)
        .where(DeliveryRow.department == department, DeliveryRow.receipt != "")
        .order_by(col(DeliveryRow.id))
    )
    if numbers is None:
        wanted = wanted.where(col(TicketRow.status).not_in(workflow.FINAL))
    else:
        wanted = wanted.where(col(DeliveryRow.receipt).in_(list(numbers)))
    with reading() as session:
        found = {number: (ticket_id, status) for number, ticket_id, status in session.exec(wanted).all()}
        last = {
            row.ticket_id: row
            for row in session.exec(
                select(StatusUpdateRow)
                .where(StatusUpdateRow.department == department)
                .where(col(StatusUpdateRow.ticket_id).in_([ticket_id for ticket_id, _ in found.values()]))
                .order_by(col(StatusUpdateRow.id))
            ).all()
        }
    return [
        _known(number, ticket_id or 0, TicketStatus(status), last)
        for number, (ticket_id, status) in found.items()
    ]


def numbered(department: str, token: str, number: str) -> None:
    """What had only a token has got its number."""
    with writing() as session:
        rows = select(DeliveryRow.id).where(
            DeliveryRow.department == department, DeliveryRow.receipt == token
        )
        for row_id in session.exec(rows.order_by(col(DeliveryRow.ticket_id), col(DeliveryRow.id))).all():
            lock(session, DeliveryRow, row_id or 0).receipt = number


def keep(told: Word) -> None:
    """Remember a word that says nothing new, so that it says nothing later either."""
    with writing() as session:
        _keep(session, told)


def not_understood(told: Word) -> bool:
    """Keep for staff what a tracker said in words nobody knows; False where it was kept before."""
    with writing() as session:
        ticket: TicketRow = lock(session, TicketRow, told.ticket_id)
        if not _keep(session, told):
            return False
        ticket.news_at = utcnow()
        note(session, told.ticket_id, told.actor, "said", {"words": told.words})
        alert_staff(session, ticket)
        return True


def _keep(session: Session, told: Word) -> bool:
    return insert_new(session, StatusUpdateRow, told.model_dump()) is not None


def _known(number: str, ticket_id: int, status: TicketStatus, last: dict[int, StatusUpdateRow]) -> Known:
    before = last.get(ticket_id)
    return Known(
        ticket_id=ticket_id,
        number=number,
        status=status,
        last_status=before.status if before else None,
        last_words=before.words if before else "",
    )

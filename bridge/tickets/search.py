"""What the desk, the pages and the workers ask the case book; nothing here writes."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import col, select

from bridge.domain import ClockKind, Kind, Priority, SendState, TicketStatus, Value
from bridge.tickets import workflow
from bridge.tickets.picture import case_of, lines_of, message_views
from bridge.tickets.session import reading
from bridge.tickets.tables import (
    AttachmentRow,
    ClockRow,
    DeliveryRow,
    HistoryRow,
    MessageRow,
    RawEventRow,
    ReporterRow,
    SentReplyRow,
    StatusUpdateRow,
    TicketMessageRow,
    TicketRow,
)
from bridge.tickets.types import utcnow
from bridge.tickets.views import Case, MessageView, TicketLine

PATIENCE = timedelta(days=14)
"""How long a question to a citizen may stay unanswered until a person decides how to go on."""
VIEWS = ("now", "department", "overdue", "citizen", "all", "closed")


class Listing(Value):
    """One page of a view, and how many tickets it has in all."""

    lines: tuple[TicketLine, ...]
    total: int


class SetAside(Value):
    """Something no worker could finish; it waits here for a person."""

    id: int
    what: str
    error: str
    at: datetime


def listing(
    view: str,
    *,
    text: str = "",
    platform: str = "",
    department: str = "",
    district: str = "",
    category: str = "",
    limit: int = 50,
    offset: int = 0,
) -> Listing:
    """The tickets of a view: emergencies first, then what presses, by age; newest first among the closed."""
    wanted = [_in_view(view), *_filters(platform, department, district, category)]
    if text.strip():
        wanted.append(_speaks_of(text.strip()))
    order = (
        [col(TicketRow.closed_at).desc(), col(TicketRow.id).desc()]
        if view == "closed"
        else [
            (col(TicketRow.kind) == Kind.EMERGENCY).desc(),
            (col(TicketRow.priority) == Priority.HIGH).desc(),
            col(TicketRow.opened_at),
            col(TicketRow.id),
        ]
    )
    with reading() as session:
        total = session.exec(select(func.count()).select_from(TicketRow).where(*wanted)).one()
        rows = session.exec(
            select(TicketRow).where(*wanted).order_by(*order).limit(limit).offset(offset)
        ).all()
        return Listing(lines=lines_of(session, rows), total=total)


def counts() -> dict[str, int]:
    """How many tickets each view has."""
    with reading() as session:
        return {
            view: session.exec(select(func.count()).select_from(TicketRow).where(_in_view(view))).one()
            for view in VIEWS
        }


def case(ticket_id: int) -> Case | None:
    """A ticket with everything that belongs to it."""
    with reading() as session:
        row = session.get(TicketRow, ticket_id)
        return case_of(session, row) if row else None


def case_by_code(code: str) -> Case | None:
    """The ticket a citizen's code opens."""
    with reading() as session:
        row = session.exec(select(TicketRow).where(TicketRow.code == code)).first()
        return case_of(session, row) if row else None


def find_reference(reference: str) -> int | None:
    """The id of the ticket with this reference."""
    with reading() as session:
        return session.exec(
            select(TicketRow.id).where(TicketRow.reference == reference.strip().upper())
        ).first()


def ticket_of_message(message_id: int) -> int | None:
    """The id of the first ticket a message belongs to."""
    with reading() as session:
        return session.exec(
            select(TicketMessageRow.ticket_id)
            .where(TicketMessageRow.message_id == message_id)
            .order_by(col(TicketMessageRow.ticket_id))
        ).first()


def moderation(limit: int = 50) -> list[MessageView]:
    """Abuse without a report in it, newest first."""
    return _messages([col(MessageRow.kind) == Kind.ABUSE], limit)


def folded(limit: int = 50) -> list[MessageView]:
    """What opened no ticket: irrelevant, or naming the city only in passing; newest first."""
    unaddressed = and_(col(MessageRow.addressed).is_(False), col(MessageRow.by_us).is_(False))
    return _messages([or_(col(MessageRow.kind) == Kind.IRRELEVANT, unaddressed)], limit)


def refusals(days: int = 90) -> Counter[tuple[str, str]]:
    """How often, by (rule, department), a ticket went to a department that said it is not theirs."""
    refused = select(HistoryRow).where(
        HistoryRow.what == "refused", HistoryRow.at > utcnow() - timedelta(days=days)
    )
    with reading() as session:
        told = [row.detail for row in session.exec(refused).all()]
    return Counter((each["rule"] or "", each["department"]) for each in told)


def too_late() -> Counter[tuple[str, str]]:
    """How many reports were too old to be handed over, by month (such as 2026-11, in UTC) and category."""
    dropped = (
        select(DeliveryRow.worthless_at, TicketRow.category)
        .join(TicketRow, col(TicketRow.id) == DeliveryRow.ticket_id)
        .where(DeliveryRow.state == SendState.DROPPED, DeliveryRow.error == workflow.TOO_LATE)
    )
    with reading() as session:
        found = session.exec(dropped).all()
    return Counter((f"{moment:%Y-%m}", category or "") for moment, category in found if moment)


def set_aside(limit: int = 50) -> list[SetAside]:
    """Events, messages, pictures, words of departments and clocks no worker could finish, newest first."""
    with reading() as session:
        found: list[SetAside] = []
        for table, at, what in (
            (RawEventRow, "received_at", "event"),
            (MessageRow, "received_at", "message"),
            (AttachmentRow, "due_at", "picture"),
            (StatusUpdateRow, "received_at", "update"),
            (ClockRow, "due_at", "clock"),
        ):
            failed = select(table).where(col(table.step).is_(None), col(table.error) != "")
            for row in session.exec(failed.order_by(col(table.id).desc()).limit(limit)).all():
                moment = getattr(row, at)
                found.append(SetAside(id=row.id, what=what, error=row.error, at=moment))
    return sorted(found, key=lambda item: item.at, reverse=True)[:limit]


def decisions_since(moment: datetime | None, until: datetime) -> list[TicketLine]:
    """Open tickets that came to need a person in this time: what a notice mail lists."""
    with reading() as session:
        wanted = select(TicketRow).where(_in_view("now"), TicketRow.changed_at <= until)
        if moment:
            wanted = wanted.where(TicketRow.changed_at > moment)
        rows = session.exec(wanted.order_by(col(TicketRow.id)).limit(200)).all()
        return list(lines_of(session, rows))


def _messages(wanted: list[ColumnElement[bool]], limit: int) -> list[MessageView]:
    with reading() as session:
        unlinked = col(MessageRow.id).not_in(select(TicketMessageRow.message_id))
        rows = session.exec(
            select(MessageRow).where(*wanted, unlinked).order_by(col(MessageRow.id).desc()).limit(limit)
        ).all()
        return list(message_views(session, rows, None))


def _in_view(view: str) -> ColumnElement[bool]:
    status = col(TicketRow.status)
    is_open = status.not_in(workflow.FINAL)
    if view == "now":
        # What was closed may still owe the citizen an answer, or have heard from them again.
        return or_(and_(is_open, _needs_a_person()), _waits_for_a_person())
    if view == "department":
        return and_(status.in_(workflow.WITH_DEPARTMENT), col(TicketRow.department) != workflow.PRESS)
    if view == "overdue":
        return col(TicketRow.id).in_(select(ClockRow.ticket_id).where(_overdue()))
    if view == "citizen":
        return status == TicketStatus.NEEDS_INFO
    if view == "closed":
        return status.in_(workflow.FINAL)
    return is_open


def _overdue() -> ColumnElement[bool]:
    """Whether a clock ran out: the one for the outcome, or the one for an answer and its reminder as well."""
    late = and_(col(ClockRow.kind) == ClockKind.OUTCOME, col(ClockRow.ends_at) < utcnow())
    silent = and_(col(ClockRow.kind) == ClockKind.ANSWER, col(ClockRow.level) > 1)
    # Whoever has not looked at a new clock yet has not said when it ends.
    counted = col(ClockRow.ends_at) != col(ClockRow.started_at)
    return and_(col(ClockRow.left_seconds).is_(None), counted, or_(late, silent))


def _needs_a_person() -> ColumnElement[bool]:
    return or_(
        col(TicketRow.status).in_(
            [TicketStatus.NEEDS_DECISION, TicketStatus.UNDELIVERABLE, TicketStatus.REOPENED]
        ),
        and_(col(TicketRow.kind) == Kind.EMERGENCY, col(TicketRow.seen_at).is_(None)),
        col(TicketRow.department) == workflow.PRESS,
        and_(
            col(TicketRow.status) == TicketStatus.NEEDS_INFO, col(TicketRow.changed_at) < utcnow() - PATIENCE
        ),
    )


def _waits_for_a_person() -> ColumnElement[bool]:
    unclear = and_(col(SentReplyRow.state) == SendState.UNKNOWN, col(SentReplyRow.step).is_(None))
    replies = select(SentReplyRow.ticket_id).where(
        or_(col(SentReplyRow.state) == SendState.NEEDS_DECISION, unclear)
    )
    deliveries = select(DeliveryRow.ticket_id).where(col(DeliveryRow.state) == SendState.NEEDS_DECISION)
    return or_(
        col(TicketRow.news_at).is_not(None),
        col(TicketRow.id).in_(replies),
        col(TicketRow.id).in_(deliveries),
    )


def _filters(platform: str, department: str, district: str, category: str) -> Iterable[ColumnElement[bool]]:
    for column, value in (
        (TicketRow.platform, platform),
        (TicketRow.department, department),
        (TicketRow.district, district),
        (TicketRow.category, category),
    ):
        if value:
            yield col(column) == value


def _speaks_of(text: str) -> ColumnElement[bool]:
    """Whether reference, place, words or handle carry the text."""
    messages = (
        select(TicketMessageRow.ticket_id)
        .join(MessageRow)
        .join(ReporterRow)
        .where(or_(col(MessageRow.text).icontains(text, autoescape=True), _handle(text)))
    )
    place = func.lower(col(TicketRow.location)["label"].as_string())
    return or_(
        col(TicketRow.reference).icontains(text, autoescape=True),
        place.contains(text.lower(), autoescape=True),
        col(TicketRow.id).in_(messages),
    )


def _handle(text: str) -> ColumnElement[bool]:
    return col(ReporterRow.handle).icontains(text.lstrip("@"), autoescape=True)

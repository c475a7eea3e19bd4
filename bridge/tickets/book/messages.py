"""Understanding and opening: what a message means, and whether it opens a ticket or joins one."""

from datetime import timedelta
from typing import Literal

from sqlmodel import Session, col, select

from bridge.domain import (
    Author,
    Kind,
    Location,
    PermanentError,
    Point,
    Step,
    TicketStatus,
    Understanding,
    Value,
)
from bridge.links import new_code
from bridge.tickets import workflow
from bridge.tickets.book._common import BRIDGE, alert_staff, insert_new, move, note, revise
from bridge.tickets.book._withdrawals import tickets_of
from bridge.tickets.claims import Claim, hold, settle, wake
from bridge.tickets.locks import LOCK, lock, locking
from bridge.tickets.session import reading, writing
from bridge.tickets.tables import (
    AttachmentRow,
    CityAccountRow,
    ConversationRow,
    MessageRow,
    ReporterRow,
    StatusChangeRow,
    TicketConversationRow,
    TicketMessageRow,
    TicketRow,
)
from bridge.tickets.types import utcnow

NO_TICKET = frozenset({Kind.ABUSE, Kind.IRRELEVANT})
COMPLETED_BY_WORDS = frozenset({TicketStatus.RECEIVED, TicketStatus.NEEDS_INFO, TicketStatus.ROUTED})
"""While nobody works on a ticket, its reporter's later words complete it; afterwards they are news."""
OVERTAKING = timedelta(days=1)
"""How much earlier an emergency is due, so that it waits behind nobody."""
NOT_UNDERSTOOD = Understanding(kind=Kind.REPORT, confidence=0.0)

Opened = Literal["opened", "joined", "put away"]


class Words(Value):
    """What there is to understand."""

    text: str
    point: Point | None


class Opening(Value):
    """How this city opens tickets."""

    reference_prefix: str
    join_window: timedelta


def words(claim: Claim) -> Words:
    """The text of a message with its warning line, and the coordinates sent along."""
    with reading() as session:
        row = session.get_one(MessageRow, claim.id)
    text = f"{row.spoiler_text}\n{row.text}" if row.spoiler_text else row.text
    point = Point(lat=row.lat, lon=row.lon) if row.lat is not None and row.lon is not None else None
    return Words(text=text, point=point)


def understood(claim: Claim, understanding: Understanding, then: Step = Step.OPEN) -> None:
    """Note what a message means and let it go on, an emergency before all others.

    Its pictures may be fetched now, unless it is abuse.
    """
    due_at = utcnow() - OVERTAKING if understanding.kind is Kind.EMERGENCY else None
    with writing() as session:
        row = hold(session, claim)
        row.kind, row.understanding = understanding.kind, understanding.model_dump(mode="json")
        if understanding.kind is not Kind.ABUSE:
            _fetch_pictures(session, row)
        settle(row, then, due_at)


def open_or_join(claim: Claim, opening: Opening) -> Opened:
    """Open a ticket for an understood message, add it to the one it belongs to, or put it away."""
    with writing() as session:
        message: MessageRow = hold(session, claim)
        _alone(session, message)
        settle(message)
        linked = tickets_of(session, message)
        if linked:
            return _join(session, message, linked)
        in_thread = _tickets_of_conversation(session, message)
        if in_thread:
            own = [t for t in in_thread if t.reporter_id == message.reporter_id]
            return _join(session, message, own or in_thread)
        if message.kind in NO_TICKET:
            return "put away"
        recent = _recent(session, message, opening.join_window)
        if recent:
            return _join(session, message, [recent])
        open_ticket(session, message, opening.reference_prefix)
        return "opened"


def open_by_staff(message_id: int, actor: str, opening: Opening) -> int:
    """Make a ticket of a message that was put away; its kind becomes report. Returns the ticket's id.

    Raises `PermanentError` where it is not there, or its author took it back meanwhile.
    """
    with writing() as session:
        message = session.get(MessageRow, message_id, **LOCK)
        if message is None:
            raise PermanentError("there is no such message")
        _alone(session, message)
        linked = tickets_of(session, message)
        if linked:
            return linked[0].id or 0
        if message.withdrawn_at:
            raise PermanentError("the author took this message back")
        message.kind = Kind.REPORT
        _fetch_pictures(session, message)
        ticket = open_ticket(session, message, opening.reference_prefix)
        assert ticket.id is not None
        note(session, ticket.id, actor, "opened", {"message": message_id})
        return ticket.id


def enter_by_hand(
    account_id: int, *, external_id: str, text: str, author: Author, url: str | None, point: Point | None
) -> int:
    """Store what staff typed in as a direct message of its own conversation; returns the message's id."""
    with writing(durable=True) as session:
        conversation = insert_new(
            session, ConversationRow, {"city_account_id": account_id, "external_id": external_id}
        )
        reporter = insert_new(
            session,
            ReporterRow,
            {
                "city_account_id": account_id,
                "external_id": author.external_id,
                "handle": author.handle,
                "display_name": author.display_name,
            },
        )
        assert conversation is not None
        assert reporter is not None
        row = MessageRow(
            city_account_id=account_id,
            external_id=external_id,
            conversation_id=conversation,
            reporter_id=reporter,
            text=text,
            url=url,
            lat=point.lat if point else None,
            lon=point.lon if point else None,
            step=Step.UNDERSTAND,
        )
        session.add(row)
        session.flush()
        assert row.id is not None
        return row.id


def _fetch_pictures(session: Session, message: MessageRow) -> None:
    pictures = select(AttachmentRow).where(
        AttachmentRow.message_id == message.id,
        AttachmentRow.kind == "image",
        col(AttachmentRow.file).is_(None),
    )
    for picture in session.exec(locking(pictures.order_by(col(AttachmentRow.id)), AttachmentRow)).all():
        wake(picture, Step.FETCH)


def _alone(session: Session, message: MessageRow) -> None:
    """Let nobody open a second ticket side by side: for the same conversation, or the same person."""
    lock(session, ConversationRow, message.conversation_id)
    lock(session, ReporterRow, message.reporter_id)


def open_ticket(session: Session, message: MessageRow, prefix: str) -> TicketRow:
    """A new ticket of a message, due to be routed."""
    meaning = Understanding.model_validate(message.understanding or NOT_UNDERSTOOD)
    account = session.get_one(CityAccountRow, message.city_account_id)
    ticket = TicketRow(
        code=new_code(),
        kind=message.kind or meaning.kind,
        category=meaning.category,
        confidence=meaning.confidence,
        language=meaning.language,
        platform=account.platform,
        flags=[flag.value for flag in meaning.flags],
        reporter_id=message.reporter_id,
        step=Step.ROUTE,
    )
    _place(ticket, meaning.location)
    session.add(ticket)
    session.flush()
    assert ticket.id is not None
    ticket.reference = f"{prefix}-{ticket.opened_at.year}-{ticket.id:05d}"
    session.add(StatusChangeRow(ticket_id=ticket.id, status=TicketStatus.RECEIVED, actor=BRIDGE))
    note(session, ticket.id, BRIDGE, "understood", {"message": message.id, **_gist(meaning)})
    _link(session, ticket, message)
    return ticket


def _gist(meaning: Understanding) -> dict[str, object]:
    """What a message was taken for, without its words: those leave with the message, the history stays."""
    gist = meaning.model_dump(mode="json", include={"kind", "category", "confidence", "flags"})
    return gist | {"place": meaning.location.label if meaning.location else None}


def _join(session: Session, message: MessageRow, tickets: list[TicketRow]) -> Opened:
    """Add a message to its tickets; the reporter's own words may complete what was missing."""
    emergency = message.kind is Kind.EMERGENCY
    for ticket in tickets:
        # What was opened before it was understood waits for nobody but for this.
        new = ticket.step is None and ticket.status is TicketStatus.RECEIVED
        _link(session, ticket, message)
        ticket.news_at = None if new else utcnow()
        if emergency:
            alert_staff(session, ticket)
        if ticket.reporter_id != message.reporter_id:
            continue
        if emergency and not workflow.is_open(ticket.status):
            move(session, ticket, TicketStatus.REOPENED, BRIDGE)
        newly = emergency and ticket.kind is not Kind.EMERGENCY
        if newly or ticket.status in COMPLETED_BY_WORDS:
            _complete(session, ticket, message)
            # A department that asked, or to which the ticket is just on its way, gets a correction.
            revise(session, ticket)
            wake(ticket, Step.ROUTE)
    return "joined"


def _complete(session: Session, ticket: TicketRow, message: MessageRow) -> None:
    """Take over what the later message knows better: the more trusted place, the more certain category.

    An emergency stays one whatever is said later: only a person may find it to be none.
    """
    meaning = Understanding.model_validate(message.understanding)
    known = Location.model_validate(ticket.location) if ticket.location else None
    before = {"category": ticket.category, "place": ticket.location}
    taken: dict[str, object] = {"message": message.id, "before": before}
    if meaning.location and (known is None or meaning.location.confidence > known.confidence):
        _place(ticket, meaning.location)
        taken["place"] = meaning.location.label
    if ticket.kind is not Kind.EMERGENCY:
        if meaning.kind is Kind.EMERGENCY:
            ticket.kind, ticket.seen_at = Kind.EMERGENCY, None
            taken["kind"] = Kind.EMERGENCY.value
        elif meaning.kind is Kind.REPORT and meaning.category and meaning.confidence > ticket.confidence:
            ticket.kind, ticket.category = Kind.REPORT, meaning.category
            ticket.confidence = meaning.confidence
            taken["category"] = meaning.category
    ticket.flags = list(dict.fromkeys([*ticket.flags, *(flag.value for flag in meaning.flags)]))
    assert ticket.id is not None
    note(session, ticket.id, BRIDGE, "joined", taken)


def _place(ticket: TicketRow, location: Location | None) -> None:
    ticket.location = location.model_dump(mode="json") if location else None
    ticket.district = location.district if location else None
    ticket.lat, ticket.lon = (location.lat, location.lon) if location else (None, None)


def _link(session: Session, ticket: TicketRow, message: MessageRow) -> None:
    assert ticket.id is not None
    session.merge(TicketMessageRow(ticket_id=ticket.id, message_id=message.id or 0))
    if ticket.reporter_id == message.reporter_id:
        session.merge(TicketConversationRow(ticket_id=ticket.id, conversation_id=message.conversation_id))


def _tickets_of_conversation(session: Session, message: MessageRow) -> list[TicketRow]:
    wanted = (
        select(TicketRow)
        .join(TicketConversationRow)
        .where(TicketConversationRow.conversation_id == message.conversation_id)
        .order_by(col(TicketRow.id))
    )
    return list(session.exec(locking(wanted, TicketRow)).all())


def _recent(session: Session, message: MessageRow, window: timedelta) -> TicketRow | None:
    """The newest open ticket in which the same person wrote within the window, however late we hear."""
    quick = col(MessageRow.written_at).between(message.written_at - window, message.written_at + window)
    wanted = (
        select(TicketRow)
        .join(TicketMessageRow)
        .join(MessageRow)
        .where(TicketRow.reporter_id == message.reporter_id, MessageRow.reporter_id == message.reporter_id)
        .where(quick, col(TicketRow.status).not_in(workflow.FINAL))
        .order_by(col(TicketRow.id).desc())
        .limit(1)
    )
    return session.exec(locking(wanted, TicketRow)).first()

"""Receiving: what platforms tell is stored raw first, then read into messages, edits and withdrawals."""

from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select

from bridge.domain import InboundMessage, PlatformEvent, SendState, Step, Withdrawal
from bridge.tickets.book._common import ANSWERED, BRIDGE, FIRST_WORDS, drop_unsent, insert_new, note, resume
from bridge.tickets.book._withdrawals import tickets_of, withdraw
from bridge.tickets.claims import Claim, hold, settle, stop, wake
from bridge.tickets.locks import LOCK, lock, locking
from bridge.tickets.session import reading, writing
from bridge.tickets.tables import (
    AttachmentRow,
    CityAccountRow,
    ConversationRow,
    MessageRow,
    RawEventRow,
    ReporterRow,
    SentReplyRow,
    TicketRow,
)
from bridge.tickets.types import utcnow

_PERHAPS_SENT = frozenset({SendState.SENDING, SendState.UNKNOWN, SendState.SENT})
"""The states of a reply that has arrived, or may have, although nobody has heard so yet."""


def store_page(
    claim: Claim, events: tuple[PlatformEvent, ...], cursor: str | None, poll_seconds: float
) -> int:
    """Store what a poll brought and move the cursor, both or neither; returns how many were new."""
    with writing(durable=bool(events)) as session:
        account = hold(session, claim)
        new = _store(session, claim.id, events)
        account.cursor, account.polled_at = cursor, utcnow()
        settle(account, Step.POLL, utcnow() + timedelta(seconds=poll_seconds))
    return new


def store_events(account_id: int, events: tuple[PlatformEvent, ...]) -> int:
    """Store events that came by another way than polling; returns how many were new."""
    with writing(durable=True) as session:
        session.get_one(CityAccountRow, account_id, **LOCK)
        return _store(session, account_id, events)


def raw(claim: Claim) -> tuple[int, str]:
    """The account id and payload of a stored event."""
    with reading() as session:
        row = session.get_one(RawEventRow, claim.id)
        return row.city_account_id, row.payload


def enter(claim: Claim, found: list[InboundMessage | Withdrawal]) -> bool:
    """Write what a raw event says into the case book; True where there is something to understand."""
    anything = False
    with writing() as session:
        event = hold(session, claim)
        for item in found:
            event.about = item.external_id
            if isinstance(item, InboundMessage):
                anything |= _enter_message(session, event.city_account_id, item)
                continue
            known = _message(session, event.city_account_id, item.external_id)
            if known and not known.withdrawn_at:
                withdraw(session, known)
        settle(event)
    return anything


def _store(session: Session, account_id: int, events: tuple[PlatformEvent, ...]) -> int:
    """Store what is new, with its account locked; polls overlap, and inserting in vain uses up row ids."""
    stored = select(RawEventRow.key).where(RawEventRow.city_account_id == account_id)
    known = set(session.exec(stored.where(col(RawEventRow.key).in_([e.key for e in events]))).all())
    rows = (
        {"city_account_id": account_id, "key": e.key, "payload": e.payload, "step": Step.RECEIVE}
        for e in events
        if e.key not in known
    )
    return sum(insert_new(session, RawEventRow, row) is not None for row in rows)


def _enter_message(session: Session, account_id: int, message: InboundMessage) -> bool:
    known = _message(session, account_id, message.external_id)
    if known:
        return _edit(session, known, message)
    if message.by_us:
        _enter_own(session, account_id, message)
        return False
    step = Step.UNDERSTAND if _speaks_to_us(message) else None
    values = _values(session, account_id, message)
    row_id = insert_new(session, MessageRow, values | {"step": step})
    if row_id is None:
        # Another event told of it in this moment.
        known = _message(session, account_id, message.external_id)
        return known is not None and _edit(session, known, message)
    _note_pictures(session, row_id, message)
    return step is not None


def _speaks_to_us(message: InboundMessage) -> bool:
    return message.addressed and not message.author.bot


def _note_pictures(session: Session, row_id: int | None, message: InboundMessage) -> None:
    for picture in message.attachments:
        values = picture.model_dump(include={"url", "kind", "description"})
        insert_new(session, AttachmentRow, {"message_id": row_id, **values})


def _enter_own(session: Session, account_id: int, message: InboundMessage) -> None:
    """A post of our own: one we sent is known; one a colleague wrote in the app stops automatic replies."""
    answered = message.in_reply_to and _conversation_of(session, account_id, message.in_reply_to)
    if not answered:
        return
    # Nobody may decide meanwhile that this message is still to be answered.
    lock(session, ConversationRow, answered)
    if _sent_by_the_bridge(session, account_id, message):
        return
    values = _values(session, account_id, message)
    insert_new(session, MessageRow, values | {"by_us": True})
    drop_unsent(
        session,
        SentReplyRow,
        ANSWERED,
        SentReplyRow.conversation_id == values["conversation_id"],
        col(SentReplyRow.cause).in_(FIRST_WORDS),
    )


def _sent_by_the_bridge(session: Session, account_id: int, message: InboundMessage) -> bool:
    """Whether a reply of ours is this post; one whose outcome was not known yet is settled by it."""
    sent = select(SentReplyRow.id).where(SentReplyRow.city_account_id == account_id)
    if session.exec(sent.where(SentReplyRow.external_id == message.external_id)).first():
        return True
    alike = (
        sent.join(MessageRow, col(MessageRow.id) == SentReplyRow.message_id)
        .where(MessageRow.external_id == message.in_reply_to)
        .where(col(SentReplyRow.state).in_(_PERHAPS_SENT))
        .order_by(col(SentReplyRow.id))
    )
    for reply_id in session.exec(alike).all():
        reply: SentReplyRow = lock(session, SentReplyRow, reply_id or 0)
        if reply.external_id == message.external_id:
            return True
        if reply.state in _PERHAPS_SENT and _same_words(message.text, reply.text):
            _recognise(session, reply, message)
            return True
    return False


def _recognise(session: Session, reply: SentReplyRow, message: InboundMessage) -> None:
    """A post with the words of a reply: its arrival; or, where it had arrived, the same said twice."""
    if reply.external_id is None:
        reply.state, reply.sent_at = SendState.SENT, reply.sent_at or message.written_at
        reply.external_id, reply.url = message.external_id, message.url
        stop(reply)
        resume(session, reply.ticket_id, BRIDGE)
    elif reply.ticket_id:
        note(session, reply.ticket_id, BRIDGE, "said twice", {"url": message.url})
        session.get_one(TicketRow, reply.ticket_id).news_at = utcnow()


def _edit(session: Session, row: MessageRow, message: InboundMessage) -> bool:
    """Take over newer words, which are understood anew; what was taken back stays so."""
    if row.by_us or row.withdrawn_at or message.edited_at is None:
        return False
    if row.edited_at and row.edited_at >= message.edited_at:
        return False
    row.edited_at, row.addressed = message.edited_at, message.addressed
    _note_pictures(session, row.id, message)
    if (row.text, row.spoiler_text) == (message.text, message.spoiler_text):
        return False
    row.text, row.spoiler_text = message.text, message.spoiler_text
    for ticket in tickets_of(session, row):
        ticket.news_at = utcnow()
    if not _speaks_to_us(message):
        return False
    wake(row, Step.UNDERSTAND)
    return True


def _values(session: Session, account_id: int, message: InboundMessage) -> dict[str, Any]:
    shared = message.model_dump(
        include={"external_id", "in_reply_to", "text", "spoiler_text", "language", "visibility", "url"}
        | {"written_at", "edited_at", "addressed"}
    )
    return shared | {
        "city_account_id": account_id,
        "conversation_id": _conversation(session, account_id, message),
        "reporter_id": _reporter(session, account_id, message),
        "lat": message.point.lat if message.point else None,
        "lon": message.point.lon if message.point else None,
    }


def _message(session: Session, account_id: int, external_id: str) -> MessageRow | None:
    """The message the platform calls so, locked."""
    wanted = select(MessageRow).filter_by(city_account_id=account_id, external_id=external_id)
    return session.exec(locking(wanted, MessageRow)).first()


def _reporter(session: Session, account_id: int, message: InboundMessage) -> int:
    author = message.author
    key = {"city_account_id": account_id, "external_id": author.external_id}
    known = select(ReporterRow).filter_by(**key)
    row = session.exec(known).first()
    if row is None:
        insert_new(session, ReporterRow, key)
        row = session.exec(known).one()
    row.handle, row.display_name, row.bot = author.handle, author.display_name, author.bot
    assert row.id is not None
    return row.id


def _conversation(session: Session, account_id: int, message: InboundMessage) -> int:
    """The conversation the platform names, else that of the message answered, else a new one."""
    key = {"city_account_id": account_id, "external_id": message.conversation_id}
    named = select(ConversationRow.id).filter_by(**key)
    found = session.exec(named).first()
    if found is None and message.in_reply_to:
        found = _conversation_of(session, account_id, message.in_reply_to)
    if found is None:
        # None where somebody else made it in this moment.
        found = insert_new(session, ConversationRow, key) or session.exec(named).one()
    assert found is not None
    return found


def _conversation_of(session: Session, account_id: int, external_id: str) -> int | None:
    key = {"city_account_id": account_id, "external_id": external_id}
    answered = session.exec(select(MessageRow.conversation_id).filter_by(**key)).first()
    return answered or session.exec(select(SentReplyRow.conversation_id).filter_by(**key)).first()


def _same_words(theirs: str, ours: str) -> bool:
    """Whether a post of ours carries the words of this reply, whatever mention or spacing is around."""
    return " ".join(ours.split()) in " ".join(theirs.split())

"""Receiving: what platforms tell is stored raw first, then read into messages, edits and withdrawals."""

from datetime import timedelta

from sqlmodel import Session, col, select, update

from bridge.domain import (
    InboundMessage,
    PlatformEvent,
    SendState,
    Step,
    TemporaryError,
    Withdrawal,
)
from bridge.tickets.book._common import insert_new
from bridge.tickets.claims import Claim, hold, settle, wake
from bridge.tickets.session import reading, writing
from bridge.tickets.tables import (
    AttachmentRow,
    ConversationRow,
    MessageRow,
    RawEventRow,
    ReporterRow,
    SentReplyRow,
    TicketMessageRow,
    TicketRow,
)
from bridge.tickets.types import utcnow


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
        return _store(session, account_id, events)


def raw(claim: Claim) -> tuple[int, str]:
    """The account id and payload of a stored event."""
    with reading() as session:
        row = session.get_one(RawEventRow, claim.id)
        return row.city_account_id, row.payload


def enter(claim: Claim, found: list[InboundMessage | Withdrawal]) -> bool:
    """Write what a raw event says into the case book; True where there is something to understand.

    Raises `TemporaryError` for a post of our own while the outcome of a reply of ours is unknown:
    it may be that very reply.
    """
    anything = False
    with writing() as session:
        event = hold(session, claim)
        for item in found:
            event.about = item.external_id
            if isinstance(item, Withdrawal):
                _withdraw(session, event.city_account_id, item.external_id)
            else:
                anything |= _enter_message(session, event.city_account_id, item)
        settle(event)
    return anything


def _store(session: Session, account_id: int, events: tuple[PlatformEvent, ...]) -> int:
    rows = (
        {"city_account_id": account_id, "key": e.key, "payload": e.payload, "step": Step.RECEIVE}
        for e in events
    )
    return sum(insert_new(session, RawEventRow, row) is not None for row in rows)


def _enter_message(session: Session, account_id: int, message: InboundMessage) -> bool:
    known = _message(session, account_id, message.external_id)
    if known:
        return _edit(session, known, message)
    if message.by_us:
        return _enter_own(session, account_id, message)
    reporter = _reporter(session, account_id, message)
    understood = message.addressed and not message.author.bot
    row = _row(session, account_id, message, reporter)
    row.step = Step.UNDERSTAND if understood else None
    session.add(row)
    session.flush()
    session.add_all(
        AttachmentRow(message_id=row.id or 0, url=a.url, kind=a.kind, description=a.description)
        for a in {a.url: a for a in message.attachments}.values()
    )
    return understood


def _enter_own(session: Session, account_id: int, message: InboundMessage) -> bool:
    """A post of our own: one we sent is known; one a colleague wrote in the app stops automatic replies."""
    if message.in_reply_to is None:
        return False
    sent = select(SentReplyRow).where(SentReplyRow.city_account_id == account_id)
    if session.exec(sent.where(SentReplyRow.external_id == message.external_id)).first():
        return False
    answered = _message(session, account_id, message.in_reply_to)
    if answered is None:
        return False
    for reply in session.exec(sent.where(SentReplyRow.message_id == answered.id)).all():
        if reply.state not in {SendState.SENDING, SendState.UNKNOWN}:
            continue
        if not _same_words(message.text, reply.text):
            raise TemporaryError("a reply of ours in this thread has no known outcome yet", retry_after=5)
        reply.state, reply.sent_at = SendState.SENT, message.written_at
        reply.external_id, reply.url = message.external_id, message.url
        wake(reply, Step.REPLY)
        settle(reply)
        return False
    row = _row(session, account_id, message, _reporter(session, account_id, message))
    row.by_us = True
    session.add(row)
    session.exec(
        update(SentReplyRow)
        .where(
            col(SentReplyRow.conversation_id) == row.conversation_id,
            col(SentReplyRow.state).in_([SendState.PENDING, SendState.NEEDS_DECISION]),
        )
        .values(state=SendState.DROPPED, step=None, error="answered by a colleague in the platform's own app")
    )
    return False


def _edit(session: Session, row: MessageRow, message: InboundMessage) -> bool:
    if message.edited_at is None or (row.edited_at and row.edited_at >= message.edited_at) or row.by_us:
        return False
    row.edited_at = message.edited_at
    if row.text == message.text:
        return False
    row.text, row.spoiler_text = message.text, message.spoiler_text
    _news(session, row)
    wake(row, Step.UNDERSTAND)
    return True


def _withdraw(session: Session, account_id: int, external_id: str) -> None:
    row = _message(session, account_id, external_id)
    if row is None or row.withdrawn_at:
        return
    row.withdrawn_at, row.text, row.understanding = utcnow(), "", None
    for attachment in session.exec(select(AttachmentRow).where(AttachmentRow.message_id == row.id)).all():
        session.delete(attachment)
    for event in session.exec(
        select(RawEventRow).where(RawEventRow.city_account_id == account_id, RawEventRow.about == external_id)
    ).all():
        event.payload = ""
    _news(session, row)


def _news(session: Session, row: MessageRow) -> None:
    tickets = select(TicketRow).join(TicketMessageRow).where(TicketMessageRow.message_id == row.id)
    for ticket in session.exec(tickets).all():
        ticket.news_at = utcnow()


def _row(session: Session, account_id: int, message: InboundMessage, reporter: ReporterRow) -> MessageRow:
    assert reporter.id is not None
    shared = message.model_dump(
        include={"external_id", "in_reply_to", "text", "spoiler_text", "language", "visibility", "url"}
        | {"written_at", "edited_at", "addressed"}
    )
    return MessageRow(
        **shared,
        city_account_id=account_id,
        conversation_id=_conversation(session, account_id, message),
        reporter_id=reporter.id,
        lat=message.point.lat if message.point else None,
        lon=message.point.lon if message.point else None,
    )


def _message(session: Session, account_id: int, external_id: str) -> MessageRow | None:
    return session.exec(
        select(MessageRow).where(
            MessageRow.city_account_id == account_id, MessageRow.external_id == external_id
        )
    ).first()


def _reporter(session: Session, account_id: int, message: InboundMessage) -> ReporterRow:
    author = message.author
    values = {"city_account_id": account_id, "external_id": author.external_id}
    insert_new(session, ReporterRow, values)
    row = session.exec(
        select(ReporterRow).where(
            ReporterRow.city_account_id == account_id, ReporterRow.external_id == author.external_id
        )
    ).one()
    row.handle, row.display_name, row.bot = author.handle, author.display_name, author.bot
    return row


def _conversation(session: Session, account_id: int, message: InboundMessage) -> int:
    """The conversation the platform names, else that of the message answered, else a new one."""
    named = select(ConversationRow.id).where(ConversationRow.city_account_id == account_id)
    found = session.exec(named.where(ConversationRow.external_id == message.conversation_id)).first()
    if found is None and message.in_reply_to:
        found = _conversation_of(session, account_id, message.in_reply_to)
    if found is None:
        values = {"city_account_id": account_id, "external_id": message.conversation_id}
        found = insert_new(session, ConversationRow, values)
    assert found is not None
    return found


def _conversation_of(session: Session, account_id: int, external_id: str) -> int | None:
    answered = _message(session, account_id, external_id)
    if answered:
        return answered.conversation_id
    return session.exec(
        select(SentReplyRow.conversation_id).where(
            SentReplyRow.city_account_id == account_id, SentReplyRow.external_id == external_id
        )
    ).first()


def _same_words(theirs: str, ours: str) -> bool:
    """Whether a post of ours carries the words of this reply, whatever mention or spacing is around."""
    return " ".join(ours.split()) in " ".join(theirs.split())

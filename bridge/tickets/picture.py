"""Makes frozen pictures of rows, inside the transaction that read them."""

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import func
from sqlmodel import Session, col, select

from bridge.domain import Location, SendState, Understanding, Value, Visibility
from bridge.tickets.tables import (
    BY_HAND,
    OPEN311,
    AttachmentRow,
    AttemptRow,
    CityAccountRow,
    ClockRow,
    DeliveryRow,
    HistoryRow,
    MessageRow,
    ReporterRow,
    SentReplyRow,
    StatusChangeRow,
    TicketConversationRow,
    TicketMessageRow,
    TicketRow,
)
from bridge.tickets.views import (
    AttachmentView,
    AttemptView,
    Case,
    ClockView,
    DeliveryView,
    HistoryView,
    MessageView,
    ReplyView,
    StatusChangeView,
    Thread,
    TicketLine,
)

Picture = TypeVar("Picture", bound=Value)

WORDS = 160
"""How much of the citizen's words a line of the list shows."""


def case_of(session: Session, row: TicketRow) -> Case:
    """A ticket with everything that belongs to it."""
    messages = message_views(session, _messages(session, row), row.reporter_id)
    replies = session.exec(
        select(SentReplyRow, CityAccountRow)
        .join(CityAccountRow)
        .where(SentReplyRow.ticket_id == row.id)
        .order_by(col(SentReplyRow.id))
    ).all()
    shared = {name: getattr(row, name) for name in Case.model_fields if name in TicketRow.model_fields}
    return Case(
        **shared
        | {"flags": tuple(row.flags), "refused_by": tuple(row.refused_by), "location": _location(row)},
        messages=messages,
        threads=_threads(session, row, messages),
        replies=tuple(_reply(reply, account.platform) for reply, account in replies),
        deliveries=_deliveries(session, row),
        clocks=tuple(_same(ClockView, c) for c in _all(session, ClockRow, row)),
        changes=tuple(_same(StatusChangeView, c) for c in _all(session, StatusChangeRow, row)),
        history=tuple(_same(HistoryView, h) for h in _all(session, HistoryRow, row)),
    )


def lines_of(session: Session, rows: Sequence[TicketRow]) -> tuple[TicketLine, ...]:
    """The lines of a list, with a fixed number of queries however long it is."""
    ids = [row.id for row in rows]
    replies = _waiting(session, SentReplyRow, ids)
    deliveries = _waiting(session, DeliveryRow, ids)
    first = _first_messages(session, ids)
    clocks = _clocks(session, ids)
    return tuple(
        _line(row, first.get(row.id), replies, deliveries, clocks.get(row.id or 0, ())) for row in rows
    )


def message_views(
    session: Session, rows: Sequence[MessageRow], reporter_id: int | None
) -> tuple[MessageView, ...]:
    """Messages with their author and pictures."""
    ids = [row.id for row in rows]
    reporters = {
        r.id: r
        for r in session.exec(
            select(ReporterRow).where(col(ReporterRow.id).in_({m.reporter_id for m in rows}))
        )
    }
    platforms = {a.id: a.platform for a in session.exec(select(CityAccountRow))}
    attachments: dict[int, list[AttachmentRow]] = {}
    pictures = select(AttachmentRow).where(col(AttachmentRow.message_id).in_(ids))
    for attachment in session.exec(pictures.order_by(col(AttachmentRow.id))):
        attachments.setdefault(attachment.message_id, []).append(attachment)
    return tuple(
        _message(
            row,
            reporters[row.reporter_id],
            platforms[row.city_account_id],
            attachments.get(row.id or 0, []),
            from_reporter=row.reporter_id == reporter_id and not row.by_us,
        )
        for row in rows
    )


def _messages(session: Session, ticket: TicketRow) -> Sequence[MessageRow]:
    """The messages of a ticket, and answers written in the platform's own app in its conversations."""
    linked = select(TicketMessageRow.message_id).where(TicketMessageRow.ticket_id == ticket.id)
    threads = select(TicketConversationRow.conversation_id).where(
        TicketConversationRow.ticket_id == ticket.id
    )
    ours = col(MessageRow.by_us).is_(True) & col(MessageRow.conversation_id).in_(threads)
    return session.exec(
        select(MessageRow)
        .where(col(MessageRow.id).in_(linked) | ours)
        .order_by(col(MessageRow.written_at), col(MessageRow.id))
    ).all()


def _threads(session: Session, ticket: TicketRow, messages: tuple[MessageView, ...]) -> tuple[Thread, ...]:
    answered = set(
        session.exec(
            select(SentReplyRow.conversation_id).where(
                SentReplyRow.ticket_id == ticket.id, SentReplyRow.state != SendState.DROPPED
            )
        )
    )
    threads: dict[int, Thread] = {}
    for message in messages:
        if not message.from_reporter or message.withdrawn_at or message.platform == OPEN311:
            continue
        account = session.get_one(CityAccountRow, message.account_id)
        threads[message.conversation_id] = Thread(
            conversation_id=message.conversation_id,
            account_id=message.account_id,
            platform=message.platform,
            base_url=account.base_url,
            limit=account.limit,
            message_id=message.id,
            handle=message.author_handle,
            visibility=message.visibility,
            answered=message.conversation_id in answered,
        )
    return tuple(threads.values())


def _message(
    row: MessageRow,
    reporter: ReporterRow,
    platform: str,
    attachments: list[AttachmentRow],
    *,
    from_reporter: bool,
) -> MessageView:
    shared = {
        name: getattr(row, name) for name in MessageView.model_fields if name in MessageRow.model_fields
    }
    meaning = Understanding.model_validate(row.understanding) if row.understanding else None
    return MessageView(
        **shared | {"understanding": meaning},
        account_id=row.city_account_id,
        platform=platform,
        author_handle=reporter.handle,
        author_name=reporter.display_name,
        from_reporter=from_reporter,
        attachments=tuple(_attachment(a) for a in attachments),
    )


def _attachment(row: AttachmentRow) -> AttachmentView:
    shared = {name: getattr(row, name) for name in AttachmentView.model_fields if name != "pending"}
    return AttachmentView(**shared, pending=row.step is not None)


def _deliveries(session: Session, ticket: TicketRow) -> tuple[DeliveryView, ...]:
    rows = _all(session, DeliveryRow, ticket)
    tries = select(AttemptRow).where(col(AttemptRow.delivery_id).in_([row.id for row in rows]))
    attempts: dict[int | None, tuple[AttemptView, ...]] = {}
    for attempt in session.exec(tries.order_by(col(AttemptRow.id))):
        before = attempts.get(attempt.delivery_id, ())
        attempts[attempt.delivery_id] = (*before, _same(AttemptView, attempt))
    return tuple(_delivery(row, attempts.get(row.id, ())) for row in rows)


def _delivery(row: DeliveryRow, attempts: tuple[AttemptView, ...]) -> DeliveryView:
    shared = {name: getattr(row, name) for name in DeliveryView.model_fields if name != "attempts"}
    return DeliveryView(**shared, attempts=attempts)


def _reply(row: SentReplyRow, platform: str) -> ReplyView:
    shared = {
        name: getattr(row, name) for name in ReplyView.model_fields if name in SentReplyRow.model_fields
    }
    return ReplyView(**shared, platform=platform, by_hand=platform == BY_HAND)


def _line(
    row: TicketRow,
    first: tuple[str, str, Visibility] | None,
    replies: dict[int, int],
    deliveries: dict[int, int],
    clocks: tuple[ClockView, ...],
) -> TicketLine:
    text, handle, visibility = first or ("", "", Visibility.DIRECT)
    location = _location(row)
    shared = {name: getattr(row, name) for name in TicketLine.model_fields if name in TicketRow.model_fields}
    return TicketLine(
        **shared | {"flags": tuple(row.flags)},
        title=location.label if location else "",
        place=location.label if location else "",
        reporter=handle,
        visibility=visibility,
        waiting_replies=replies.get(row.id or 0, 0),
        waiting_deliveries=deliveries.get(row.id or 0, 0),
        text=text[:WORDS],
        clocks=clocks,
    )


def _clocks(session: Session, ids: list[int | None]) -> dict[int, tuple[ClockView, ...]]:
    found: dict[int, tuple[ClockView, ...]] = {}
    for row in session.exec(
        select(ClockRow).where(col(ClockRow.ticket_id).in_(ids)).order_by(col(ClockRow.id))
    ):
        found[row.ticket_id] = (*found.get(row.ticket_id, ()), _same(ClockView, row))
    return found


def _first_messages(session: Session, ids: list[int | None]) -> dict[int | None, tuple[str, str, Visibility]]:
    first = (
        select(func.min(TicketMessageRow.message_id))
        .where(col(TicketMessageRow.ticket_id).in_(ids))
        .group_by(col(TicketMessageRow.ticket_id))
    )
    found = session.exec(
        select(TicketMessageRow.ticket_id, MessageRow.text, ReporterRow.handle, MessageRow.visibility)
        .join(MessageRow, col(MessageRow.id) == TicketMessageRow.message_id)
        .join(ReporterRow, col(ReporterRow.id) == MessageRow.reporter_id)
        .where(col(TicketMessageRow.ticket_id).in_(ids), col(MessageRow.id).in_(first))
    ).all()
    return {ticket: (text, handle, Visibility(visibility)) for ticket, text, handle, visibility in found}


def _waiting(
    session: Session, table: type[SentReplyRow] | type[DeliveryRow], ids: list[int | None]
) -> dict[int, int]:
    unsure = [SendState.NEEDS_DECISION, SendState.UNKNOWN]
    counted = session.exec(
        select(table.ticket_id, func.count())
        .where(col(table.ticket_id).in_(ids), col(table.state).in_(unsure))
        .group_by(col(table.ticket_id))
    ).all()
    return {ticket_id: count for ticket_id, count in counted if ticket_id is not None}


def _location(row: TicketRow) -> Location | None:
    return Location.model_validate(row.location) if row.location else None


def _all(session: Session, table: type[Any], ticket: TicketRow) -> Sequence[Any]:
    return session.exec(select(table).where(table.ticket_id == ticket.id).order_by(table.id)).all()


def _same(view: type[Picture], row: Any) -> Picture:
    return view(**{name: getattr(row, name) for name in view.model_fields})

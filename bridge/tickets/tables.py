"""The rows of the case book."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from bridge.domain import Automation, Cause, DecisionReason, Kind, SendState, TicketStatus, Visibility
from bridge.tickets.rows import DueRow, Row, due_index
from bridge.tickets.types import Choice, Json, UTCDateTime, utcnow

BY_HAND = "by_hand"
"""The platform of what staff type in: a phone call, a letter, a post no interface reaches."""


class CityAccountRow(DueRow, table=True):
    """One account of the city on one platform; the token is encrypted."""

    __tablename__ = "city_account"
    __table_args__ = (UniqueConstraint("platform", "base_url", "handle"), due_index("city_account"))
    platform: str
    base_url: str = ""
    handle: str = ""
    external_id: str = ""
    secret: str = Field(default="", sa_type=Text)
    cursor: str | None = Field(default=None, sa_type=Text)
    poll_seconds: float = 30.0
    limit: int = 500
    polled_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    looked_again_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class RawEventRow(DueRow, table=True):
    """What a platform told us, exactly as it came, before anybody reads it."""

    __tablename__ = "raw_event"
    __table_args__ = (UniqueConstraint("city_account_id", "key"), due_index("raw_event"))
    city_account_id: int = Field(foreign_key="city_account.id")
    key: str
    payload: str = Field(sa_type=Text)
    about: str | None = Field(default=None, index=True)
    received_at: datetime = Field(default_factory=utcnow, sa_type=UTCDateTime, index=True)


class ReporterRow(Row, table=True):
    """Who wrote; known by the platform's id, which stays when the handle changes."""

    __tablename__ = "reporter"
    __table_args__ = (UniqueConstraint("city_account_id", "external_id"),)
    city_account_id: int = Field(foreign_key="city_account.id")
    external_id: str
    handle: str = ""
    display_name: str = ""
    bot: bool = False


class ConversationRow(Row, table=True):
    """Messages that answer each other; named after its first message."""

    __tablename__ = "conversation"
    __table_args__ = (UniqueConstraint("city_account_id", "external_id"),)
    city_account_id: int = Field(foreign_key="city_account.id")
    external_id: str


class MessageRow(DueRow, table=True):
    """One thing a citizen wrote, or (`by_us`) an answer written in the platform's own app."""

    __tablename__ = "message"
    __table_args__ = (UniqueConstraint("city_account_id", "external_id"), due_index("message"))
    city_account_id: int = Field(foreign_key="city_account.id")
    external_id: str
    conversation_id: int = Field(foreign_key="conversation.id", index=True)
    reporter_id: int = Field(foreign_key="reporter.id", index=True)
    in_reply_to: str | None = None
    text: str = Field(default="", sa_type=Text)
    spoiler_text: str = Field(default="", sa_type=Text)
    language: str | None = None
    visibility: Visibility = Field(default=Visibility.DIRECT, sa_type=Choice(Visibility))
    url: str | None = None
    written_at: datetime = Field(default_factory=utcnow, sa_type=UTCDateTime)
    received_at: datetime = Field(default_factory=utcnow, sa_type=UTCDateTime)
    edited_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    addressed: bool = True
    by_us: bool = False
    lat: float | None = None
    lon: float | None = None
    kind: Kind | None = Field(default=None, sa_type=Choice(Kind), index=True)
    understanding: dict[str, Any] | None = Field(default=None, sa_type=Json)


class AttachmentRow(DueRow, table=True):
    """A picture or film of a message; `file` is our own copy without metadata."""

    __tablename__ = "attachment"
    __table_args__ = (UniqueConstraint("message_id", "url"), due_index("attachment"))
    message_id: int = Field(foreign_key="message.id")
    url: str
    kind: str = "image"
    description: str = Field(default="", sa_type=Text)
    file: str | None = None


class TicketRow(DueRow, table=True):
    """One case."""

    __tablename__ = "ticket"
    __table_args__ = (due_index("ticket"), Index("ix_ticket_open", "status", "opened_at"))
    reference: str | None = Field(default=None, unique=True)
    code: str = Field(unique=True)
    status: TicketStatus = Field(default=TicketStatus.RECEIVED, sa_type=Choice(TicketStatus))
    reason: DecisionReason | None = Field(default=None, sa_type=Choice(DecisionReason))
    kind: Kind = Field(sa_type=Choice(Kind))
    category: str | None = None
    confidence: float = 0.0
    language: str = "de"
    platform: str = ""
    flags: list[str] = Field(default_factory=list, sa_type=Json)
    location: dict[str, Any] | None = Field(default=None, sa_type=Json)
    district: str | None = None
    lat: float | None = None
    lon: float | None = None
    department: str | None = None
    rule: str | None = None
    because: str = Field(default="", sa_type=Text)
    reporter_id: int | None = Field(default=None, foreign_key="reporter.id", index=True)
    questions: int = 0
    revision: int = 0
    fixed_department: str | None = None
    opened_at: datetime = Field(default_factory=utcnow, sa_type=UTCDateTime)
    changed_at: datetime = Field(default_factory=utcnow, sa_type=UTCDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    news_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    seen_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class TicketMessageRow(SQLModel, table=True):
    """Which messages speak of which ticket: one message may open several tickets."""

    __tablename__: ClassVar[Any] = "ticket_message"
    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)
    message_id: int = Field(foreign_key="message.id", primary_key=True, index=True)


class TicketConversationRow(SQLModel, table=True):
    """Which conversations a ticket answers in: one ticket may hold several."""

    __tablename__: ClassVar[Any] = "ticket_conversation"
    ticket_id: int = Field(foreign_key="ticket.id", primary_key=True)
    conversation_id: int = Field(foreign_key="conversation.id", primary_key=True, index=True)


class StatusChangeRow(Row, table=True):
    """One state a ticket took; appended, never edited."""

    __tablename__ = "status_change"
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    at: datetime = Field(default_factory=utcnow, sa_type=UTCDateTime)
    status: TicketStatus = Field(sa_type=Choice(TicketStatus))
    reason: DecisionReason | None = Field(default=None, sa_type=Choice(DecisionReason))
    actor: str
    words: str = Field(default="", sa_type=Text)


class HistoryRow(Row, table=True):
    """One decision or correction, with what it rests on; appended, never edited."""

    __tablename__ = "history"
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    at: datetime = Field(default_factory=utcnow, sa_type=UTCDateTime)
    actor: str
    what: str
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=Json)


class DeliveryRow(DueRow, table=True):
    """One hand-over to a department; sent at most once each (ticket, department, reason, revision)."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("ticket_id", "department", "reason", "revision"),
        due_index("delivery"),
    )
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    department: str
    reason: str
    revision: int = 0
    state: SendState = Field(default=SendState.PENDING, sa_type=Choice(SendState))
    message_id: str
    receipt: str = ""
    written_at: datetime = Field(default_factory=utcnow, sa_type=UTCDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class StatusUpdateRow(DueRow, table=True):
    """The word of a department (or of the press desk) about a ticket, before it takes effect."""

    __tablename__ = "status_update"
    __table_args__ = (UniqueConstraint("department", "external_id"), due_index("status_update"))
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    department: str
    external_id: str
    actor: str
    status: TicketStatus = Field(sa_type=Choice(TicketStatus))
    words: str = Field(default="", sa_type=Text)
    received_at: datetime = Field(default_factory=utcnow, sa_type=UTCDateTime)


class SentReplyRow(DueRow, table=True):
    """One thing we tell a citizen; written at most once each (conversation, cause, cause id)."""

    __tablename__ = "sent_reply"
    __table_args__ = (
        UniqueConstraint("conversation_id", "cause", "cause_id"),
        due_index("sent_reply"),
        Index("ix_sent_reply_external_id", "city_account_id", "external_id"),
    )
    city_account_id: int = Field(foreign_key="city_account.id")
    conversation_id: int = Field(foreign_key="conversation.id")
    message_id: int = Field(foreign_key="message.id")
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    cause: Cause = Field(sa_type=Choice(Cause))
    cause_id: str
    variant: str = ""
    priority: int = 5
    state: SendState = Field(default=SendState.PENDING, sa_type=Choice(SendState))
    automation: Automation = Field(default=Automation.AUTOMATIC, sa_type=Choice(Automation))
    text: str = Field(default="", sa_type=Text)
    language: str = "de"
    visibility: Visibility = Field(default=Visibility.DIRECT, sa_type=Choice(Visibility))
    idempotency_key: str
    unknowns: int = 0
    best_before: datetime | None = Field(default=None, sa_type=UTCDateTime)
    first_attempt_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    written_at: datetime = Field(default_factory=utcnow, sa_type=UTCDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    external_id: str | None = None
    url: str | None = None


class StaffRow(DueRow, table=True):
    """A person of the city; due when a notice mail should go to them."""

    __tablename__ = "staff"
    __table_args__ = (due_index("staff"),)
    login: str = Field(unique=True)
    name: str
    email: str = ""
    password_hash: str = ""
    notices: str = "at_once"
    noticed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    disabled: bool = False


class StaffSessionRow(Row, table=True):
    """One signed-in browser; only the hash of its token is kept, and it can be ended here."""

    __tablename__ = "staff_session"
    staff_id: int = Field(foreign_key="staff.id", index=True)
    token_hash: str = Field(unique=True)
    started_at: datetime = Field(default_factory=utcnow, sa_type=UTCDateTime)
    seen_at: datetime = Field(default_factory=utcnow, sa_type=UTCDateTime)
    ends_at: datetime = Field(sa_type=UTCDateTime)


class ChoreRow(DueRow, table=True):
    """Work of the house that comes round again, such as the sweep."""

    __tablename__ = "chore"
    __table_args__ = (due_index("chore"),)
    name: str = Field(unique=True)


class GeocodeRow(Row, table=True):
    """What a geocoder once answered; an empty answer is one too."""

    __tablename__ = "geocode"
    query: str = Field(unique=True)
    answer: list[dict[str, Any]] = Field(sa_type=Json)
    at: datetime = Field(default_factory=utcnow, sa_type=UTCDateTime, index=True)


class SwitchRow(SQLModel, table=True):
    """A thing that is on while its row exists: the pause, the ticker's lease, the geocoder's turn."""

    __tablename__: ClassVar[Any] = "switch"
    name: str = Field(primary_key=True)
    value: str = ""
    until: datetime | None = Field(default=None, sa_type=UTCDateTime)

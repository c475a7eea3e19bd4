"""The cases: tickets, what belongs to them and what happened to them."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from bridge.domain import (
    Automation,
    Cause,
    DecisionReason,
    Kind,
    Priority,
    SendState,
    TicketStatus,
    Visibility,
)
from bridge.tickets.rows import DueRow, Row, due_index
from bridge.tickets.types import Choice, Json, UTCDateTime, utcnow


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
    priority: Priority = Field(default=Priority.NORMAL, sa_type=Choice(Priority))
    private: bool = False
    refusals: int = 0
    refused_by: list[str] = Field(default_factory=list, sa_type=Json)
    promised_at: datetime | None = Field(default=None, sa_type=UTCDateTime, index=True)
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

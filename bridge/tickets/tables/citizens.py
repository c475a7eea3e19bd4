"""What citizens wrote, where, and who they are."""

from datetime import datetime
from typing import Any

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field

from bridge.domain import Kind, Visibility
from bridge.tickets.rows import DueRow, Row, due_index
from bridge.tickets.types import Choice, Json, UTCDateTime, utcnow

BY_HAND = "by_hand"
"""The platform of what staff type in: a phone call, a letter, a post no interface reaches."""
OPEN311 = "open311"
"""The platform of what other systems report; they ask what became of it, and nobody is written to."""


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

"""What goes to the departments and what comes back from them."""

from datetime import datetime

from sqlalchemy import LargeBinary, Text, UniqueConstraint
from sqlmodel import Field

from bridge.domain import (
    ClockKind,
    Purpose,
    SendState,
    TicketStatus,
    Verdict,
)
from bridge.tickets.rows import DueRow, Row, due_index
from bridge.tickets.types import Choice, Json, UTCDateTime, utcnow


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
    worthless_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    listed_in: str | None = Field(default=None, index=True)
    bounce: str = Field(default="", sa_type=Text)
    address: str = ""
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
    happened_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    received_at: datetime = Field(default_factory=utcnow, sa_type=UTCDateTime)


class AttemptRow(Row, table=True):
    """One try to hand something over, and what came of it; appended, never edited."""

    __tablename__ = "attempt"
    delivery_id: int = Field(foreign_key="delivery.id", index=True)
    at: datetime = Field(default_factory=utcnow, sa_type=UTCDateTime)
    milliseconds: int = 0
    outcome: str
    status_code: int | None = None
    words: str = Field(default="", sa_type=Text)
    next_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class UpdatePhotoRow(Row, table=True):
    """A picture a department sent with its word; `file` is our own copy without metadata."""

    __tablename__ = "update_photo"
    __table_args__ = (UniqueConstraint("update_id", "file"),)
    update_id: int = Field(foreign_key="status_update.id", index=True)
    file: str
    description: str = Field(default="", sa_type=Text)


class LetterRow(DueRow, table=True):
    """A mail somebody sent to the city's address, exactly as it came, and what became of it."""

    __tablename__ = "letter"
    __table_args__ = (due_index("letter"),)
    key: str = Field(unique=True)
    raw: bytes = Field(sa_type=LargeBinary)
    received_at: datetime = Field(default_factory=utcnow, sa_type=UTCDateTime, index=True)
    sender: str = ""
    subject: str = Field(default="", sa_type=Text)
    words: str = Field(default="", sa_type=Text)
    verdict: Verdict | None = Field(default=None, sa_type=Choice(Verdict), index=True)
    because: str = Field(default="", sa_type=Text)
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    department: str | None = None
    answer: str = ""
    files: list[str] = Field(default_factory=list, sa_type=Json)


class ClockRow(DueRow, table=True):
    """What a department owes until when; it runs in working time and stops while a citizen is asked."""

    __tablename__ = "clock"
    __table_args__ = (UniqueConstraint("ticket_id", "department", "kind"), due_index("clock"))
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    department: str
    kind: ClockKind = Field(sa_type=Choice(ClockKind))
    level: int = 0
    started_at: datetime = Field(default_factory=utcnow, sa_type=UTCDateTime)
    ends_at: datetime = Field(sa_type=UTCDateTime)
    left_seconds: int | None = None


class SecretRow(Row, table=True):
    """A department's key for one purpose; several hold at once while they are changed."""

    __tablename__ = "secret"
    department: str = Field(index=True)
    purpose: Purpose = Field(sa_type=Choice(Purpose))
    secret: str = Field(default="", sa_type=Text)
    token_hash: str | None = Field(default=None, unique=True)
    made_at: datetime = Field(default_factory=utcnow, sa_type=UTCDateTime)
    ends_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class TrackerRow(DueRow, table=True):
    """A department's own tracker that is asked what became of our tickets."""

    __tablename__ = "tracker"
    __table_args__ = (due_index("tracker"),)
    department: str = Field(unique=True)
    asked_until: datetime | None = Field(default=None, sa_type=UTCDateTime)

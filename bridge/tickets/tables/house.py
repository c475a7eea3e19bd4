"""The people of the desk and what keeps the house in order."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from bridge.tickets.rows import DueRow, Row, due_index
from bridge.tickets.types import Json, UTCDateTime, utcnow


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


class ProbeRow(DueRow, table=True):
    """A text somebody tries on the rules page, and what would become of it."""

    __tablename__ = "probe"
    __table_args__ = (due_index("probe"),)
    key: str = Field(unique=True)
    text: str = Field(sa_type=Text)
    result: dict[str, Any] | None = Field(default=None, sa_type=Json)
    asked_at: datetime = Field(default_factory=utcnow, sa_type=UTCDateTime, index=True)


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

"""What every row has, and what a row has that something is to be done with.

A row that has something to be done carries its next `step` and when it is due; a worker leases it by
`lease_until`; `attempt` only ever grows and tells a worker that came too late.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, MetaData, Text
from sqlmodel import Field, SQLModel

from bridge.domain import Step
from bridge.tickets.types import Choice, UTCDateTime, utcnow

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention


class Row(SQLModel):
    """What every table has."""

    __tablename__: ClassVar[Any]
    id: int | None = Field(default=None, primary_key=True)


class DueRow(Row):
    """A row with something to be done; `step` None means nothing is."""

    step: Step | None = Field(default=None, sa_type=Choice(Step))
    due_at: datetime = Field(default_factory=utcnow, sa_type=UTCDateTime)
    lease_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    attempt: int = 0
    tries: int = 0
    error: str = Field(default="", sa_type=Text)


def due_index(table: str) -> Index:
    """What the ticker and every claim ask for."""
    return Index(f"ix_{table}_due", "step", "due_at")

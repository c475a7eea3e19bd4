"""Runs the migrations on the one database of the settings."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON
from sqlmodel import AutoString, SQLModel

from bridge.tickets import tables
from bridge.tickets.session import engine
from bridge.tickets.types import Choice, UTCDateTime

assert tables


def plain(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write columns in plain SQL types, so that an old migration never needs today's code."""
    if kind != "type":
        return False
    if isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Choice):
        return "sa.String(32)"
    if isinstance(item, AutoString):
        return "sa.String()"
    return "JSON" if isinstance(item, JSON) else False


url = context.config.get_main_option("sqlalchemy.url")
with engine(url).execution_options(writing=True).connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_item=plain,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()

"""The database grows from nothing to the tables of today and back."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect
from sqlmodel import SQLModel

from bridge.settings import settings
from bridge.tickets import migrate, session


@pytest.fixture
def nothing(database: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("BRIDGE_DATA", str(tmp_path / "new" / "var"))
    settings.cache_clear()
    return tmp_path / "new" / "var" / "bridge.db"


def tables() -> set[str]:
    return set(inspect(session.engine()).get_table_names())


def test_the_database_is_made_from_nothing(nothing: Path) -> None:
    assert not nothing.exists()
    migrate.upgrade()
    assert tables() == set(SQLModel.metadata.tables) | {"alembic_version"}
    migrate.upgrade()


def test_the_migrations_lead_to_the_tables_of_the_code(nothing: Path) -> None:
    migrate.upgrade()
    command.check(migrate.config())


def test_every_migration_can_be_taken_back(nothing: Path) -> None:
    migrate.upgrade()
    command.downgrade(migrate.config(), "base")
    assert tables() == {"alembic_version"}
    migrate.upgrade()
    assert "ticket" in tables()


def test_a_strange_sign_in_the_address_is_no_trouble(nothing: Path, tmp_path: Path) -> None:
    migrate.upgrade(f"sqlite:///{tmp_path / '100%.db'}")
    assert (tmp_path / "100%.db").exists()

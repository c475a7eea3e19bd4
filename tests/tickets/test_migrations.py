"""The database grows from nothing to the tables of today and back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect
from sqlmodel import SQLModel

from bridge.domain import ConfigError
from bridge.settings import settings
from bridge.tickets import migrate, session
from tests.database import Copies, in_force


@pytest.fixture(params=["sqlite", "postgresql"])
def nothing(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[None]:
    """A database without anything in it; on SQLite not even a file."""
    monkeypatch.setenv("BRIDGE_DATA", str(tmp_path / "new" / "var"))
    if request.param == "postgresql":
        copies: Copies = request.getfixturevalue("postgresql")
        with copies(empty=True) as url:
            in_force(url, monkeypatch)
            yield
    else:
        in_force("", monkeypatch)
        yield
        session.close()
    settings.cache_clear()


def tables() -> set[str]:
    return set(inspect(session.engine()).get_table_names())


@pytest.mark.usefixtures("nothing")
def test_the_database_is_made_from_nothing() -> None:
    migrate.upgrade()
    assert tables() == set(SQLModel.metadata.tables) | {"alembic_version"}
    migrate.upgrade()


@pytest.mark.usefixtures("nothing")
def test_the_migrations_lead_to_the_tables_of_the_code() -> None:
    migrate.upgrade()
    command.check(migrate.config())


@pytest.mark.usefixtures("nothing")
def test_every_migration_can_be_taken_back() -> None:
    migrate.upgrade()
    command.downgrade(migrate.config(), "base")
    assert tables() == {"alembic_version"}
    migrate.upgrade()
    assert "ticket" in tables()


def test_a_strange_sign_in_the_address_is_no_trouble(tmp_path: Path) -> None:
    migrate.upgrade(f"sqlite:///{tmp_path / '100%.db'}")
    session.close()
    assert (tmp_path / "100%.db").exists()


def test_a_database_that_knows_no_umlauts_is_refused_with_what_helps(postgresql: Copies) -> None:
    with postgresql(empty=True, locale="C") as url, pytest.raises(ConfigError, match=r"LOCALE 'C\.UTF-8'"):
        migrate.upgrade(url)

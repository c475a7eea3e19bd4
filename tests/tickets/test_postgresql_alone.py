"""What only PostgreSQL does: it goes away and comes back, and counts its connections."""

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from bridge.tickets import claims, migrate, session
from bridge.tickets.session import DatabaseError, reading, writing
from tests import postgres
from tests.database import in_force
from tests.postgres import Server
from workers import ticker


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server of our own with a case book in it."""
    try:
        with postgres.own_server() as started:
            in_force(started.url, monkeypatch)
            migrate.upgrade()
            yield started
            session.close()
    except postgres.NoServerError as error:
        pytest.skip(str(error))


def test_a_server_that_was_killed_is_found_again_when_it_is_back(server: Server) -> None:
    ticker.tick("one")
    server.kill()
    with pytest.raises(DatabaseError):
        ticker.tick("one")
    server.start()
    ticker.tick("one")
    assert claims.due_steps() == []


def test_a_forked_worker_has_a_connection_of_its_own_and_leaves_none(server: Server) -> None:
    def connections() -> int:
        with reading() as asking:
            told = asking.scalar(text("SELECT count(*) FROM pg_stat_activity WHERE application_name <> ''"))
        return int(told or 0)

    before = connections()
    for _ in range(3):
        child = os.fork()
        if not child:
            os._exit(0 if connections() == before + 1 else 1)
        assert os.waitpid(child, 0)[1] == 0
    assert connections() == before


def test_a_transaction_that_stands_still_keeps_its_locks_for_seconds_only(server: Server) -> None:
    with writing() as asking:
        for name in ("idle_in_transaction_session_timeout", "lock_timeout"):
            assert asking.scalar(text(f"SHOW {name}")) == "20s"
        assert asking.scalar(text("SHOW transaction_isolation")) == "read committed"
    with reading() as asking:
        assert asking.scalar(text("SHOW transaction_isolation")) == "repeatable read"
        with pytest.raises(DatabaseError, match="read-only"):
            asking.execute(text("DELETE FROM ticket"))

"""A town whose offices are reached, and answer, through real mail servers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge import delivery
from bridge.settings import settings
from bridge.tickets.book import chores
from tests.database import in_force, sqlite_copy
from tests.mail.post import PostTown
from tests.mail.servers import PASSWORD, USER, Servers, running
from tests.workers.scripted import Town, change_city, town

__all__ = ["town"]

_load = delivery.load


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Both servers, started once."""
    with running() as both:
        yield both


@pytest.fixture
def case_book(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """On SQLite: it is the mail servers that count here."""
    return in_force(sqlite_copy(tmp_path), monkeypatch)


@pytest.fixture
def post(town: Town, servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PostTown:
    """The town with its mailbox, both servers emptied."""
    servers.empty()
    monkeypatch.setattr(delivery, "load", _load)
    for name, value in {
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(servers.smtp),
        "IMAP_HOST": "127.0.0.1",
        "IMAP_PORT": str(servers.imap),
        "IMAP_SECURITY": "none",
        "IMAP_USER": USER,
        "IMAP_PASSWORD": PASSWORD,
        "BRIDGE_MAIL_AUTHSERV": "mx.musterstadt.example",
    }.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    change_city(tmp_path)
    chores.ensure()
    return PostTown(town, servers)

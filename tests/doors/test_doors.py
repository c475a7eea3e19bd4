"""Whatever knocks at a door of the web process gets a clear answer, and only a valid act leaves a trace."""

import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from argon2 import PasswordHasher
from flask import Flask, got_request_exception
from flask.testing import FlaskClient
from rich.console import Console
from rich.table import Table
from werkzeug.test import run_wsgi_app

from bridge.tickets.book import staff
from bridge.web import api, auth, status
from bridge.web.open311 import asked
from tests.doors.fuzz import Wild, wild
from tests.doors.house import DOORS, Book, Door, furnish, watched
from tests.web import seed

pytestmark = [
    # Werkzeug leaves the file of a broken form to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning"),
]

ROUND = 250
"""Requests between two fresh case books."""
FEW, SHORT, LONG = 40, 200, 10_000

Tally = Counter[str]


@pytest.fixture(scope="module")
def tallies() -> Iterator[dict[str, Tally]]:
    """What every door answered; printed at the end."""
    found: dict[str, Tally] = {}
    yield found
    columns = ("requests", "2xx", "3xx", "4xx", "5xx", "rows changed", "against the rules")
    table = Table("door", *columns)
    for name, tally in found.items():
        table.add_row(name, *(str(tally[column]) for column in columns))
    Console(width=110).print(table)


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    # Each wrong password costs fifty milliseconds on purpose; here it is the door that counts.
    monkeypatch.setattr(staff, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    monkeypatch.setattr(staff, "_nobody", staff._hasher.hash("niemand"))
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("critical"))
    browser = seed.make_client(tmp_path, monkeypatch)
    browser.application.logger.disabled = True
    yield browser
    structlog.reset_defaults()
    seed.end()


def fuzz(client: FlaskClient, door: Door, count: int, tally: Tally) -> list[str]:
    """Knock `count` times; what went wrong, with the seed that repeats it."""
    wrong: list[str] = []
    for first in range(0, count, ROUND):
        good = door.good(furnish(client))
        for throttle in (api.throttle, asked.throttle, auth.throttle):
            throttle._here.clear()
        seed_ = zlib.crc32(door.name.encode()) + first
        with watched() as book, raised(client.application) as errors:
            for number, request in enumerate(wild(good, seed_, min(ROUND, count - first))):
                status.wrong_codes._here.clear()
                for problem in knock(client.application, door, request, book, tally):
                    reason = f"{errors[-1]!r}"[:300] if errors else ""
                    wrong.append(
                        f"{door.name}, seed {seed_}, request {number}: {problem} {reason}\n{request}"[:1200]
                    )
    return wrong


class raised(list[BaseException]):  # noqa: N801 - used like a function
    """The exceptions an app answered with 500, while the context lasts."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def __enter__(self) -> "raised":
        got_request_exception.connect(self._note, self.app)
        return self

    def __exit__(self, *_: object) -> None:
        got_request_exception.disconnect(self._note, self.app)

    def _note(self, _app: Flask, exception: BaseException, **_: Any) -> None:
        self.append(exception)


def knock(app: Flask, door: Door, request: Wild, book: Book, tally: Tally) -> Iterator[str]:
    """Send one request; yields what is against the rules."""
    _, answer, _ = run_wsgi_app(app, request.environ(), buffered=True)
    code = int(answer.split()[0])
    changed = book.changed()
    tally.update({"requests": 1, f"{code // 100}xx": 1, "rows changed": sum(map(len, changed.values()))})
    allowed = set(door.writes) if code < 400 else set()
    for name, rows in changed.items():
        if name not in allowed:
            yield f"{code}, but {name} changed"
        if any("\\x00" in row for row in rows):
            yield f"{name} holds what no database takes"
    if code >= 500:
        yield f"answered {code}"


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_a_wild_request_is_refused_or_harmless(
    client: FlaskClient, door: Door, tallies: dict[str, Tally]
) -> None:
    tally = tallies.setdefault(door.name, Counter())
    wrong = fuzz(client, door, SHORT, tally)
    tally["against the rules"] += len(wrong)
    assert not wrong, "\n\n".join(wrong[:3])
    assert tally["2xx"] + tally["3xx"], "the door never opened"
    assert not door.writes or tally["rows changed"], "no valid act came through"


@pytest.mark.parametrize("case_book", ["postgresql"], indirect=True)
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_on_postgresql_as_well(case_book: str, client: FlaskClient, door: Door) -> None:
    wrong = fuzz(client, door, FEW, Counter())
    assert not wrong, "\n\n".join(wrong[:3])


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_ten_thousand_wild_requests_are_refused_or_harmless(
    client: FlaskClient, door: Door, tallies: dict[str, Tally]
) -> None:
    tally = tallies.setdefault(door.name, Counter())
    wrong = fuzz(client, door, LONG, tally)
    tally["against the rules"] += len(wrong)
    # At once as well, since who stops a run of an hour wants what it had found.
    print(f" {door.name}: {dict(sorted(tally.items()))}")
    assert not wrong, "\n\n".join(wrong[:3])

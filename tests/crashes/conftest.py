"""The town in which processes end at every point of their way."""

import os
import shutil
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from geopy.geocoders import Photon
from sqlalchemy import URL, make_url

from bridge import delivery, photos, platforms, queues
from bridge.places import maps
from bridge.settings import settings
from bridge.tickets import session
from tests import map_service
from tests.crashes import plot
from tests.crashes.outcome import Outcome, outcome
from tests.crashes.outside import Mailbox, Manner, Outside, Square
from tests.crashes.points import Points
from workers import fetch, notify, understand


@dataclass
class Town:
    """A city at the beginning of its afternoon, to which every crash goes back."""

    outside: Outside
    folder: Path
    renew: Callable[[], None]
    """Gives the case book back as it was at the beginning."""

    def begin(self, manner: Manner) -> None:
        """Go back to the beginning, on a platform of this manner."""
        # No connection may be shared with the processes to come; what was learnt of statements may.
        session.engine().dispose()
        self.renew()
        self.outside.file.unlink(missing_ok=True)
        self.outside.manner = manner

    def points(self, manner: Manner) -> list[tuple[str, str]]:
        """Every step and point of the story, in order; leaves it at its end."""
        self.begin(manner)
        self.outside.points.begin(0)
        plot.live(self.outside)
        return self.outside.points.passed()

    def live(self, crash_at: int = 0) -> int:
        """Live on in a process of its own, which ends at a point; returns its exit code."""
        self.outside.points.begin(crash_at)
        return self.wait(self.start(lambda: plot.live(self.outside)))

    def outcome(self) -> Outcome:
        """What became of everything."""
        told = self.folder / "outcome.json"
        assert self.wait(self.start(lambda: told.write_text(outcome(self.outside).model_dump_json()))) == 0
        return Outcome.model_validate_json(told.read_text())

    def start(self, act: Callable[[], Any]) -> int:
        """Act in a process of its own; returns its id."""
        child = os.fork()
        if child:
            return child
        try:
            act()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)

    def wait(self, child: int) -> int:
        """The exit code of a process, once it has ended."""
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.fixture
def town(database: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """A small town on a real database file, with everything outside of the case book kept in a file."""
    database.mkdir(exist_ok=True)
    monkeypatch.setenv("BRIDGE_GEOCODER", "photon")
    monkeypatch.setenv("BRIDGE_GEOCODER_CONTACT", map_service.CONTACT)
    settings.cache_clear()
    outside = Outside(database / "outside.jsonl", Manner.KEY, Points(database / "points"))
    for kept in (Square, Mailbox):
        monkeypatch.setattr(kept, "outside", outside, raising=False)
    monkeypatch.setattr(platforms, "load", lambda name: Square)
    monkeypatch.setattr(delivery, "load", lambda name: Mailbox)
    monkeypatch.setattr(maps, "png", lambda *_: b"a map")
    monkeypatch.setattr(understand, "understand", lambda text, **_: plot.MEANINGS[text])
    monkeypatch.setattr(Photon, "geocode", lambda *_, **asked: outside.look_up())
    monkeypatch.setattr(fetch, "fetch", lambda url, **_: SimpleNamespace(content=b"a lamp"))
    monkeypatch.setattr(photos, "clean", lambda content: content)
    monkeypatch.setattr(notify, "send_notice", lambda *_, **told: outside.add("notice", lines=told["lines"]))
    for bell in ("ring", "answer"):
        monkeypatch.setattr(queues, bell, lambda step: None)
    plot.found_city(outside)
    session.engine().dispose()
    with renewing(database) as renew:
        outside.points.watch(monkeypatch)
        yield Town(outside, database, renew)
    outside.points.stop_watching()


@contextmanager
def renewing(folder: Path) -> Iterator[Callable[[], None]]:
    """How the case book of the settings goes back to where it stands now."""
    url = make_url(settings().sql_url)
    with renewing_file(folder) if url.drivername == "sqlite" else renewing_database(url) as renew:
        yield renew


@contextmanager
def renewing_file(folder: Path) -> Iterator[Callable[[], None]]:
    """SQLite: the files are put in place again."""
    shutil.copyfile(folder / "bridge.db", folder / "beginning.db")

    def renew() -> None:
        for file in folder.glob("bridge.db*"):
            file.unlink()
        shutil.copyfile(folder / "beginning.db", folder / "bridge.db")

    yield renew


@contextmanager
def renewing_database(url: URL) -> Iterator[Callable[[], None]]:
    """PostgreSQL: the database is made anew from a copy, under its name."""
    name = url.database
    server = url.set(database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as admin:

        def do(statement: str) -> None:
            admin.execute(statement.encode())

        def renew() -> None:
            do(f"DROP DATABASE {name} WITH (FORCE)")
            do(f"CREATE DATABASE {name} TEMPLATE {name}_beginning")

        do(f"CREATE DATABASE {name}_beginning TEMPLATE {name}")
        try:
            yield renew
        finally:
            do(f"DROP DATABASE {name}_beginning WITH (FORCE)")

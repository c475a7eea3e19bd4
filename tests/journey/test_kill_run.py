"""A storm of killed and stopped processes over thousands of mentions: nothing lost, nothing twice.

    .venv/bin/pytest tests/journey/test_kill_run.py -m long -s

plays 10,000 mentions, or `KILL_RUN_MENTIONS`, in equal parts on every kind of platform, and prints a table.
"""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
import requests

from tests import postgres
from tests.journey.storm import Storm
from tests.journey.tally import Tally, at_rest, tally
from tests.journey.whole import Whole, running, until

FAULTS = {
    "rate_limited": 0.05,
    "error_before": 0.05,
    "error_after": 0.05,
    "timeout_before": 0.02,
    "timeout_after": 0.03,
    "reset_after": 0.03,
    "late_commit": 0.02,
    "read_back_failure": 0.03,
    "poll_overlap": 0.2,
}
HURRY_SECONDS, HANG_SECONDS = 1.0, 2.5
"""A network worker gives up after the first; the square posts or answers late after the second."""
STREETS = ("Könneritzstraße", "Eisenbahnstraße", "Gorkistraße", "Prager Straße", "Karl-Heine-Straße")
A_SECOND = 8
"""Mentions written in a second."""
PAUSE = 3.0
"""Seconds between two strikes of the storm."""
SETTLE_SECONDS = 900.0


class Weather(NamedTuple):
    """What the platform does, and how long the bridge waits before it reads a thread back."""

    name: str
    ignore_idempotency: bool
    read_lag_seconds: float
    read_back: int
    database: str = "sqlite"
    holds: bool = True
    """Whether nothing may be said twice; without a key, and asked before it shows, no bridge can know."""


WEATHERS = (
    Weather("key", False, 0, 10),
    Weather("key, lag 60 s", False, 60, 10),
    Weather("key, PostgreSQL", False, 0, 10, database="postgresql"),
    # A square that is stopped for eight seconds posts that much later, and shows it later still.
    Weather("no key", True, 0, 20),
    Weather("no key, lag 5 s", True, 5, 20),
    Weather("no key, lag 60 s, waits 75 s", True, 60, 75),
    Weather("no key, lag 60 s, waits 10 s", True, 60, 10, holds=False),
)
MENTIONS = int(os.environ.get("KILL_RUN_MENTIONS", "10000")) // len(WEATHERS)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("weather", WEATHERS, ids=lambda weather: weather.name)
def test_a_storm_loses_and_doubles_nothing(weather: Weather, tmp_path: Path) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(server_for(weather))
        whole = stack.enter_context(bridge(tmp_path, weather, server))
        whole.misbehave(
            **FAULTS,
            hang_seconds=HANG_SECONDS,
            ignore_idempotency=weather.ignore_idempotency,
            read_lag_seconds=weather.read_lag_seconds,
        )
        began = time.monotonic()
        storm = Storm(whole, seed=WEATHERS.index(weather), pause=PAUSE, server=server)
        stack.callback(storm.end)
        with ThreadPoolExecutor(1) as writer:
            writing = writer.submit(feed, whole)
            storm.rage(writing.done)
            mentions, stormed = writing.result(), time.monotonic() - began
        until(lambda: time.sleep(1) or at_rest(whole, len(mentions)), seconds=SETTLE_SECONDS)
        found = tally(whole, mentions)
        report(weather, found, storm, stormed, time.monotonic() - began)
    kept = found if weather.holds else found.model_copy(update={"doubled_replies": 0})
    assert kept.clean, found


@contextmanager
def server_for(weather: Weather) -> Iterator[postgres.Server | None]:
    """The database server this run can kill, where it has one."""
    if weather.database == "sqlite":
        yield None
        return
    try:
        with postgres.own_server() as server:
            yield server
    except postgres.NoServerError as error:
        pytest.skip(str(error))


def bridge(tmp_path: Path, weather: Weather, server: postgres.Server | None) -> AbstractContextManager[Whole]:
    """The whole bridge, whose network workers are in a hurry."""
    env = {
        "BRIDGE_READ_BACK_SECONDS": str(weather.read_back),
        "PYTHONPATH": str(Path(__file__).parent / "hurry"),
        "HURRY_SECONDS": str(HURRY_SECONDS),
    }
    return running(tmp_path / "var", port=18_500, **env, **({"DATABASE_URL": server.url} if server else {}))


def feed(whole: Whole) -> dict[str, str]:
    """Write every mention, each by a person of its own; the persona of each post."""
    mentions: dict[str, str] = {}
    begin = time.monotonic()
    with requests.Session() as square:
        for number in range(MENTIONS):
            time.sleep(max(0.0, begin + number / A_SECOND - time.monotonic()))
            persona = f"person{number}"
            text = f"@stadt {STREETS[number % len(STREETS)]} {number % 40 + 1}: Sperrmüll, Fall {number}"
            # The name of a sample makes the square keep it once, however often it is sent.
            wish = {"persona": persona, "text": text, "sample": persona}
            mentions[until(lambda wish=wish: _write(square, whole, wish), seconds=60)] = persona
    return mentions


def _write(square: requests.Session, whole: Whole, wish: dict[str, str]) -> str | None:
    try:
        answer = square.post(f"{whole.square}/sandbox/posts", json=wish, timeout=5)
        return str(answer.json()["id"]) if answer.ok else None
    except requests.RequestException:
        time.sleep(0.2)
        return None


def report(weather: Weather, found: Tally, storm: Storm, stormed: float, settled: float) -> None:
    """Print one row of the table, and what struck."""
    row = [weather.name, *found.model_dump().values(), f"{stormed:.0f} s", f"{settled:.0f} s"]
    print("\n| platform |", " | ".join(Tally.model_fields), "| storm | at rest after |")
    print("|" + "---|" * len(row))
    print("|", " | ".join(map(str, row)), "|")
    print("struck:", ", ".join(f"{what} {times}" for what, times in sorted(storm.struck.items())))

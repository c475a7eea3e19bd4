"""A citizen writes on Bluesky, and the city's answer stands in their thread and in their conversation."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journey.whole import ROOT, Whole, running, until
from tests.platforms import bluesky_server
from tests.platforms.bluesky_network import BEN, CITY, HANDLES
from tests.platforms.bluesky_server import PASSWORD, BlueskyServer

# The way behind the platform is the one of test_journey.py, which always runs.
pytestmark = pytest.mark.long

PLACE = "Ecke Könneritzstraße/Holbeinstraße ist die Ampel aus"


@pytest.fixture(scope="module")
def network() -> Iterator[BlueskyServer]:
    with bluesky_server.running() as server:
        yield server


@pytest.fixture(scope="module")
def whole(network: BlueskyServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    with running(tmp_path_factory.mktemp("bluesky") / "var", port=18_600) as bridge:
        said = connect(bridge.data, network)
        assert HANDLES[CITY] in said
        assert PASSWORD not in said
        yield bridge


def connect(data: Path, network: BlueskyServer) -> str:
    """Connect the account as a city's IT does, and return what the command said."""
    kept = json.loads((data / "demo.json").read_text())
    command = [sys.executable, "-c", "from bridge.cli import main; main()", "platforms", "connect", "bluesky"]
    command += ["--server", network.url, "--handle", HANDLES[CITY], "--poll-seconds", "1"]
    surroundings = {
        "BRIDGE_DATA": str(data),
        "BRIDGE_SECRET_KEY": kept["secret_key"],
        "BRIDGE_ACCOUNT_TOKEN": PASSWORD,
        # The bell hangs in a place of its own; the ticker hears of the account without it.
        "REDIS_URL": f"unix://{data}/nobody.sock",
    }
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **surroundings}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def answers(network: BlueskyServer, uri: str) -> list[dict[str, Any]]:
    posts = [network.posts_by_uri[one]["record"] for one in network.posts() if one.startswith("at://")]
    return [one for one in posts if one["reply"]["parent"]["uri"] == uri]


def test_a_mention_becomes_a_ticket_and_is_answered_in_its_thread(
    network: BlueskyServer, whole: Whole
) -> None:
    uri = network.say(PLACE)
    (record,) = until(lambda: answers(network, uri))
    assert "LE-" in record["text"]
    assert record["reply"]["root"]["uri"] == uri
    assert "/s/" in json.dumps(record["facets"])
    assert HANDLES[CITY] not in record["text"]
    assert whole.rows("SELECT platform, error FROM city_account WHERE platform = 'bluesky'") == [
        ("bluesky", "")
    ]


def test_a_direct_message_is_answered_in_its_conversation_alone(network: BlueskyServer, whole: Whole) -> None:
    before = [one for one in network.posts() if one.startswith("at://")]
    network.whisper(BEN, "In der Karl-Heine-Straße 50 liegt ein Haufen Sperrmüll", "c-ben")
    convo = network.convos["c-ben"]
    said = until(lambda: [one for one in convo["messages"] if one["sender"]["did"] == CITY])
    assert "LE-" in said[0]["text"]
    assert [one for one in network.posts() if one.startswith("at://")] == before


def test_all_of_it_needs_one_login_and_shows_no_secret(network: BlueskyServer, whole: Whole) -> None:
    assert network.logins == 1
    (stored,) = whole.rows("SELECT secret FROM city_account WHERE platform = 'bluesky'")[0]
    logs = " ".join(file.read_text(errors="replace") for file in (whole.data / "log").iterdir())
    for shown in (stored, logs):
        assert PASSWORD not in shown
        assert "access-" not in shown

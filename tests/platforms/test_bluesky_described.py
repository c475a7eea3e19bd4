"""Every request is as the network's own descriptions want it; they are read beside STADTBRUECKE_DATA."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain import InboundMessage, Reply, Visibility
from bridge.platforms.bluesky import Adapter
from bridge.platforms.bluesky._posts import record_key
from tests.platforms.bluesky_network import BEN
from tests.platforms.bluesky_rules import PROCEDURES, QUERIES, TID
from tests.platforms.bluesky_server import BlueskyServer, running
from tests.platforms.contract import messages
from tests.platforms.lexicon import Lexicons, WrongError


def outside(*names: str) -> Path:
    """A file or folder in or beside the outside data."""
    data = Path(os.environ.get("STADTBRUECKE_DATA") or "/nowhere")
    for found in (data.joinpath(*names), data.parent.joinpath(*names)):
        if found.exists():
            return found
    pytest.skip(f"STADTBRUECKE_DATA names no folder in or beside which {'/'.join(names)} lies.")


def answer(message: InboundMessage, visibility: Visibility) -> Reply:
    return Reply(
        text="@ada.example Danke 🚲 https://stadt.example/ein/langer/weg/s/ABCDEFGH #radweg",
        in_reply_to=message.external_id,
        recipient=message.author,
        visibility=visibility,
        idempotency_key=message.external_id,
        first_attempt_at=datetime.now(UTC),
    )


def use_everything(network: BlueskyServer) -> None:
    """Let the adapter ask for all it can ask for."""
    adapter = Adapter(Adapter(network.account).connect())
    for number in range(120):
        network.say(f"Meldung {number}")
    network.say("Hallo", visibility=Visibility.DIRECT)
    network.say_as_city("Guten Tag", "c-ada")
    page = adapter.poll(None)
    network.whisper(BEN, "Hallo", "c-ben")
    network.expire("access")
    adapter.poll(page.cursor)
    adapter.look_again(list(network.posts_by_uri))
    heard = [one for one in messages(adapter, page.events) if not one.by_us]
    told = [one for one in heard if one.visibility is Visibility.DIRECT]
    posted = next(one for one in heard if one.visibility is Visibility.PUBLIC)
    for message, visibility in (
        (posted, Visibility.UNLISTED),
        (posted, Visibility.DIRECT),
        (told[0], Visibility.DIRECT),
    ):
        reply = answer(message, visibility)
        receipt = adapter.reply(reply)
        assert adapter.find_reply(reply) == receipt


def test_every_request_is_as_described() -> None:
    lexicons = Lexicons(outside("specs", "bluesky-lexicons"))
    with running() as network:
        use_everything(network)
    for verb, method, _, query, body in network.requests:
        lexicons.check_query(method, query)
        if verb == "POST":
            lexicons.check_body(method, body)
    assert {method for _, method, *_ in network.requests} == QUERIES.keys() | PROCEDURES.keys()


def test_the_checker_itself_refuses_what_is_wrong() -> None:
    lexicons = Lexicons(outside("specs", "bluesky-lexicons"))
    record = {"$type": "app.bsky.feed.post", "text": "x" * 301, "createdAt": "2026-11-20T09:00:00Z"}
    body = {"repo": "did:plc:stadt", "collection": "app.bsky.feed.post", "rkey": "1", "record": record}
    for wrong in (body, body | {"record": record | {"text": "x", "createdAt": "heute"}}, body | {"extra": 1}):
        with pytest.raises(WrongError):
            lexicons.check_body("com.atproto.repo.putRecord", wrong)
    lexicons.check_body("com.atproto.repo.putRecord", body | {"record": record | {"text": "x"}})


@given(st.text(max_size=40), st.floats(1.6e9, 4e9))
def test_every_record_key_is_one_and_sorts_by_its_time(key: str, seconds: float) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    made = record_key(key, at)
    assert TID.fullmatch(made)
    assert made == record_key(key, at)
    assert made < record_key(key, at + timedelta(seconds=1))
    assert made != record_key(f"{key}x", at)


def test_our_form_of_a_record_key_is_bluesky_s_own() -> None:
    folder = outside("atproto-interop-syntax")
    for name, valid in (("valid", True), ("invalid", False)):
        lines = (folder / f"tid_syntax_{name}.txt").read_text(encoding="utf-8").splitlines()
        for line in lines:
            if line and not line.startswith("#"):
                assert bool(TID.fullmatch(line)) is valid, line

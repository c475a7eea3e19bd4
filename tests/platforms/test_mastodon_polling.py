"""What the adapter asks a server for, and that nothing is lost when the server fails halfway."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridge.domain import Author, PermanentError, PlatformEvent, Reply, TemporaryError, Visibility
from bridge.platforms.mastodon import Adapter
from bridge.platforms.mastodon._feed import OVERLAP, PAGES_A_POLL
from bridge.platforms.mastodon._wire import Instance
from tests.platforms.small_server import LIMIT, SmallServer, running

CONTEXT = r"/context$"
OWN = r"/accounts/01CITY/statuses$"
MASTODON = "https://github.com/mastodon/mastodon"


@pytest.fixture
def small() -> Iterator[SmallServer]:
    with running() as server:
        yield server


@pytest.fixture
def adapter(small: SmallServer) -> Adapter:
    return Adapter(Adapter(small.account).connect())


def asked(small: SmallServer, path: str) -> list[tuple[str, dict[str, list[str]], Any]]:
    return [(method, query, body) for method, at, _, query, body in small.requests if at.endswith(path)]


def ids(events: tuple[PlatformEvent, ...]) -> list[str]:
    return [json.loads(event.payload)["status"]["id"] for event in events]


def answer_to(message_id: str, **changed: Any) -> Reply:
    given: dict[str, Any] = {
        "text": "@ada Danke",
        "in_reply_to": message_id,
        "recipient": Author(external_id="01ADA", handle="ada"),
        "visibility": Visibility.DIRECT,
        "idempotency_key": "key-1",
    }
    return Reply(**(given | changed))


def test_connecting_accepts_everybody_and_bears_a_server_without_a_policy(
    small: SmallServer, adapter: Adapter
) -> None:
    ((method, _, body),) = asked(small, "/policy")
    assert method == "PATCH"
    assert set(body.values()) == {"accept"}
    assert len(body) == 5


def test_a_policy_that_may_not_be_set_stops_connecting(small: SmallServer) -> None:
    small.broken_paths["policy"] = 403
    with pytest.raises(PermanentError):
        Adapter(small.account).connect()


def test_the_poll_asks_for_filtered_mentions_and_changes_in_full_pages(
    small: SmallServer, adapter: Adapter
) -> None:
    adapter.poll(adapter.poll(None).cursor)
    _, query, _ = asked(small, "/notifications")[-1]
    assert query == {
        "types[]": ["mention", "update"],
        "include_filtered": ["true"],
        "limit": ["80"],
        "min_id": ["0"],
    }
    _, query, _ = asked(small, "/accounts/01CITY/statuses")[-1]
    assert query == {"exclude_reblogs": ["true"], "limit": ["40"], "min_id": ["0"]}


def test_a_poll_without_news_asks_each_list_once(small: SmallServer, adapter: Adapter) -> None:
    small.say("Die Ampel ist aus", answers=small.say("Hallo"))
    cursor = adapter.poll(None).cursor
    small.requests.clear()
    assert adapter.poll(cursor).events == ()
    assert len(small.requests) == 2


def test_a_new_account_is_read_from_a_day_back(small: SmallServer, adapter: Adapter) -> None:
    for number in range(200):
        small.say(f"Meldung {number}")
    for old in small.notifications[:50]:
        old["created_at"] = (datetime.now(UTC) - timedelta(days=2)).isoformat()
    first = adapter.poll(None)
    second = adapter.poll(first.cursor)
    assert ids(first.events + second.events) == [one["status"]["id"] for one in small.notifications[50:]]


def test_a_post_that_became_visible_late_is_still_found(small: SmallServer, adapter: Adapter) -> None:
    for number in range(OVERLAP):
        small.say(f"Meldung {number}")
    late = small.notifications.pop(5)
    cursor = adapter.poll(None).cursor
    small.notifications.insert(5, late)
    page = adapter.poll(cursor)
    assert ids(page.events) == [late["status"]["id"]]
    assert adapter.poll(page.cursor).events == ()


def test_a_deleted_notification_does_not_disturb_reading_on(small: SmallServer, adapter: Adapter) -> None:
    for number in range(3):
        small.say(f"Meldung {number}")
    cursor = adapter.poll(None).cursor
    small.notifications.clear()
    new = small.say("Noch eine")
    assert ids(adapter.poll(cursor).events) == [new]


def test_an_edit_comes_in_as_news(small: SmallServer, adapter: Adapter) -> None:
    message_id = small.say("Die Ampel ist aus")
    cursor = adapter.poll(None).cursor
    small.edit(message_id, "Die Ampel blinkt")
    (event,) = adapter.poll(cursor).events
    (message,) = adapter.parse(event.payload)
    assert (message.external_id, getattr(message, "text", "")) == (message_id, "Die Ampel blinkt")


def test_a_thread_that_cannot_be_read_holds_its_page_back(small: SmallServer, adapter: Adapter) -> None:
    cursor = adapter.poll(None).cursor
    root = small.say("Die Ampel ist aus")
    small.say("Immer noch", answers=root)
    small.notifications.pop(0)
    small.broken_paths[CONTEXT] = 503
    with pytest.raises(TemporaryError):
        adapter.poll(cursor)
    small.broken_paths.clear()
    (event,) = adapter.poll(cursor).events
    assert json.loads(event.payload)["ancestors"] == [root]


def test_a_thread_that_is_gone_holds_nothing_back(small: SmallServer, adapter: Adapter) -> None:
    cursor = adapter.poll(None).cursor
    small.say("Immer noch", answers="01GONE")
    small.broken_paths[CONTEXT] = 404
    (event,) = adapter.poll(cursor).events
    assert json.loads(event.payload)["ancestors"] == ["01GONE"]


def test_what_was_read_before_a_failure_is_kept(small: SmallServer, adapter: Adapter) -> None:
    cursor = adapter.poll(None).cursor
    message_id = small.say("Die Ampel ist aus")
    small.broken_paths[OWN] = 500
    page = adapter.poll(cursor)
    assert ids(page.events) == [message_id]
    with pytest.raises(TemporaryError):
        adapter.poll(page.cursor)


def test_one_poll_has_an_end_and_the_next_goes_on(small: SmallServer, adapter: Adapter) -> None:
    cursor = adapter.poll(None).cursor
    wanted = [small.say(f"Meldung {number}") for number in range(80 * PAGES_A_POLL + 10)]
    first = adapter.poll(cursor)
    assert ids(first.events) == wanted[: 80 * PAGES_A_POLL]
    assert ids(adapter.poll(first.cursor).events) == wanted[80 * PAGES_A_POLL :]


def test_a_thread_read_from_its_root_is_not_asked_for(small: SmallServer, adapter: Adapter) -> None:
    last = root = small.say("Die Ampel ist aus")
    for number in range(5):
        last = small.say(f"Nachtrag {number}", answers=last)
    events = adapter.poll(None).events
    assert all(json.loads(event.payload)["ancestors"][:1] == [root] for event in events[1:])
    assert asked(small, "/context") == []


@pytest.mark.parametrize("answer", [500, 403])
def test_a_post_that_cannot_be_looked_at_is_not_taken_for_gone(
    small: SmallServer, adapter: Adapter, answer: int
) -> None:
    message_id = small.say("Die Ampel ist aus")
    small.broken_paths[f"/{message_id}$"] = answer
    with pytest.raises((TemporaryError, PermanentError)):
        adapter.look_again([message_id])


def test_a_reply_says_everything_the_server_must_know(small: SmallServer, adapter: Adapter) -> None:
    message_id = small.say("Die Ampel ist aus")
    adapter.reply(answer_to(message_id, language="en"))
    ((_, _, body),) = [one for one in asked(small, "/statuses") if one[0] == "POST"]
    assert body == {
        "status": "@ada Danke",
        "in_reply_to_id": message_id,
        "visibility": "direct",
        "language": "en",
    }
    assert small.requests[-1][2]["Idempotency-Key"] == "key-1"


def test_limits_are_the_servers_and_asked_once(small: SmallServer, adapter: Adapter) -> None:
    small.requests.clear()
    assert (adapter.limit(), adapter.limit(), adapter.count("https://a.example")) == (LIMIT, LIMIT, 23)
    assert len(small.requests) == 1


def test_a_server_that_does_not_tell_its_limits_has_mastodons(small: SmallServer) -> None:
    small.broken_paths["instance"] = 404
    adapter = Adapter(small.account)
    assert (adapter.limit(), adapter.count("https://a.example")) == (500, 23)
    assert not adapter.repeat_is_safe(answer_to("1", first_attempt_at=datetime.now(UTC)))


@pytest.mark.parametrize(
    ("version", "source_url", "keeps"),
    [
        ("4.6.0", MASTODON, True),
        ("4.7.0-beta.1", MASTODON, True),
        ("4.5.2+glitch", "https://github.com/glitch-soc/mastodon", True),
        ("4.6.0", "https://code.example/eigene", False),
        ("2.7.2 (compatible; Pleroma 2.6.0)", "https://git.pleroma.example", False),
        ("4.2.1 (compatible; Sharkey 2026.1)", MASTODON, False),
        ("0.20.0+git-1a2b3c", "https://code.example/gotosocial", False),
        (None, None, False),
    ],
)
def test_only_mastodon_itself_is_trusted_to_keep_a_key(
    version: str | None, source_url: str | None, keeps: bool
) -> None:
    assert Instance(version=version, source_url=source_url).keeps_keys is keeps


@pytest.mark.parametrize(("minutes", "safe"), [(0, True), (49, True), (51, False), (None, False)])
def test_a_key_is_trusted_for_fifty_minutes(adapter: Adapter, minutes: int | None, safe: bool) -> None:
    adapter.__dict__["_instance"] = Instance(version="4.6.0", source_url=MASTODON)
    first = None if minutes is None else datetime.now(UTC) - timedelta(minutes=minutes)
    assert adapter.repeat_is_safe(answer_to("1", first_attempt_at=first)) is safe

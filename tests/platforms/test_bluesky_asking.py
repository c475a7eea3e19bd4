"""What the Bluesky adapter asks for, that nothing it is told is lost, and how it keeps its session."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from pydantic import SecretStr

from bridge.domain import InboundMessage, PermanentError, Reply, TemporaryError, Visibility
from bridge.platforms.bluesky import Adapter
from bridge.platforms.bluesky._feed import DEEP_EVERY, LOOK_BACK
from tests.platforms.bluesky_network import ADA, BEN, CITY, HANDLES
from tests.platforms.bluesky_rules import TID, RefusalError
from tests.platforms.bluesky_server import LOGINS, PASSWORD, BlueskyServer, running
from tests.platforms.contract import messages

BEGUN = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
MENTION = [
    {
        "index": {"byteStart": 0, "byteEnd": 14},
        "features": [{"$type": "app.bsky.richtext.facet#mention", "did": CITY}],
    }
]


@pytest.fixture
def network() -> Iterator[BlueskyServer]:
    with running() as server:
        yield server


@pytest.fixture
def adapter(network: BlueskyServer) -> Adapter:
    return Adapter(Adapter(network.account).connect())


def mention(network: BlueskyServer, number: int, at: datetime | None = None, **more: Any) -> str:
    return network.publish(ADA, f"@stadt.example Meldung {number}", at=at, facets=MENTION, **more)


def read(adapter: Adapter, cursor: str | None = None) -> list[InboundMessage]:
    return messages(adapter, adapter.poll(cursor).events)


def answer(message: InboundMessage, text: str = "Danke", **changed: Any) -> Reply:
    given: dict[str, Any] = {
        "text": text,
        "in_reply_to": message.external_id,
        "recipient": message.author,
        "visibility": message.visibility.of_answer,
        "idempotency_key": "key-1",
        "first_attempt_at": BEGUN,
    }
    return Reply(**(given | changed))


def secret(adapter: Adapter) -> dict[str, str]:
    found: dict[str, str] = json.loads(adapter.account.token.get_secret_value())
    return found


def test_three_hundred_mentions_of_few_moments_are_all_seen(network: BlueskyServer, adapter: Adapter) -> None:
    second = datetime.now(UTC).replace(microsecond=0)
    wanted = [mention(network, n, second - timedelta(seconds=n // 60)) for n in range(300)]
    assert {one.external_id for one in read(adapter)} == set(wanted)


def test_more_posts_of_one_moment_than_a_page_holds_do_not_hide_the_older_ones(
    network: BlueskyServer, adapter: Adapter
) -> None:
    moment = datetime.now(UTC).replace(microsecond=0)
    older = mention(network, 0, moment - timedelta(minutes=1))
    for number in range(150):
        mention(network, number, moment)
    found = {one.external_id for one in read(adapter)}
    assert older in found
    assert len(found) == 101


def test_a_mention_dated_back_is_seen_within_minutes(network: BlueskyServer, adapter: Adapter) -> None:
    for number in range(120):
        mention(network, number)
    cursor = adapter.poll(None).cursor
    late = [mention(network, n, datetime.now(UTC) - timedelta(days=3, seconds=n)) for n in range(20)]
    with time_machine.travel(datetime.now(UTC) + DEEP_EVERY, tick=True):
        page = adapter.poll(cursor)
        assert {one.external_id for one in messages(adapter, page.events)} == set(late)
        assert adapter.poll(page.cursor).events == ()


def test_what_is_older_than_a_week_is_left_where_it_is(network: BlueskyServer, adapter: Adapter) -> None:
    mention(network, 1, datetime.now(UTC) - LOOK_BACK - timedelta(minutes=1))
    assert adapter.poll(None).events == ()


def test_a_poll_without_news_asks_for_one_page_of_each(network: BlueskyServer, adapter: Adapter) -> None:
    for number in range(250):
        mention(network, number)
    cursor = adapter.poll(None).cursor
    network.requests.clear()
    assert adapter.poll(cursor).events == ()
    assert sorted(method.rpartition(".")[2] for _, method, *_ in network.requests) == [
        "getLog",
        "listConvoRequests",
        "listNotifications",
        "listRecords",
    ]


def test_a_mention_that_answers_us_comes_once(network: BlueskyServer, adapter: Adapter) -> None:
    ours = network.publish(CITY, "Guten Morgen")
    network.publish(ADA, "@stadt.example Moin", ours, facets=MENTION)
    assert len(network.told) == 2
    assert [one.text for one in read(adapter) if not one.by_us] == ["Moin"]


def test_pictures_come_with_an_address_to_fetch_them(network: BlueskyServer, adapter: Adapter) -> None:
    image = {"alt": "ein Loch", "image": {"$type": "blob"}}
    mention(network, 1, embed={"$type": "app.bsky.embed.images", "images": [image]})
    (found,) = read(adapter)
    assert [(one.url, one.description) for one in found.attachments] == [(f"{network.url}/img/0", "ein Loch")]


def test_what_was_told_is_kept_when_direct_messages_cannot_be_read(
    network: BlueskyServer, adapter: Adapter
) -> None:
    cursor = adapter.poll(None).cursor
    network.broken["^chat"] = RefusalError(501, "MethodNotImplemented")
    wanted = mention(network, 1)
    page = adapter.poll(cursor)
    assert [one.external_id for one in messages(adapter, page.events)] == [wanted]
    with pytest.raises(TemporaryError):
        adapter.poll(page.cursor)


def test_a_request_of_somebody_new_is_read_with_all_its_messages(
    network: BlueskyServer, adapter: Adapter
) -> None:
    wanted = [network.whisper(BEN, text, "c-ben") for text in ("Hallo", "Die Ampel ist aus")]
    network.log.clear()
    found = read(adapter)
    assert [one.external_id for one in found] == wanted
    assert {one.author.handle for one in found} == {"ben.example"}
    assert network.convos["c-ben"]["status"] == "request"


def test_a_direct_message_comes_once_by_whatever_way_it_is_told(
    network: BlueskyServer, adapter: Adapter
) -> None:
    cursor = adapter.poll(None).cursor
    network.whisper(BEN, "Hallo", "c-ben")
    page = adapter.poll(cursor)
    assert len(page.events) == 1
    assert adapter.poll(page.cursor).events == ()


def test_answering_accepts_the_request_and_stays_in_the_conversation(
    network: BlueskyServer, adapter: Adapter
) -> None:
    network.whisper(BEN, "Die Ampel ist aus", "c-ben")
    (message,) = read(adapter)
    receipt = adapter.reply(answer(message, "Danke: https://stadt.example/s/ABCDEFGH?x=12345"))
    assert network.convos["c-ben"]["status"] == "accepted"
    ours = network.convos["c-ben"]["messages"][-1]
    assert (ours["sender"]["did"], receipt.external_id) == (CITY, f"c-ben/{ours['id']}")
    assert network.posts() == [receipt.external_id]
    assert adapter.find_reply(answer(message, "Danke: https://stadt.example/s/ABCDEFGH?x=12345")) == receipt
    assert not adapter.repeat_is_safe(answer(message))


def test_a_direct_answer_a_colleague_wrote_is_known_to_answer_the_last_message(
    network: BlueskyServer, adapter: Adapter
) -> None:
    heard = network.whisper(ADA, "Die Ampel ist aus")
    network.whisper(CITY, "Danke")
    network.whisper(CITY, "Schon repariert")
    assert [(one.text, one.in_reply_to) for one in read(adapter) if one.by_us] == [
        ("Danke", heard),
        ("Schon repariert", heard),
    ]


def test_a_direct_message_is_never_answered_by_a_post(network: BlueskyServer, adapter: Adapter) -> None:
    network.whisper(ADA, "Die Ampel ist aus")
    (message,) = read(adapter)
    with pytest.raises(PermanentError):
        adapter.reply(answer(message, visibility=Visibility.UNLISTED))
    assert network.posts() == []


def test_a_post_may_be_answered_privately(network: BlueskyServer, adapter: Adapter) -> None:
    mention(network, 1)
    (message,) = read(adapter)
    reply = answer(message, visibility=Visibility.DIRECT)
    receipt = adapter.reply(reply)
    assert receipt.external_id.startswith("c-ada/")
    assert adapter.find_reply(reply) == receipt


@pytest.mark.parametrize(
    "name", ["BlockedActor", "MessagesDisabled", "NotFollowedBySender", "RecipientNotFound", "SomethingNew"]
)
def test_a_direct_message_that_is_refused_needs_a_person(
    network: BlueskyServer, adapter: Adapter, name: str
) -> None:
    mention(network, 1)
    (message,) = read(adapter)
    network.broken["ForMembers"] = RefusalError(400, name)
    with pytest.raises(PermanentError, match="person" if name != "SomethingNew" else name):
        adapter.reply(answer(message, visibility=Visibility.DIRECT))


def test_a_reply_names_the_top_of_the_thread_and_the_post_above(
    network: BlueskyServer, adapter: Adapter
) -> None:
    root = network.publish(BEN, "Guten Morgen")
    asked = network.publish(ADA, "@stadt.example Moin", root, facets=MENTION, langs=["en"])
    (message,) = [one for one in read(adapter) if one.external_id == asked]
    receipt = adapter.reply(answer(message, language="en"))
    record = network.posts_by_uri[receipt.external_id]["record"]
    assert {name: ref["uri"] for name, ref in record["reply"].items()} == {"root": root, "parent": asked}
    assert (record["langs"], record["createdAt"]) == (["en"], "2026-11-20T09:30:00.000Z")
    assert TID.fullmatch(receipt.external_id.rpartition("/")[2])
    assert receipt.url == f"https://bsky.app/profile/{CITY}/post/{receipt.external_id.rpartition('/')[2]}"


def test_the_same_reply_is_one_post_however_often_it_is_sent(
    network: BlueskyServer, adapter: Adapter
) -> None:
    mention(network, 1)
    (message,) = read(adapter)
    first = adapter.reply(answer(message))
    assert adapter.reply(answer(message)) == first
    assert adapter.reply(answer(message, "In anderen Worten")) == first
    assert adapter.reply(answer(message, "Danke!", idempotency_key="key-2")) != first
    assert len(network.posts()) == 2


def test_a_thread_that_takes_no_replies_needs_a_person(network: BlueskyServer, adapter: Adapter) -> None:
    mention(network, 1, closed=True)
    (message,) = read(adapter)
    with pytest.raises(PermanentError, match="takes no replies"):
        adapter.reply(answer(message))


def test_connecting_opens_direct_messages_and_keeps_password_and_session_together(
    network: BlueskyServer, adapter: Adapter
) -> None:
    (declared,) = network.declarations
    assert declared["allowIncoming"] == "all"
    assert (adapter.account.external_id, adapter.account.handle) == (CITY, HANDLES[CITY])
    assert secret(adapter)["password"] == PASSWORD
    assert PASSWORD not in repr(adapter.account)


def test_a_password_that_may_not_read_direct_messages_is_not_connected(network: BlueskyServer) -> None:
    network.privileged = False
    with pytest.raises(PermanentError, match="direct messages"):
        Adapter(network.account).connect()


def test_an_account_without_a_handle_is_told_so(network: BlueskyServer) -> None:
    with pytest.raises(PermanentError, match="handle"):
        Adapter(network.account.model_copy(update={"handle": ""})).connect()


def test_every_process_goes_on_with_the_one_session(network: BlueskyServer, adapter: Adapter) -> None:
    for _ in range(40):
        Adapter(adapter.account).poll(None)
    assert network.logins == 1


def test_a_session_that_ran_out_is_renewed_and_handed_to_who_keeps_it(
    network: BlueskyServer, adapter: Adapter
) -> None:
    kept: list[tuple[SecretStr, SecretStr]] = []
    adapter.keep = lambda before, now: kept.append((before, now))
    before = adapter.account.token
    network.expire("access")
    adapter.poll(None)
    assert kept == [(before, adapter.account.token)]
    assert before != adapter.account.token
    assert network.logins == 1
    Adapter(adapter.account).poll(None)
    assert len(network.asked("com.atproto.server.refreshSession")) == 1


@pytest.mark.parametrize("kinds", [["access", "refresh"]])
def test_a_session_that_cannot_be_renewed_is_made_anew(
    network: BlueskyServer, adapter: Adapter, kinds: list[str]
) -> None:
    network.expire(*kinds)
    adapter.poll(None)
    assert network.logins == 2


def test_too_many_logins_are_only_a_delay(network: BlueskyServer) -> None:
    network.logins = LOGINS
    with pytest.raises(TemporaryError) as caught:
        Adapter(network.account).connect()
    assert 0 < (caught.value.retry_after or 0) <= 45


def test_a_login_without_a_clear_answer_is_only_a_delay(network: BlueskyServer, adapter: Adapter) -> None:
    mention(network, 1)
    (message,) = read(adapter)
    network.expire("access", "refresh")
    network.broken["createSession"] = RefusalError(500, "InternalServerError")
    with pytest.raises(TemporaryError):
        adapter.reply(answer(message))


def test_a_session_is_never_shown_to_another_server(network: BlueskyServer, adapter: Adapter) -> None:
    with running() as other:
        moved = adapter.account.model_copy(update={"base_url": other.url})
        Adapter(moved).poll(None)
        tokens = {headers.get("Authorization", "") for _, _, headers, *_ in other.requests}
        assert not any(secret(adapter)["access"] in token for token in tokens)

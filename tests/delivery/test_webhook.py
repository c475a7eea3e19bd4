"""The department's web hook, posted to a real web server that answers by script."""

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
import time_machine
from pydantic import SecretStr
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from bridge import fetch
from bridge.delivery import webhook
from bridge.delivery._event import Event
from bridge.delivery.base import Channel
from bridge.delivery.webhook import Adapter
from bridge.domain import (
    Change,
    GoneError,
    PermanentError,
    Photo,
    Priority,
    TemporaryError,
    UnknownOutcomeError,
)
from bridge.settings import Settings, settings
from tests.delivery.contract import ChannelContract, handover
from tests.delivery.receiver import Receiver, Said, serving

OLD, NEW = "whsec_" + "YWx0ZXI" * 6, "whsec_" + "bmV1ZXI" * 6


@pytest.fixture(autouse=True)
def town(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("BRIDGE_SECRET_KEY", "k" * 40)
    monkeypatch.setattr(webhook, "ANSWER_SECONDS", 0.5)
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with serving() as running:
        yield running


def settings_for(**more: Any) -> Settings:
    return Settings.model_validate({"BRIDGE_FETCH_PRIVATE_HOSTS": True, **more})


@pytest.fixture
def channel() -> Adapter:
    return Adapter(settings_for())


def told(receiver: Receiver) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(receiver.seen[-1].body)["data"]
    return found


class TestContract(ChannelContract):
    pictures = ()
    bad_addresses = (
        "",
        " ",
        "amt",
        "amt.example/tickets",
        "amt@stadt.example",
        "ftp://amt.example/",
        "https://",
        "https://user:word@amt.example/",
        "https://amt.example:bad/",
        "https://amt.example/\n",
        "https://amt.example/ tickets",
        "https://ämter.example/",
    )

    @pytest.fixture
    def channel(self, receiver: Receiver) -> Channel:
        self.receiver, self.good_address = receiver, receiver.url
        return Adapter(settings_for())

    def received(self) -> list[str]:
        return [readable(json.loads(request.body)) for request in self.receiver.seen]

    def received_ids(self) -> list[str]:
        return [request.headers["webhook-id"] for request in self.receiver.seen]

    def received_pictures(self) -> list[bytes]:
        return []

    def misbehave(self, how: str) -> None:
        if how == "absent":
            with socket.create_server(("127.0.0.1", 0)) as closed:
                self.good_address = f"http://127.0.0.1:{closed.getsockname()[1]}/"
            return
        said: dict[str, Said] = {"temporary": (503, {}), "permanent": (400, {}), "silent": "hang up"}
        self.receiver.script.append(said[how])


def readable(told: Any) -> str:
    """Every value of an event, one a line; coordinates with five places."""
    match told:
        case dict():
            return "\n".join(readable(each) for each in told.values())
        case list():
            return "\n".join(readable(each) for each in told)
        case float():
            return f"{told:.5f}"
    return str(told)


def deliver(channel: Adapter, receiver: Receiver, **changes: Any) -> None:
    channel.deliver(handover(address=receiver.url, **changes))


def test_the_body_is_the_documented_event(channel: Adapter, receiver: Receiver) -> None:
    due = datetime(2026, 7, 9, 10, tzinfo=UTC)
    deliver(channel, receiver, code="ABCD2345", priority=Priority.HIGH, due_at=due, revision=1)
    (request,) = receiver.seen
    assert (request.method, request.path, request.headers["content-type"]) == (
        "POST",
        "/tickets",
        "application/json",
    )
    event = Event.model_validate_json(request.body)
    assert (event.type, event.data.reference, event.data.revision) == ("ticket.routed", "LE-2026-00042", 1)
    assert (event.data.priority, event.data.due_at, event.data.code) == (Priority.HIGH, due, "ABCD2345")
    assert event.data.status_url.endswith("/s/ABCD2345")
    assert event.data.updates_url.endswith("/api/v1/tickets/LE-2026-00042/updates")
    assert event.data.place
    assert (event.data.place.lat, event.data.place.lon) == (51.322124, 12.345)


@pytest.mark.parametrize("reason", ["copy", "reminder", "overdue", "alarm"])
def test_the_type_says_why_it_comes(channel: Adapter, receiver: Receiver, reason: str) -> None:
    deliver(channel, receiver, reason=reason)
    assert json.loads(receiver.seen[0].body)["type"] == f"ticket.{reason}"


def test_photos_travel_as_addresses_and_corrections_say_what_changed(
    channel: Adapter, receiver: Receiver
) -> None:
    photo = Photo(name="a.jpg", content=b"", description="Dunkle Ampel", url="https://b.example/p/1")
    deliver(
        channel,
        receiver,
        photos=(photo, Photo(name="b.jpg", content=b"")),
        changes=(Change(what="Ort", before="A-Straße", now="B-Straße"),),
        left_out=("Kennzeichen",),
    )
    assert told(receiver)["photos"] == [{"url": "https://b.example/p/1", "description": "Dunkle Ampel"}]
    assert told(receiver)["changes"] == [{"what": "Ort", "before": "A-Straße", "now": "B-Straße"}]
    assert told(receiver)["left_out"] == ["Kennzeichen"]


@pytest.mark.parametrize("key", [OLD, NEW])
def test_every_key_that_holds_has_signed(channel: Adapter, receiver: Receiver, key: str) -> None:
    deliver(channel, receiver, secrets=(SecretStr(NEW), SecretStr(OLD)))
    (request,) = receiver.seen
    assert len(request.headers["webhook-signature"].split()) == 2
    Webhook(key).verify(request.body, request.headers)


def test_whoever_changes_a_byte_or_has_another_key_is_found_out(channel: Adapter, receiver: Receiver) -> None:
    deliver(channel, receiver, secrets=(SecretStr(NEW),))
    (request,) = receiver.seen
    with pytest.raises(WebhookVerificationError):
        Webhook(OLD).verify(request.body, request.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(request.body.replace(b"routed", b"rooted"), request.headers)


def test_the_signature_is_the_one_the_specification_computes() -> None:
    key = SecretStr("whsec_" + "AAECAwQFBgcICQoLDA0ODxAREhMUFRYX")
    known = handover(message_id="msg_1", secrets=(key,))
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False):
        heads = webhook.signed(known, b'{"a":1}')
    # openssl dgst -sha256 -mac HMAC -macopt hexkey:000102…17 -binary | base64, of msg_1.1767225600.{"a":1}
    assert heads == {
        "webhook-id": "msg_1",
        "webhook-timestamp": "1767225600",
        "webhook-signature": "v1,UyM9ZTx8DjOmZabWuQychiy3SOQTcmi8iwwb4V2hSuQ=",
    }


def test_an_id_never_carries_the_sign_that_ends_it(channel: Adapter, receiver: Receiver) -> None:
    deliver(channel, receiver, message_id="7.abc.def")
    assert receiver.seen[0].headers["webhook-id"] == "7-abc-def"


@pytest.mark.parametrize("keys", [(), ("",), ("whsec_",), ("whsec_ä",), ("whsec_x",), (NEW, "\ud800")])
def test_a_key_nobody_can_sign_with_is_named_but_not_shown(
    channel: Adapter, receiver: Receiver, keys: tuple[str, ...]
) -> None:
    with pytest.raises(PermanentError, match="bridge departments secret verkehr") as caught:
        deliver(channel, receiver, secrets=tuple(map(SecretStr, keys)))
    assert receiver.seen == []
    assert caught.value.__cause__ is None
    assert not [key for key in keys if len(key) > 6 and key in str(caught.value)]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (301, PermanentError),
        (302, PermanentError),
        (307, PermanentError),
        (308, PermanentError),
        (400, PermanentError),
        (401, PermanentError),
        (404, PermanentError),
        (408, TemporaryError),
        (410, GoneError),
        (413, PermanentError),
        (425, TemporaryError),
        (429, TemporaryError),
        (500, TemporaryError),
        (502, TemporaryError),
        (503, TemporaryError),
        (504, TemporaryError),
    ],
)
def test_each_answer_has_its_meaning(
    channel: Adapter, receiver: Receiver, status: int, error: type[Exception]
) -> None:
    receiver.script.append((status, {"Location": receiver.url + "/elsewhere"}))
    with pytest.raises(error, match=f"answered {status}") as caught:
        deliver(channel, receiver)
    assert type(caught.value) is error
    assert getattr(caught.value, "status_code", None) == status
    assert [request.path for request in receiver.seen] == ["/tickets"]


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_2xx_is_a_receipt(channel: Adapter, receiver: Receiver, status: int) -> None:
    receiver.script.append((status, {}))
    receipt = channel.deliver(handover(address=receiver.url))
    assert (receipt.external_id, receipt.status_code) == ("LE-2026-00042.verkehr.0.k3yk3y", status)


NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("90", 90),
        ("0", 0),
        ("999999999", 86_400),
        (format_datetime(NOW + timedelta(minutes=5), usegmt=True), 300),
        (format_datetime(NOW - timedelta(minutes=5), usegmt=True), 0),
        (format_datetime(NOW + timedelta(days=9), usegmt=True), 86_400),
        ("Wed, 01 Jul 2026 12:01:00 -0000", 60),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("bald", None),
        ("²", None),
        ("9" * 5000, 86_400),
        ("Wed, 99 Jul 2026 12:00:00 GMT", None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_who_asks_for_patience_gets_it_up_to_a_day(
    channel: Adapter, receiver: Receiver, status: int, asked: str, seconds: float | None
) -> None:
    receiver.script.append((status, {"Retry-After": asked.encode().decode("latin-1")}))
    with time_machine.travel(NOW, tick=False), pytest.raises(TemporaryError) as caught:
        deliver(channel, receiver)
    assert caught.value.retry_after == seconds


def test_an_endless_answer_is_read_as_far_as_it_helps_and_made_inert(
    channel: Adapter, receiver: Receiver
) -> None:
    receiver.words = b"no \x1b[2J such\r\nfield " + b"x" * 1_000_000
    receiver.script.append((400, {}))
    with pytest.raises(PermanentError) as caught:
        deliver(channel, receiver)
    assert str(caught.value).startswith("answered 400: no [2J such field xxx")
    assert len(str(caught.value)) < 250


def test_silence_after_the_whole_request_is_an_unknown_outcome(channel: Adapter, receiver: Receiver) -> None:
    receiver.script.append("time out")
    with pytest.raises(UnknownOutcomeError):
        deliver(channel, receiver)
    assert len(receiver.seen) == 1


@pytest.mark.parametrize(
    ("address", "more", "allowed"),
    [
        ("https://amt.example/t", {}, True),
        ("https://stadt.de/t", {}, False),
        ("https://stadt.de/t", {"BRIDGE_MAIL_REAL_DOMAINS": True}, True),
        ("https://example.de/t", {}, False),
        ("http://127.0.0.1/t", {"BRIDGE_FETCH_PRIVATE_HOSTS": True}, True),
        ("https://stadt.de/t", {"BRIDGE_FETCH_PRIVATE_HOSTS": True}, False),
        ("http://amt.example/t", {"BRIDGE_MAIL_REAL_DOMAINS": True}, False),
    ],
)
def test_nobody_real_is_written_to_by_accident(
    monkeypatch: pytest.MonkeyPatch, address: str, more: dict[str, Any], allowed: bool
) -> None:
    asked: list[str] = []

    def exchange(_method: str, url: str, **_: Any) -> fetch.Answer:
        asked.append(url)
        return fetch.Answer(status=204, headers={}, content=b"")

    monkeypatch.setattr(fetch, "exchange", exchange)
    channel = Adapter(Settings.model_validate(more))
    if allowed:
        channel.deliver(handover(address=address))
    else:
        with pytest.raises(PermanentError):
            channel.deliver(handover(address=address))
    assert bool(asked) is allowed


def test_an_address_inside_our_own_network_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.7", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: inside)
    with pytest.raises(PermanentError, match="public internet"):
        Adapter(Settings()).deliver(handover(address="https://amt.example/t"))


def test_nothing_tells_who_reported_it_or_where(channel: Adapter, receiver: Receiver) -> None:
    deliver(channel, receiver)
    assert b"mastodon" not in receiver.seen[0].body
    assert not {"platform", "author", "reporter", "handle"} & set(told(receiver))


def test_ten_tries_end_within_three_days() -> None:
    assert len(Adapter.retry_seconds) + 1 == 10
    assert timedelta(days=2) < timedelta(seconds=sum(Adapter.retry_seconds)) < timedelta(days=3)

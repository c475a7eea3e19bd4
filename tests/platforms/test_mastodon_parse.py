"""What a stored Mastodon event says, read from payloads as servers send them."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bridge.domain import Attachment, Author, InboundMessage, PermanentError, Visibility, Withdrawal
from bridge.platforms.base import Account
from bridge.platforms.mastodon import Adapter

PAYLOADS = Path(__file__).parent / "payloads" / "mastodon"
CITY = Adapter(Account(platform="mastodon", base_url="https://netz.example", handle="stadt", external_id="1"))


def read(name: str) -> dict[str, Any]:
    envelope: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    return envelope


def message(envelope: dict[str, Any]) -> InboundMessage:
    (found,) = CITY.parse(json.dumps(envelope))
    assert isinstance(found, InboundMessage)
    return found


def changed(**status: Any) -> InboundMessage:
    envelope = read("mention")
    return message(envelope | {"status": envelope["status"] | status})


def test_a_mention_is_read_with_everything_it_tells() -> None:
    assert message(read("mention")) == InboundMessage(
        external_id="115000000000000001",
        conversation_id="115000000000000001",
        author=Author(external_id="77", handle="ana@anderswo.example", display_name="Ana"),
        text="Ecke Könneritzstraße/Holbeinstraße ist die Ampel aus.\n\n"
        "Seit gestern!\nMehr: https://bilder.example/ein/langer/weg?x=1&y=2",
        visibility=Visibility.PUBLIC,
        written_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
        url="https://anderswo.example/@ana/1",
        language="de",
        attachments=(
            Attachment(url="https://netz.example/media/5.jpg", description="eine dunkle Ampel"),
            Attachment(url="https://anderswo.example/6.mp4", kind="video"),
        ),
    )


def test_an_edited_direct_message_keeps_its_warning_its_thread_and_the_others_mentioned() -> None:
    found = message(read("direct_edited"))
    assert found.text == "Parken\n\n@cem es steht noch da #radweg"
    assert (found.spoiler_text, found.sensitive, found.author.bot) == ("Parken", True, True)
    assert (found.visibility, found.conversation_id) == (Visibility.DIRECT, "114999999999999990")
    assert found.edited_at == datetime(2026, 11, 20, 10, 5, tzinfo=UTC)


def test_our_own_post_is_ours_and_keeps_whom_it_answers() -> None:
    found = message(read("own"))
    assert (found.by_us, found.addressed, found.in_reply_to) == (True, False, "115000000000000001")
    assert found.text == "@ana Danke, ist repariert."


def test_what_is_missing_is_nothing_and_an_unknown_audience_is_the_narrowest() -> None:
    found = message(read("bare"))
    assert (found.text, found.attachments, found.addressed) == ("", (), False)
    assert (found.visibility, found.author.handle) == (Visibility.DIRECT, "ada")
    assert found.written_at == datetime(2026, 11, 20, 8, tzinfo=UTC)


def test_a_post_that_is_gone_is_withdrawn() -> None:
    assert CITY.parse((PAYLOADS / "gone.json").read_text()) == [Withdrawal(external_id="115000000000000001")]


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("public", Visibility.PUBLIC),
        ("unlisted", Visibility.UNLISTED),
        ("private", Visibility.FOLLOWERS),
        ("direct", Visibility.DIRECT),
        ("local", Visibility.DIRECT),
    ],
)
def test_every_audience_has_one_of_our_names(theirs: str, ours: Visibility) -> None:
    assert changed(visibility=theirs).visibility is ours


def test_a_boost_does_not_speak_to_us() -> None:
    assert not changed(reblog={"id": "1"}).addressed


def test_a_mention_of_somebody_else_does_not_speak_to_us() -> None:
    assert not changed(mentions=[{"id": "2", "url": "https://netz.example/@land"}]).addressed


def test_numbers_as_ids_are_read_as_text() -> None:
    assert changed(id=17).external_id == "17"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "", None])
def test_an_address_that_is_not_the_webs_is_dropped(url: str | None) -> None:
    assert changed(url=url).url is None


@pytest.mark.parametrize(
    "wrong",
    [
        *({name: None} for name in ("id", "account", "created_at", "visibility")),
        {"created_at": "9999-12-31T23:59:59Z"},
        {"created_at": "0001-01-01T00:00:00+14:00"},
        {"created_at": "gestern"},
        {"id": "1" * 501},
        {"content": "x" * 100_001},
        {"account": {"id": "77", "acct": ["ana"]}},
        {"mentions": {"id": "1"}},
        {"media_attachments": [{"type": "image", "url": f"https://netz.example/{n}"} for n in range(101)]},
    ],
    ids=lambda wrong: f"{next(iter(wrong))} {str(next(iter(wrong.values())))[:12]}",
)
def test_a_post_that_cannot_be_read_is_refused_without_its_words(wrong: dict[str, Any]) -> None:
    envelope = read("mention")
    envelope["status"] |= {"content": "<p>Geheimnis</p>"} | wrong
    with pytest.raises(PermanentError, match="unreadable event") as caught:
        CITY.parse(json.dumps(envelope))
    assert "Geheimnis" not in str(caught.value)


@pytest.mark.parametrize("status", [None, {}])
@pytest.mark.parametrize("kind", ["mention", "own", "seen_again", "gone"])
def test_an_envelope_without_a_post_is_no_message(kind: str, status: object) -> None:
    assert CITY.parse(json.dumps({"type": kind, "status": status})) == []


@pytest.mark.parametrize("status", [[1], {"id": None}, "x"])
@pytest.mark.parametrize("kind", ["mention", "own", "seen_again", "gone"])
def test_an_envelope_with_something_else_than_a_post_is_refused(kind: str, status: object) -> None:
    with pytest.raises(PermanentError, match=r"status|id"):
        CITY.parse(json.dumps({"type": kind, "status": status}))


@pytest.mark.parametrize("payload", ["[" * 100_000, "{", "\ud800", "9" * 5000])
def test_what_is_no_json_is_refused(payload: str) -> None:
    with pytest.raises(PermanentError, match="unreadable event"):
        CITY.parse(payload)


def test_an_address_too_long_for_any_index_is_dropped_and_the_post_is_read() -> None:
    assert changed(url=f"https://netz.example/{'x' * 2000}").url is None

"""What a stored Bluesky event says, read from payloads as servers send them."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.domain import Attachment, Author, InboundMessage, PermanentError, Visibility, Withdrawal
from bridge.platforms.base import Account
from bridge.platforms.bluesky import Adapter

PAYLOADS = Path(__file__).parent / "payloads" / "bluesky"
US = "did:plc:stadt2222222222222222222"
CITY = Adapter(Account(platform="bluesky", base_url="https://netz.example", handle="stadt", external_id=US))
ANA = "did:plc:ana2222222222222222222222"
FILM = "https://video.example/watch/2/playlist.m3u8"
MAP = "https://karte.example/#18/51.3/12.4"


def read(name: str) -> dict[str, Any]:
    envelope: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    return envelope


def message(envelope: dict[str, Any]) -> InboundMessage:
    (found,) = CITY.parse(json.dumps(envelope))
    assert isinstance(found, InboundMessage)
    return found


def written(**record: Any) -> InboundMessage:
    envelope = read("answer")
    envelope["post"]["record"] |= record
    return message(envelope)


def facet(start: int, end: int, **feature: str) -> dict[str, Any]:
    return {"index": {"byteStart": start, "byteEnd": end}, "features": [feature]}


def test_a_mention_is_read_with_everything_it_tells() -> None:
    assert message(read("mention")) == InboundMessage(
        external_id=f"at://{ANA}/app.bsky.feed.post/3m5zabcdefg2h",
        conversation_id=f"at://{ANA}/app.bsky.feed.post/3m5zabcdefg2h",
        author=Author(external_id=ANA, handle="ana.example", display_name="Ana"),
        text="Größeres Schlagloch 🚲, mehr: https://bilder.example/ein/langer/weg?x=1&y=2 #radweg",
        visibility=Visibility.PUBLIC,
        written_at=datetime(2026, 11, 20, 9, 0, 1, 123000, tzinfo=UTC),
        url=f"https://bsky.app/profile/{ANA}/post/3m5zabcdefg2h",
        language="de",
        attachments=(Attachment(url="https://cdn.example/full/1@jpeg", description="ein tiefes Loch"),),
    )


def test_an_answer_to_us_belongs_to_the_thread_above_whatever_time_its_author_claims() -> None:
    found = message(read("answer"))
    assert found.addressed
    assert found.conversation_id == "at://did:plc:ben2222222222222222222222/app.bsky.feed.post/3m5zabcdefg2a"
    assert found.in_reply_to == f"at://{US}/app.bsky.feed.post/3m5zabcdefg2b"
    assert found.written_at == datetime(2026, 11, 20, 10, tzinfo=UTC)


def test_labels_tell_bots_and_what_not_everybody_wants_to_see() -> None:
    found = message(read("answer"))
    assert (found.author.bot, found.sensitive) == (True, True)
    assert not message(read("mention")).author.bot


def test_a_film_beside_a_quote_is_found() -> None:
    assert message(read("answer")).attachments == (
        Attachment(url=FILM, kind="video", description="die Lampe flackert"),
    )


def test_pictures_in_a_gallery_are_found() -> None:
    envelope = read("answer")
    envelope["post"]["embed"] = {
        "items": [{"fullsize": "https://cdn.example/3", "alt": "", "thumbnail": "x"}]
    }
    assert message(envelope).attachments == (Attachment(url="https://cdn.example/3"),)


def test_a_quote_of_ours_speaks_to_us_and_its_linked_card_is_part_of_the_words() -> None:
    found = message(read("quote"))
    assert found.addressed
    assert found.text == f"Und wann kommt die Ampel?\n\n{MAP}"


def test_an_answer_to_somebody_else_further_down_does_not_speak_to_us() -> None:
    refs = read("answer")["post"]["record"]["reply"]
    assert not written(reply=refs | {"parent": refs["root"]}).addressed


def test_our_own_post_is_ours_and_does_not_speak_to_us() -> None:
    envelope = read("answer")
    envelope["post"]["author"]["did"] = US
    assert (message(envelope).by_us, message(envelope).addressed) == (True, False)


def test_a_direct_message_names_its_conversation_and_shows_the_post_it_shares() -> None:
    found = message(read("direct"))
    assert found.visibility is Visibility.DIRECT
    assert (found.external_id, found.conversation_id) == ("3m5zconvo2222/3m5zmessage22", "3m5zconvo2222")
    assert found.author == Author(external_id=ANA, handle="ana.example", display_name="Ana")
    shared = "https://bsky.app/profile/did:plc:ben2222222222222222222222/post/3m5zabcdefg2a"
    assert found.text == f"Ist das bekannt?\n\n{shared}"
    assert (found.addressed, found.by_us, found.url) == (True, False, None)


def test_a_post_that_is_gone_is_withdrawn() -> None:
    gone = Withdrawal(external_id=f"at://{ANA}/app.bsky.feed.post/3m5zabcdefg2h")
    assert CITY.parse((PAYLOADS / "gone.json").read_text()) == [gone]


@pytest.mark.parametrize(
    ("text", "facets", "read_as"),
    [
        ("@s Ä", [facet(0, 2, did=US)], "Ä"),
        ("  @s @s Ä", [facet(2, 4, did=US), facet(5, 7, did=US)], "Ä"),
        ("Ä @s", [facet(3, 5, did=US)], "Ä @s"),
        ("@b Ä", [facet(0, 2, did="did:plc:ben")], "@b Ä"),
        ("Ä hier", [facet(3, 7, uri="https://a.example")], "Ä hier (https://a.example)"),
        ("a.example/b... ja", [facet(0, 14, uri="https://a.example/b/c")], "https://a.example/b/c ja"),
        ("kurz", [facet(-1, 2, uri="https://a.example"), facet(1, 99, did=US)], "kurz"),
        ("kurz", [facet(3, 2, uri="https://a.example"), facet(2, 2, did=US)], "kurz"),
        ("abcd", [facet(0, 3, did="x"), facet(1, 2, uri="https://a.example")], "abcd"),
        ("ä", [facet(0, 1, did=US)], "\ufffd"),
    ],
)
def test_facets_are_taken_for_what_they_are_worth(
    text: str, facets: list[dict[str, Any]], read_as: str
) -> None:
    assert written(text=text, facets=facets).text == read_as


@pytest.mark.parametrize(
    ("where", "wrong"),
    [
        ("post", {"indexedAt": "gestern"}),
        ("post", {"indexedAt": "9999-12-31T23:59:59Z"}),
        ("post", {"author": {"did": ["x"], "handle": "ana"}}),
        ("post", {"uri": "at://" + "x" * 500}),
        ("record", {"text": "x" * 100_001}),
        ("record", {"text": None}),
        ("record", {"facets": {"index": 1}}),
        ("record", {"langs": ["d" * 101]}),
        ("record", {"reply": {"root": "x"}}),
    ],
)
def test_a_post_that_cannot_be_read_is_refused_without_its_words(where: str, wrong: dict[str, Any]) -> None:
    envelope = read("mention")
    post = envelope["post"]
    (post if where == "post" else post["record"]).update({"text": "Geheimnis"} | wrong)
    with pytest.raises(PermanentError, match="unreadable event") as caught:
        CITY.parse(json.dumps(envelope))
    assert "Geheimnis" not in str(caught.value)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
WHOLE = [read(name) for name in ("mention", "answer", "quote", "direct", "gone")]


def places(found: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in some JSON, by the way to it."""
    inner = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    return [path, *(way for name, value in inner for way in places(value, (*path, name)))]


@given(st.sampled_from(WHOLE), st.data(), JUNK)
@settings(max_examples=300, deadline=None, database=None)
def test_junk_anywhere_in_an_event_is_read_or_refused_and_nothing_else(
    whole: dict[str, Any], data: st.DataObject, junk: Any
) -> None:
    damaged = json.loads(json.dumps(whole))
    *way, last = data.draw(st.sampled_from(places(damaged)[1:]))
    inside = damaged
    for name in way:
        inside = inside[name]
    inside[last] = junk
    with suppress(PermanentError):
        CITY.parse(json.dumps(damaged))


@pytest.mark.parametrize("payload", ["[" * 100_000, "{", "\ud800", "9" * 5000, '{"type": "chat"}'])
def test_what_is_no_event_is_refused_or_empty(payload: str) -> None:
    try:
        assert CITY.parse(payload) == []
    except PermanentError as error:
        assert "unreadable event" in str(error)

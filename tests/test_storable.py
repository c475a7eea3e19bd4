"""Text from outside is made storable in one place, and nothing else about it changes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain import storable
from bridge.tickets import search
from bridge.tickets.book import desk
from tests.tickets import story

WILD = st.text(st.characters(codec=None, exclude_categories=()) | st.sampled_from("\x00\ud800\udfff"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WILD,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(WILD, inner),
)


@given(JSON)
def test_whatever_it_is_a_database_can_take_it(told: object) -> None:
    written = json.dumps(storable(told), ensure_ascii=False).encode("utf-8")
    assert b"\\u0000" not in written.replace(b"\\\\", b"")


@given(WILD)
def test_every_sign_keeps_its_place_and_all_others_stay_as_they_are(text: str) -> None:
    kept = storable(text)
    assert len(kept) == len(text)
    assert all(new == old or new == "\ufffd" for new, old in zip(kept, text, strict=True))


@given(JSON)
def test_what_was_made_storable_stays_as_it_is(told: object) -> None:
    once = storable(told)
    assert repr(storable(once)) == repr(once)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00")))
def test_ordinary_text_is_never_touched(text: str) -> None:
    assert storable(text) == text


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("sign", ["\x00", "\ud800"])
def test_what_a_database_would_refuse_is_stored_and_found_all_the_same(sign: str) -> None:
    text = f"Am{sign}pel"
    message = story.post("Ampel", author=story.ADA.model_copy(update={"external_id": text, "handle": text}))
    message = message.model_copy(update={"text": text, "conversation_id": text})
    case = story.arrive(story.connect(), message) and story.latest()
    story.route(case, because=text)
    desk.note(case.id, "staff:vera", text)
    kept = search.case(case.id)
    assert kept
    assert {kept.because, kept.messages[0].text, kept.messages[0].author_handle} == {"Am\ufffdpel"}
    assert kept.history[-1].detail == {"text": "Am\ufffdpel"}
    assert search.listing("all", text=text).total == 1
    assert search.find_reference(f"MU{sign}") is None

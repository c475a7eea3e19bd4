"""Words as Bluesky counts and marks them; its own cases are read where STADTBRUECKE_DATA names them."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.platforms.bluesky import _text
from bridge.platforms.bluesky._wire import Facet

FAMILY = "👨‍👩‍👧‍👧"


def cases(name: str) -> list[dict[str, Any]]:
    file = Path(os.environ.get("STADTBRUECKE_DATA") or "nowhere") / "bluesky-facets" / "facets.json"
    if not file.exists():
        pytest.skip("STADTBRUECKE_DATA names no folder with bluesky-facets/facets.json.")
    found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))[name]
    return found


def marked(said: dict[str, Any]) -> list[str]:
    """The pieces of a text its facets name."""
    whole = said["text"].encode()
    return [whole[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode() for f in said.get("facets", [])]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("Größe", 5),
        (FAMILY, 3),  # one grapheme, but 25 bytes
        ("क्षि", 2),  # one grapheme, but 12 bytes
        ("e\u0301" * 10, 10),
        ("https://stadt.example/s/ABCDEFGH", len("stadt.example/s/ABCDEFGH")),
        ("https://stadt.example/ein/sehr/langer/weg.", len("stadt.example/ein/sehr/lan….")),
        ("x" * 300, 300),
        ("\U0001f6b2" * 300, 300),
        (FAMILY * 121, 303),
    ],
)
def test_a_text_is_as_long_as_it_will_be_shown(text: str, length: int) -> None:
    assert _text.count(text) == length


def test_a_link_is_shown_short_and_leads_to_the_whole_address() -> None:
    said = _text.rich("Näheres: https://stadt.example/ein/sehr/langer/weg?x=1.", {})
    assert said["text"] == "Näheres: stadt.example/ein/sehr/lan…."
    assert marked(said) == ["stadt.example/ein/sehr/lan…"]
    (feature,) = said["facets"][0]["features"]
    assert feature["uri"] == "https://stadt.example/ein/sehr/langer/weg?x=1"


def test_only_the_people_known_are_mentioned_and_tags_are_marked() -> None:
    said = _text.rich("🚲 @ana.example @ben.example #radweg #1", {"ana.example": "did:plc:ana"})
    assert marked(said) == ["@ana.example", "#radweg"]


def test_a_text_without_anything_has_no_facets() -> None:
    assert _text.rich("Vielen Dank.", {}) == {"text": "Vielen Dank."}


def test_a_hash_in_an_address_is_no_tag() -> None:
    assert marked(_text.rich("https://karte.example/#18", {})) == ["karte.example/#18"]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_whatever_is_sent_comes_back_as_it_was_written(text: str) -> None:
    text = f"{text} https://stadt.example/s/ABCDEFGH?lang=de ok"
    said = _text.rich(text, {})
    facets = [Facet.model_validate(one) for one in said.get("facets", [])]
    back = _text.plain(said["text"], facets, "did:plc:stadt")
    assert "https://stadt.example/s/ABCDEFGH?lang=de ok" in back
    if "http" not in text[:-40].lower():
        assert back == text.strip()


def test_bluesky_s_own_mentions_and_links_are_found() -> None:
    for case in cases("mentions_and_links"):
        wanted = [segment for segment in case["segments"] if len(segment) > 1]
        if any(not (words.startswith(("@", "https://"))) for words, _ in wanted):
            continue  # A bare domain: our texts write addresses in full.
        people = {words[1:]: did for words, did in wanted if words.startswith("@")}
        features = [one["features"][0] for one in _text.rich(case["text"], people).get("facets", [])]
        found = [feature.get("did") or feature.get("uri") for feature in features]
        assert found == [target for _, target in wanted], case["text"]


def test_bluesky_s_own_tags_are_found() -> None:
    for case in cases("tags"):
        found = _text.rich(case["text"], {}).get("facets", [])
        assert [one["features"][0]["tag"] for one in found] == case["tags"], case["text"]
        assert [one["index"] for one in found] == case["ranges"], case["text"]

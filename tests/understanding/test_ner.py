"""The shipped network of names, as the pipeline uses it."""

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from bridge.understanding import ner


@pytest.fixture(scope="module")
def pipeline() -> Language:
    nlp = spacy.blank("de")
    ner.add(nlp)
    return nlp


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("In der Krummbeinstraße brennt seit Tagen kein Licht.", "Krummbeinstraße"),
        ("schlagloch in der krummbeinstr. 12", "krummbeinstr"),
        ("Müll im Zwetschgenweg, bitte abholen", "Zwetschgenweg"),
        ("Laterne defekt Ecke Ostrander Str./Am Wehr", "Ostrander Str"),
        ("Stau auf der A45 Richtung Dortmund", "A45"),
    ],
)
def test_a_street_is_found_that_no_list_knows(text: str, street: str, pipeline: Language) -> None:
    found = [
        text[name.start : name.end].rstrip(".") for name in pipeline(text)._.names if "street" in name.label
    ]
    assert street in found


@pytest.mark.parametrize(
    "text", ["Die Straße ist kaputt.", "Weg damit!", "Der Müll liegt auf dem Weg.", "Danke!", ""]
)
def test_no_street_is_seen_where_none_is_named(text: str, pipeline: Language) -> None:
    assert not [name for name in pipeline(text)._.names if name.label == "location-street"]


def test_names_are_exact_and_entities_whole_tokens(pipeline: Language) -> None:
    doc = pipeline("Die S85. Ausfall zwischen Bonn und Köln Hbf.")
    assert {(ent.text, ent.label_) for ent in doc.ents} >= {("S85.", "location-route")}
    assert "S85" in {doc.text[name.start : name.end] for name in doc._.names}


def test_many_texts_are_named_as_each_alone(pipeline: Language) -> None:
    texts = ["Müll in der Gartenstraße", "", "Köln", "Bus 12 fährt nicht ab Marktplatz " * 20]
    assert [doc._.names for doc in pipeline.pipe(texts)] == [pipeline(text)._.names for text in texts]


@given(st.text() | st.text("aA1. #@/\n-😀\u0308\u202e", max_size=200))
def test_names_of_any_text_stand_in_it_one_after_another(text: str) -> None:
    (found,) = ner.names([text], ner.network())
    borders = [place for name in found for place in (name.start, name.end)]
    assert borders == sorted(borders)
    assert all(text[name.start : name.end].strip() for name in found)


@pytest.mark.parametrize("text", ["x" * 60_000, "a " * 9_000, "😀" * 12_000, "#" * 9_999, "\u0308" * 9_000])
def test_a_long_text_is_read_in_bounded_time(text: str) -> None:
    (found,) = ner.names([text], ner.network())
    assert all(name.end <= 10_000 for name in found)


def test_the_weights_are_small() -> None:
    assert ner.WEIGHTS.stat().st_size < 10_000_000

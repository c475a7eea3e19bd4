"""Short, misspelt and unknown names, names among other words, and what only looks like a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain import Location, Precision
from bridge.places.gazetteer import Gazetteer
from bridge.places.reading import Candidate

PIECES = (
    "Lindenstr.",
    "#",
    "9",
    "zwischen",
    "und",
    "Ecke",
    "/",
    "K.-",
    "Müller",
    "-",
    "in der",
    "Haltestelle",
)


def best(town: Gazetteer, text: str) -> Location:
    return town.candidates(text)[0].location


def trusted(town: Gazetteer, text: str) -> list[Candidate]:
    return [candidate for candidate in town.candidates(text) if candidate.location.confidence >= 0.3]


@pytest.mark.parametrize(
    "text",
    [
        "K.-Müller-Str. ist dunkel",
        "K. Müller Straße ist dunkel",
        "Kl.-Müller-Str.",
        "Karl-Müll.-Str.",
        "Müllerstraße ist dunkel",
        "in der Karl-Müller ist es dunkel",
        "Karl-Müller alles dunkel",
        "Karl-Mülelr-Straße",
        "Karl-Mullner-Strase",
        "karl müller strase",
        "KARL-MUELLER-STRASSE",
        "#karlmuellerstrasse",
    ],
)
def test_short_and_misspelt_names_lead_to_the_street(town: Gazetteer, text: str) -> None:
    assert best(town, text).street == "Karl-Müller-Straße"


@pytest.mark.parametrize(
    ("text", "precision", "name"),
    [
        ("in Oststdat liegt Müll", Precision.DISTRICT, "Oststadt"),
        ("#oststatd", Precision.DISTRICT, "Oststadt"),
        ("Haltestelle Alter Hafn", Precision.STOP, "Alter Hafen"),
        ("Alter Hafen, Haltestelle verdreckt", Precision.STOP, "Alter Hafen"),
        ("Lindenstraße, Tram kommt nie", Precision.STOP, "Lindenstraße"),
        ("beim alten hafen", Precision.STOP, "Alter Hafen"),
        ("im Clarapark", Precision.PLACE, "Clara-Park"),
    ],
)
def test_stops_places_and_districts_forgive_a_letter_behind_a_word_for_them(
    town: Gazetteer, text: str, precision: Precision, name: str
) -> None:
    found = best(town, text)
    assert (found.precision, found.name) == (precision, name)


@pytest.mark.parametrize(
    "text",
    [
        "Lindenstraße zwischen Uferweg und Dorfstraße",
        "In der Lindenstraße, zwischen Uferweg und Dorfstraße, liegt Müll",
        "zwischen Uferweg und Dorfstraße liegt in der Lindenstraße Müll",
        "Lindenstr. zw. Uferweg u. Dorfstr.",
        "Lindenstraße zwischen Uferweg & Dorfstraße",
    ],
)
def test_a_part_of_a_street_lies_between_the_two_others(town: Gazetteer, text: str) -> None:
    found = best(town, text)
    assert (found.precision, found.street, found.cross_street) == (
        *(Precision.STREET, "Lindenstraße", "Uferweg"),
    )
    assert found.confidence > 0.7


def test_two_streets_with_numbers_and_a_corner_between_are_a_crossing(town: Gazetteer) -> None:
    assert best(town, "Uferweg 2 Ecke Lindenstraße").precision is Precision.ADDRESS
    labels = [candidate.location.label for candidate in town.candidates("Uferweg 2 Ecke Lindenstraße")]
    assert "Uferweg / Lindenstraße" in labels


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Lindenstraße 9: Müll liegt da", "9"),
        ("Lindenstraße 9/11", "9/11"),
        ("Lindenstraße 9 bis 11", "9"),
        ("Lindenstraße vor Nr. 9", "9"),
    ],
)
def test_more_ways_to_write_a_number(town: Gazetteer, text: str, number: str) -> None:
    assert best(town, text).house_number == number


@pytest.mark.parametrize("text", ["Lindenstraße 6.000 Euro", "Lindenstraße, 2 Zimmer", "Lindenstraße 50 %"])
def test_prices_and_shares_are_no_numbers_of_houses(town: Gazetteer, text: str) -> None:
    assert best(town, text).house_number is None


@pytest.mark.parametrize(
    "text",
    [
        "Der Verein Oststadt lädt ein",
        "SV Oststadt gewinnt",
        "Das Oststadt-Fest war laut",
        "Frau Markt hat angerufen",
        "Die Preise am markt steigen",
        "Sie kommen auf den Markt",
        "ich nahm den anderen Weg",
        "Neue Lindenstraße ist gesperrt",
        "Die Müller kommen",
        "Im Grunde egal, es so zu lassen",
    ],
)
def test_clubs_people_fairs_and_everyday_words_are_no_trusted_place(town: Gazetteer, text: str) -> None:
    assert [c for c in trusted(town, text) if c.source == "gazetteer" and c.location.confidence >= 0.6] == []


def test_a_street_nobody_knows_is_kept_by_its_name_without_a_point(town: Gazetteer) -> None:
    (found,) = town.candidates("Müll in der Rosenstraße 7")
    assert (found.source, found.location.street, found.location.house_number) == (
        "pattern",
        "Rosenstraße",
        "7",
    )
    assert found.location.point is None
    assert found.location.confidence < 0.6


@pytest.mark.parametrize(
    "word", ["Hauptstraße", "Einbahnstraße", "Radweg", "Fahrradstraße", "Sackgasse", "Spielstraße", "Heimweg"]
)
def test_a_kind_of_street_is_no_unknown_street(town: Gazetteer, word: str) -> None:
    assert town.candidates(f"Müll in der {word}") == []


def test_a_span_taken_for_a_name_is_looked_up_more_forgivingly(town: Gazetteer) -> None:
    text = "Schrott, Clara-Parck, liegt da"
    assert town.candidates(text) == []
    (found,) = town.candidates(text, extra=[(9, 20)])
    assert (found.location.name, text[found.start : found.end]) == ("Clara-Park", "Clara-Parck")
    (unknown,) = town.candidates("am Rosenweg", extra=[(3, 11)])
    assert (unknown.source, unknown.location.street) == ("ner", "Rosenweg")


def test_a_hashtag_may_carry_the_city_too(town: Gazetteer) -> None:
    (found,) = town.candidates("#musteroststadt", frozenset({"muster"}))
    assert found.location.name == "Oststadt"


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=9)), max_size=30).map(" ".join))
def test_any_text_gives_ordered_readings_that_know_their_words(town: Gazetteer, text: str) -> None:
    found = town.candidates(text)
    assert all(0 <= candidate.start < candidate.end <= len(text) for candidate in found)
    sure = [candidate.location.confidence for candidate in found]
    assert sure == sorted(sure, reverse=True)

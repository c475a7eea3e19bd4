"""How people write where something is, and what the gazetteer makes of it."""

import pytest

from bridge.domain import Location, Precision
from bridge.places.gazetteer import Gazetteer
from bridge.places.normal import key, words


def best(town: Gazetteer, text: str) -> Location:
    return town.candidates(text)[0].location


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Müll in der Lindenstraße 9", "9"),
        ("Müll in der Lindenstr. 9, seit Tagen", "9"),
        ("lindenstr 9", "9"),
        ("LINDENSTRASSE 9!", "9"),
        ("Lindenstraße Nr. 9", "9"),
        ("Lindenstraße, Höhe Hausnummer 9", "9"),
        ("Lindenstraße gegenüber der 9", "9"),
        ("Lindenstraße 12a", "12a"),
        ("Lindenstraße 12 a", "12 a"),
        ("Lindenstraße 14-16", "14-16"),
        ("Lindenstraße 14 – 16", "14 – 16"),
        ("Lindenstraße9", "9"),
        ("Linden-Straße 9", "9"),
        ("#Lindenstraße 9", "9"),
        ("Linden 9", "9"),
    ],
)
def test_a_street_with_a_number_is_an_address_with_the_number_as_written(
    town: Gazetteer, text: str, number: str
) -> None:
    found = best(town, text)
    assert (found.precision, found.street, found.house_number) == (Precision.ADDRESS, "Lindenstraße", number)
    assert found.confidence > 0.8


@pytest.mark.parametrize(
    "text",
    [
        "Lindenstraße 3 Autos auf dem Gehweg",
        "Lindenstraße 20 Uhr Lärm",
        "Lindenstraße, 14 Tage alt",
        "Lindenstraße. 12 ist zu viel",
        "Lindenstraße 04109",
        "Lindenstraße 18:30",
    ],
)
def test_a_count_or_a_time_behind_a_street_is_no_house_number(town: Gazetteer, text: str) -> None:
    assert best(town, text).precision is Precision.STREET


@pytest.mark.parametrize(
    "text",
    [
        "Ecke Lindenstraße/Uferweg ist die Ampel aus",
        "Lindenstraße Ecke Uferweg",
        "Lindenstr. / Uferweg",
        "Kreuzung Lindenstraße und Uferweg",
        "an der Kreuzung der Lindenstraße mit dem Uferweg",
        "Lindenstraße Höhe Uferweg",
        "Linden-/Uferweg",
        "corner of Lindenstraße and Uferweg",
    ],
)
def test_two_streets_that_meet_are_a_crossing_between_their_nearest_addresses(
    town: Gazetteer, text: str
) -> None:
    found = best(town, text)
    assert found.precision is Precision.INTERSECTION
    assert (found.street, found.cross_street) == ("Lindenstraße", "Uferweg")
    assert found.lat == pytest.approx(50.00015)
    assert found.confidence > 0.8


def test_two_streets_in_one_sentence_are_no_crossing_without_a_word_for_it(town: Gazetteer) -> None:
    assert best(town, "Erst Lindenstraße, dann Uferweg").precision is Precision.STREET


def test_two_streets_that_do_not_meet_stay_a_street_that_keeps_the_other_name(town: Gazetteer) -> None:
    found = best(town, "Ecke Straße des 18. Oktober / Lindenstraße")
    assert (found.precision, found.street) == (Precision.STREET, "Straße des 18. Oktober")
    assert found.cross_street == "Lindenstraße"


@pytest.mark.parametrize(
    ("text", "precision", "name"),
    [
        ("Haltestelle Lindenstraße", Precision.STOP, "Lindenstraße"),
        ("Lampe am Clara-Park kaputt", Precision.PLACE, "Clara-Park"),
        ("im clara park", Precision.PLACE, "Clara-Park"),
        ("am Neuen Rathaus", Precision.PLACE, "Neues Rathaus"),
        ("Müll am Markt", Precision.PLACE, "Markt"),
        ("#Oststadt ist dreckig", Precision.DISTRICT, "Oststadt"),
    ],
)
def test_stops_places_and_districts_are_found_by_name(
    town: Gazetteer, text: str, precision: Precision, name: str
) -> None:
    found = best(town, text)
    assert (found.precision, found.name) == (precision, name)


@pytest.mark.parametrize(
    "text",
    ["Karli zugeparkt", "karl-mueller-strasse", "KarlMüllerStr", "#KarlMüllerStraße", "Karl-Mülller-Str."],
)
def test_nicknames_hashtags_umlauts_and_one_typo_lead_to_the_same_street(town: Gazetteer, text: str) -> None:
    assert best(town, text).street == "Karl-Müller-Straße"


@pytest.mark.parametrize(
    "text",
    [
        "@Lindenstraße hallo",
        "https://stadt.example/Lindenstraße",
        "",
        "Augenblick an der Stelle",
        "auf dem markt der möglichkeiten",
        "Das Ordnungsamt Oststadt schläft",
        "🚲🚲🚲",
    ],
)
def test_mentions_links_offices_and_everyday_words_are_no_places(town: Gazetteer, text: str) -> None:
    assert town.candidates(text) == []


def test_the_city_itself_is_no_place(town: Gazetteer) -> None:
    assert town.candidates("Müll in Weststadt", frozenset({key("Weststadt")})) == []


@pytest.mark.parametrize(
    "text", ["Im Grunde ist alles gut", "das ist im Grunde egal", "Richtung Oststadt", "Der Markt regelt"]
)
def test_figures_of_speech_and_directions_are_not_trusted(town: Gazetteer, text: str) -> None:
    assert all(candidate.location.confidence < 0.6 for candidate in town.candidates(text))


def test_a_street_beside_a_stop_is_kept_with_it(town: Gazetteer) -> None:
    found = best(town, "Im Uferweg, Nähe Alter Hafen, liegt Müll")
    assert (found.name, found.street) == ("Alter Hafen", "Uferweg")


def test_one_name_for_two_streets_is_not_trusted_until_the_district_is_named(town: Gazetteer) -> None:
    assert best(town, "Dorfstraße 3").confidence < 0.6
    named = best(town, "Dorfstraße 3 in der Oststadt")
    assert named.confidence > 0.9
    assert named.lon == pytest.approx(10.001)


def test_an_unknown_number_lies_between_its_neighbours(town: Gazetteer) -> None:
    found = best(town, "Lindenstraße 5")
    assert found.lon == pytest.approx(10.002)
    assert 0.6 < found.confidence < 0.9


def test_the_best_reading_comes_first_and_knows_its_words(town: Gazetteer) -> None:
    text = "Weststadt, Lindenstraße 9!"
    first, *others = town.candidates(text)
    assert text[first.start : first.end] == "Lindenstraße 9"
    assert [other.location.precision for other in others] == [Precision.DISTRICT]


def test_words_remember_where_they_stood_whatever_marks_they_carry() -> None:
    text = "Mu\u0308ll in Ko\u0308nigstr. 5"
    assert [(w.fold, text[w.start : w.end]) for w in words(text)] == [
        ("muell", "Mu\u0308ll"),
        ("in", "in"),
        ("koenigstrasse", "Ko\u0308nigstr"),
        ("5", "5"),
    ]

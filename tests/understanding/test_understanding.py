"""What the reader makes of whole messages: kind, category, place, flags, and why."""

import json

import pytest

from bridge.city import City
from bridge.domain import Flag, Kind, Point, Precision
from bridge.places import city_gazetteer
from bridge.understanding import understand
from bridge.understanding.reader import Reader
from bridge.understanding.report import as_json


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("An der Ecke liegen alte Autoreifen und Bauschutt", "illegal_dumping"),
        ("Neben dem vollen Glascontainer liegen Müllsäcke und eine Matratze", "illegal_dumping"),
        ("Der Papierkorb an der Wiese quillt über", "overflowing_bin"),
        ("Überall Glasscherben auf dem Platz", "litter"),
        ("Ampel ist aus", "traffic_light"),
        ("Laterne flackert die ganze Nacht", "street_light"),
        ("Riesiges Schlagloch in der Fahrbahn", "road_damage"),
        ("Loch im Radweg, sehr gefährlich", "path_damage"),
        ("Das Verkehrsschild ist umgefahren", "traffic_sign"),
        ("Schon wieder Autos auf dem Gehweg geparkt", "parking_violation"),
        ("Hier steht ein Auto ohne Kennzeichen", "abandoned_vehicle"),
        ("Schrottfahrrad am Geländer", "abandoned_bicycle"),
        ("E-Scooter liegen quer auf dem Gehweg", "e_scooter"),
        ("Die Wand ist beschmiert", "graffiti"),
        ("Ein Baum ist auf die Straße gestürzt, der Baum liegt quer", "tree_green"),
        ("Auf dem Spielplatz ist die Schaukel kaputt", "playground"),
        ("Gehweg nicht geräumt, alles vereist", "winter_service"),
        ("Gully verstopft, Wasser steht", "drainage"),
        ("Wasserrohrbruch, Wasser schießt aus der Straße", "water_leak"),
        ("Tote Fische im Teich", "water_pollution"),
        ("Jede Nacht Baulärm bis drei", "noise"),
        ("Ratten am Container", "pests"),
        ("Die Absperrung an der Baustelle ist umgefallen", "roadworks"),
        ("Scheibe vom Wartehäuschen eingeschlagen", "public_transport"),
        ("Ein totes Tier liegt am Rand, wohl ein toter Fuchs", "dead_animal"),
        ("Parkbank kaputt", "street_furniture"),
        ("Wahlplakat hängt noch", "other"),
        ("Huge pothole near the school", "road_damage"),
    ],
)
def test_every_category_is_known_by_its_plain_words(reader: Reader, text: str, category: str) -> None:
    found = reader.understand(text)
    assert (found.kind, found.category) == (Kind.REPORT, category)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Wann hat das Bürgeramt geöffnet?", Kind.QUESTION),
        ("Wo kann ich Sperrmüll anmelden?", Kind.QUESTION),
        ("Can I register my flat online?", Kind.QUESTION),
        ("Danke für die schnelle Reparatur der Bank!", Kind.FEEDBACK),
        ("Mein Vorschlag: mehr Bäume in der Innenstadt", Kind.FEEDBACK),
        ("Können Sie bitte die kaputte Ampel reparieren?", Kind.REPORT),
        ("Warum ist die Laterne in der Karli schon wieder kaputt?", Kind.REPORT),
        ("Ein alter Kühlschrank ist auch dabei", Kind.REPORT),
        ("Und ein Sofa", Kind.REPORT),
        ("Ihr seid alle Vollidioten", Kind.ABUSE),
        ("Guten Morgen, schönes Wochenende!", Kind.IRRELEVANT),
        ("🎉🎉🎉", Kind.IRRELEVANT),
        ("", Kind.IRRELEVANT),
    ],
)
def test_questions_praise_abuse_and_chatter_are_told_from_reports(
    reader: Reader, text: str, kind: Kind
) -> None:
    assert reader.understand(text).kind is kind


def test_an_insulting_report_is_a_report_with_a_flag(reader: Reader) -> None:
    found = reader.understand("Ihr Idioten, in der Eisenbahnstraße 87 liegt seit Wochen Müll!")
    assert (found.kind, found.category) == (Kind.REPORT, "illegal_dumping")
    assert found.flags == (Flag.INSULT,)


def test_a_drastic_but_polite_report_carries_no_flag(reader: Reader) -> None:
    assert reader.understand("Dreck, Fäkalien und Schrott am Markt, bitte entfernen").flags == ()


def test_words_nobody_knows_become_an_unclear_report_not_silence(reader: Reader) -> None:
    found = reader.understand("Die Vorrichtung am Eck ist wieder hin")
    assert found.kind is Kind.REPORT
    assert found.confidence < 0.5


def test_names_of_places_do_not_speak_for_a_category(reader: Reader) -> None:
    found = reader.understand("Die Bank in der Müllerstraße ist kaputt")
    assert found.category == "street_furniture"


def test_a_report_has_category_place_confidence_and_reasons(reader: Reader) -> None:
    text = "Ecke Könneritzstraße/Holbeinstraße ist die Ampel aus"
    found = reader.understand(text)
    assert found.location is not None
    assert (found.location.precision, found.location.label) == (
        Precision.INTERSECTION,
        "Könneritzstraße / Holbeinstraße",
    )
    assert found.confidence > 0.6
    assert {"kind", "category", "place"} <= {reason.about for reason in found.evidence}
    assert all(text[reason.start : reason.end] == reason.words for reason in found.evidence)


def test_a_clear_report_is_trusted_more_than_a_mixed_one(reader: Reader) -> None:
    clear = reader.understand("Ampel defekt")
    mixed = reader.understand("Ampel und Laterne und Mülleimer und Parkbank")
    assert clear.confidence > mixed.confidence


@pytest.mark.parametrize(
    ("text", "language"),
    [("The street light is broken again", "en"), ("Die Lampe ist kaputt", "de"), ("", "de"), ("123", "de")],
)
def test_german_and_english_are_told_apart(reader: Reader, text: str, language: str) -> None:
    assert reader.understand(text).language == language


@pytest.mark.parametrize(
    "text", ["Die Ampel in Dresden ist kaputt", "#Dresden Müll in der Eisenbahnstraße", "Stau in Hamburg"]
)
def test_a_place_in_another_town_is_said_to_be_outside(reader: Reader, text: str) -> None:
    found = reader.understand(text)
    assert Flag.OUTSIDE_CITY in found.flags
    assert found.location is None


@pytest.mark.parametrize(
    "text",
    [
        "In Leipzig, nicht in Dresden: Ampel in der Eisenbahnstraße kaputt",
        "Der Zug nach Dresden fiel aus, am Hauptbahnhof ist die Anzeige kaputt",
        "Ich wohne in Berlin. Ecke Könneritzstraße/Holbeinstraße ist die Ampel aus",
        "Müll in der Dresdner Straße",
    ],
)
def test_another_town_named_in_passing_does_not_move_the_place(reader: Reader, text: str) -> None:
    found = reader.understand(text)
    assert Flag.OUTSIDE_CITY not in found.flags
    assert found.location is not None


def test_a_point_sent_along_stands_in_where_no_place_is_named(reader: Reader) -> None:
    found = reader.understand("Laterne kaputt", Point(lat=51.345, lon=12.404)).location
    assert found is not None
    assert (found.lat, found.lon) == (51.345, 12.404)
    assert found.confidence >= 0.6
    assert found.label.startswith("bei ")


def test_a_point_sent_along_says_where_on_a_long_street(reader: Reader) -> None:
    found = reader.understand("Laterne in der Eisenbahnstraße kaputt", Point(lat=51.345, lon=12.404)).location
    assert found is not None
    assert (found.label, found.lat, found.lon) == ("Eisenbahnstraße", 51.345, 12.404)


def test_a_named_address_outweighs_a_point_sent_along(reader: Reader) -> None:
    found = reader.understand("Laterne vor der Eisenbahnstraße 87", Point(lat=51.30, lon=12.30)).location
    assert found is not None
    assert found.label == "Eisenbahnstraße 87"


def test_many_texts_are_read_like_one(reader: Reader) -> None:
    texts = ["Ampel aus", "Wann ist Markt?", "Müll in der Karli"]
    assert list(reader.pipe((text, None) for text in texts)) == [reader.understand(text) for text in texts]


def test_the_one_function_gives_what_the_reader_gives(reader: Reader, city: City) -> None:
    text = "Müll in der Karli"
    assert understand(text, city=city, gazetteer=city_gazetteer(city)) == reader.understand(text)


def test_the_printed_form_is_the_promised_one(reader: Reader) -> None:
    text = "Ecke Könneritzstraße/Holbeinstraße ist die Ampel aus, Kennzeichen XX-AB 1234"
    printed = json.loads(json.dumps(as_json("7", text, reader.understand(text))))
    assert list(printed) == [
        *("id", "kind", "category", "confidence", "language", "place", "licence_plates", "flags")
    ]
    assert list(printed["place"]) == [
        *("label", "precision", "street", "cross_street", "house_number", "name"),
        *("district", "lat", "lon", "confidence"),
    ]
    assert (printed["licence_plates"], printed["flags"]) == (["XX-AB 1234"], ["personal_data"])
    assert as_json("8", "Ampel aus", reader.understand("Ampel aus"))["place"] is None


def test_what_an_office_needs_beside_the_place_is_shown(reader: Reader) -> None:
    text = "Leuchte Nr. 4711 in der Eisenbahnstraße stadteinwärts ist seit drei Wochen aus"
    details = {e.because: e.words for e in reader.understand(text).evidence if e.about == "detail"}
    assert details == {
        "number of a lamp": "4711",
        "direction": "stadteinwärts",
        "since when": "seit drei Wochen",
    }

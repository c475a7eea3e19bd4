"""Nothing personal goes public unseen; all data here is invented and belongs to nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain import Precision
from bridge.replies import personal_data, public_place
from bridge.replies.public import public_point, without_personal_data
from tests.factories import make_location


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Rufen Sie an: 0000 123456", []),
        ("Rufen Sie an: 0199 / 000 00 00.", ["0199 / 000 00 00"]),
        ("Tel.: (0199) 0000-00", ["(0199) 0000-00"]),
        ("+49 199 0000000", ["+49 199 0000000"]),
        ("Telefon 00 00 00", ["Telefon 00 00 00"]),
        ("Schreiben Sie an ada@marktplatz.example!", ["ada@marktplatz.example"]),
        ("Danke, @ada@marktplatz.example", ["@ada@marktplatz.example"]),
        ("Danke, @ada.", ["@ada."]),
        ("IBAN DE00 0000 0000 0000 0000 00", ["DE00 0000 0000 0000 0000 00"]),
        ("iban de00000000000000000000", ["de00000000000000000000"]),
        ("Der Wagen XX-AB 1234 ist fort", ["XX-AB 1234"]),
        ("Der Wagen XX‑AB 1234 ist fort", ["XX-AB 1234"]),
        ("XX AB1234E", ["XX AB1234E"]),
        ("xx-ab 1234", ["xx-ab 1234"]),
        ("X\u200bX-AB 1234", ["XX-AB 1234"]),
        ("Wir haben mit Frau Muster gesprochen", ["Frau Muster"]),
        ("Herrn Dr. Muster", ["Herrn Dr. Muster"]),
        ("Frau Muster, 0199 0000000", ["Frau Muster", "0199 0000000"]),
    ],
)
def test_what_looks_personal_is_found(text: str, found: list[str]) -> None:
    assert personal_data(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Wir kommen am 05.11.2026 zwischen 08:00 und 10:00 Uhr.",
        "Wir kommen am 5. 11. 26.",
        "Nummer LE-2026-00042, Stand vom 20.11.2026, 15:04 Uhr",
        "Bei Gefahr rufen Sie 112 oder 110, sonst die 115.",
        "Ersatz kommt in 14 Tagen, etwa 3.500 Euro, 04109 Leipzig.",
        "Die Herren des Bauhofs und die Frauen der Leitstelle danken.",
        "Buslinie 60, S-Bahn S 4, Straßenbahn 11, B 96.",
        "https://stadt.example/s/K7QF2M9X",
    ],
)
def test_ordinary_words_pass(text: str) -> None:
    assert personal_data(text) == []


@given(st.text(max_size=3000))
def test_any_text_can_be_checked(text: str) -> None:
    assert isinstance(personal_data(text), list)


@pytest.mark.parametrize("unit", ["0", "0 ", "a.", "A-", "@", "DE00 ", "Dr. ", "tel ", "1.", "AB12 "])
def test_a_hostile_text_is_checked_in_time(unit: str) -> None:
    assert isinstance(personal_data(unit * 20_000), list)


@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        ({}, "Hauptstraße / Ringstraße"),
        ({"cross_street": None, "house_number": "12a"}, "Hauptstraße"),
        ({"street": None, "cross_street": None, "name": "Stadtpark"}, "Stadtpark"),
        ({"street": None, "cross_street": None, "precision": Precision.DISTRICT}, "Nord"),
        ({"street": None, "cross_street": None, "district": None}, ""),
    ],
)
def test_a_place_is_shown_without_its_house_number(changed: dict[str, object], shown: str) -> None:
    assert public_place(make_location(**changed)) == shown


def test_no_place_shows_nothing() -> None:
    assert public_place(None) == ""
    assert public_point(None) is None
    assert public_point(make_location(lat=None)) is None


@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        ({}, (51.01234, 12.01234)),
        ({"precision": Precision.STOP}, (51.01234, 12.01234)),
        ({"precision": Precision.PLACE, "name": "Stadtpark"}, (51.01234, 12.01234)),
        ({"precision": Precision.PLACE}, (51.012, 12.012)),
        ({"precision": Precision.STREET}, (51.012, 12.012)),
        ({"precision": Precision.ADDRESS}, (51.012, 12.012)),
    ],
)
def test_a_door_and_a_pin_are_shown_roughly(changed: dict[str, object], shown: tuple[float, float]) -> None:
    point = public_point(make_location(**{"lat": 51.01234, "lon": 12.01234, **changed}))
    assert point
    assert (point.lat, point.lon) == shown


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("Oststraße 45 – die Lampe am 3.7. ist aus", "Oststraße 45 – die Lampe am 3.7. ist aus"),
        ("Am 3.7.: Tel. 0341 0000000, bitte", "Am 3.7.: […], bitte"),
        ("L\u2010XX 0 und ada@stadt.example", "[…] und […]"),
        ("Frau Muster – und Herr Dr. Beispiel", "[…] - und […]"),
        ("", ""),
    ],
)
def test_what_is_personal_is_taken_out_and_nothing_else(text: str, without: str) -> None:
    assert without_personal_data(text) == without


PIECES = [
    "Tel. 0341 0000000",
    "L-XX 0",
    "ada@stadt.example",
    "@ada",
    "Frau Muster",
    " ",
    "3.7.",
    "–",
    "a",
    "1",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3)).map("".join))
def test_nothing_personal_is_left_of_any_text(text: str) -> None:
    assert personal_data(without_personal_data(text)) == []

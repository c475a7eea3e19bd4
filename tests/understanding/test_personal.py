"""Licence plates, phone numbers and mail addresses. No plate or number here can be issued."""

import pytest

from bridge.domain import Flag
from bridge.understanding.personal import contacts, plates, redact
from bridge.understanding.reader import Reader


@pytest.mark.parametrize(
    ("text", "plate"),
    [
        ("Kennzeichen XX-AB 1234 parkt", "XX-AB 1234"),
        ("XX-AB1234", "XX-AB 1234"),
        ("XX - AB 12", "XX-AB 12"),
        ("XX- AB 12", "XX-AB 12"),
        ("Kennzeichen XX AB 12", "XX-AB 12"),
        ("XX AB 12", None),
        ("L-AB 0", None),
        ("XX-SS 12", None),
        ("XX-AB 12H 04-10", "XX-AB 12H"),
        ("DIN EN 12", None),
        ("EG A 12", None),
        ("A 14", None),
        ("S-Bahn 3", None),
        ("XX-AB-12E", "XX-AB 12E"),
        ("xx-ab 12", "XX-AB 12"),
        ("(XX-A 1)", "XX-A 1"),
        ("XXX-AB 12345", None),
        ("XXX-AB 1234E", None),
        ("RE 50", None),
        ("LE-2026-00042", None),
        ("Haus A 12", None),
        ("im ab 12 uhr", None),
    ],
)
def test_a_plate_is_known_by_its_form(text: str, plate: str | None) -> None:
    assert [found for found, _, _ in plates(text)] == ([plate] if plate else [])


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Rufen Sie an: 0000 123", 0),
        ("Tel. 0341 000000000", 1),
        ("+49 341 0000-000", 1),
        ("schreiben Sie an jemand@post.example bitte", 1),
        ("DE00 0000 0000 0000 0000 00", 1),
        ("@stadt hallo", 0),
        ("@stadt@netz.example hallo", 0),
        ("am 05.11.2026 um 12:30", 0),
        ("04109 Leipzig", 0),
        ("Ticket LE-2026-00042", 0),
    ],
)
def test_phone_numbers_and_mail_addresses_are_seen_and_handles_are_none(text: str, count: int) -> None:
    assert len(contacts(text)) == count


@pytest.mark.parametrize("text", ["XX-AB 1234 parkt hier", "Melden unter jemand@post.example"])
def test_personal_data_is_flagged(reader: Reader, text: str) -> None:
    assert Flag.PERSONAL_DATA in reader.understand(text).flags


def test_a_plate_named_twice_is_listed_once(reader: Reader) -> None:
    assert reader.understand("XX-AB 12, ja XX-AB12!").licence_plates == ("XX-AB 12",)


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("XX-AB 12 parkt hier", "[Kennzeichen] parkt hier"),
        ("Rufen Sie 0341 000000000 an", "Rufen Sie [Telefon] an"),
        ("an jemand@post.example", "an [E-Mail]"),
        ("@jemand@netz.example und @sie", "[Konto] und [Konto]"),
        ("Frau Dr. Beispiel-Muster fragt", "Frau Dr. [Name] fragt"),
        ("Mit freundlichen Grüßen\nAnna Muster", "Mit freundlichen Grüßen\n[Name]"),
        ("Anna Muster wohnt hier", "[Name] wohnt hier"),
        ("Am Peter Platz, Anna Muster Straße", "Am Peter Platz, Anna Muster Straße"),
        ("Sehr geehrte Damen und Herren", "Sehr geehrte Damen und Herren"),
        ("", ""),
    ],
)
def test_what_is_personal_gives_way_to_a_word(text: str, public: str) -> None:
    assert redact(text) == public


def test_names_known_from_elsewhere_are_taken_out_too() -> None:
    assert redact("Kalle sagt nichts", [(0, 5)]) == "[Name] sagt nichts"


@pytest.mark.parametrize(
    "text", ["A-B " * 2_500, "a@" * 5_000, "Herr " * 2_000, "DE00 0000 " * 1_000, "@" * 10_000]
)
def test_hostile_texts_take_no_time(text: str) -> None:
    redact(text)

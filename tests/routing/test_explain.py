"""Staff can read why something went where it went."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bridge.domain import Flag, Kind, Route
from bridge.routing import Rules
from bridge.routing.explain import consequences, lines
from tests.factories import FILES, make_city, make_matter

MORE = """\
rules:
  - name: unsure
    when: {confidence_below: 0.4}
    send_to: press
    because: Das ist zu unsicher.
    examples: [Da ist was]
  - name: bollards
    when: {words: [poller, pfosten]}
    send_to: streets
    because: Poller stehen auf der Straße.
    examples: [Der Poller ist weg]
"""


def test_each_rule_that_was_asked_says_why_it_did_not_apply(tmp_path: Path) -> None:
    rules = Rules.load(make_city(tmp_path, rules=FILES["rules.yaml"].replace("rules:\n", MORE)))
    matter = make_matter(category="illegal_dumping", areas=("Nord",), confidence=0.9, flags=(Flag.INSULT,))
    assert lines(rules, matter, rules.route(matter)) == [
        "Verstanden: Art Meldung, Thema Illegale Müllablagerung, Gebiet Nord, Sprache de, "
        "Merkmale Beleidigung, Sicherheit 90 %",
        "1. unsure: nein, Sicherheit 90 % ist nicht unter 40 %",
        "2. bollards: nein, keines der Wörter poller, pfosten kommt vor",
        "3. emergency: nein, Art „Meldung“ statt „Notfall“",
        "4. streets: nein, Thema „Illegale Müllablagerung“ statt „Ampel defekt“ oder „Straßenschaden“",
        "5. cleaning: ja",
        "Geht an: Stadtreinigung (Regel cleaning)",
        "Frist: 10 Arbeitstage",
        "Warum: Die Stadtreinigung holt ab, was wild abgelegt wurde.",
    ]


def test_a_held_matter_says_that_it_waits_for_a_person(tmp_path: Path) -> None:
    rules = Rules.load(make_city(tmp_path))
    matter = make_matter(kind=Kind.EMERGENCY, category=None)
    assert "Wartet, bis ein Mensch es freigibt." in lines(rules, matter, rules.route(matter))


def test_an_old_route_says_what_the_rules_would_do_today(tmp_path: Path) -> None:
    rules = Rules.load(make_city(tmp_path))
    told = lines(rules, make_matter(), Route(department="gone", rule="old", because="Früher so."))
    assert told[-4:] == [
        "Geht an: gone (Regel old)",
        "Frist: 10 Arbeitstage",
        "Warum: Früher so.",
        "Heute würde die Regel streets gelten.",
    ]


ALL = """\
rules:
  - name: rail
    when: {words: bahn}
    tell: rail
    because: Die Bahn ist zuständig.
    examples: [Die Bahnbrücke ist kaputt]
  - name: lamps
    when: {category: traffic_light, time: closed}
    send_to: streets
    copies: [cleaning, press]
    channel: email
    priority: high
    due: 4 working hours
    reply: lamps
    hold: true
    private: true
    because: Nachts ist es gefährlich.
    examples: [Die Ampel ist aus]
  - name: works
    when: {category: noise}
    send_to: works
    ground: Vertrag von 2020
    because: Die Werke machen Lärm.
    examples: [Krach]
"""
DEPARTMENTS = """\
  works: {name: Stadtwerke, address: werke@werke.example, outside: true}
contacts:
  rail: {name: Deutsche Bahn, reach: 'https://bahn.example'}
"""


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (
            {"text": "Die Bahnbrücke"},
            [
                "Geht an: Pressestelle (Regel rail)",
                "Auskunft: Zuständig ist Deutsche Bahn (https://bahn.example)",
                "Damit ist es abgeschlossen.",
                "Warum: Die Bahn ist zuständig.",
            ],
        ),
        (
            {"at": datetime(2026, 11, 20, 19, tzinfo=UTC)},
            [
                "Geht an: Tiefbauamt (Regel lamps)",
                "Kopie an: Stadtreinigung, Pressestelle",
                "Weg: email",
                "Dringlichkeit: hoch",
                "Frist: 4 Arbeitsstunden, bis Mo., 23.11.2026, 13:00 Uhr",
                "Antworttext: lamps",
                "Wartet, bis ein Mensch es freigibt.",
                "Bleibt vertraulich: kein Ort in öffentlichen Antworten und Listen.",
                "Warum: Nachts ist es gefährlich.",
            ],
        ),
        (
            {"category": "noise"},
            [
                "Geht an: Stadtwerke (Regel works)",
                "Frist: 10 Arbeitstage",
                "Persönliche Daten gehen auch an Stadtwerke (Vertrag von 2020).",
                "Warum: Die Werke machen Lärm.",
            ],
        ),
    ],
)
def test_what_would_happen_is_told_to_the_end(
    tmp_path: Path, changed: dict[str, Any], told: list[str]
) -> None:
    text = FILES["rules.yaml"].replace("rules:\n", ALL)
    rules = Rules.load(make_city(tmp_path, rules=text, departments=FILES["departments.yaml"] + DEPARTMENTS))
    matter = make_matter(**changed)
    assert consequences(rules.city, matter, rules.route(matter)) == told

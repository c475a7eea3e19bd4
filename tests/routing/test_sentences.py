"""A clerk reads a rule as plain German."""

from pathlib import Path

import pytest

from bridge.routing.german import spoken_season, to_office
from bridge.routing.sentences import sentence
from tests.factories import FILES
from tests.routing.rule_texts import REST, rule, rules_of

DEPARTMENTS = """\
departments:
  press: {name: Pressestelle, address: presse@musterstadt.example}
  streets: {name: Tiefbauamt, address: tiefbau@musterstadt.example}
  water: {name: Wasserwerke, address: wasser@werke.example, outside: true}
contacts:
  rail: {name: Deutsche Bahn, reach: 'https://bahn.example'}
"""


def said(tmp_path: Path, text: str) -> str:
    rules = rules_of(tmp_path, text, REST, departments=DEPARTMENTS)
    return sentence(rules.rules[0], rules.city)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            rule("{kind: report, category: noise}"),
            "Meldungen zum Thema „Lärm“ gehen an das Tiefbauamt. Grund: Darum.",
        ),
        (
            rule("{area: [Nord, Süd], time: closed}", copies="press", due="3 working days"),
            "Nachrichten in den Gebieten „Nord“ oder „Süd“ außerhalb der Öffnungszeiten gehen an das "
            "Tiefbauamt, Kopie an die Pressestelle, Frist: 3 Arbeitstage. Grund: Darum.",
        ),
        (
            rule(
                "{kind: [question, feedback], season: 11-01..03-31, language: [en, tr]}", due="1 working hour"
            ),
            "Fragen und Rückmeldungen auf Englisch oder in der Sprache „tr“ vom 1. November bis 31. März "
            "gehen an das Tiefbauamt, Frist: 1 Arbeitsstunde. Grund: Darum.",
        ),
        (
            rule("{street: Hauptstraße, words: [poller, bank], confidence_below: 0.4}", priority="high"),
            "Nachrichten in der Straße „Hauptstraße“ mit einem der Wortanfänge „poller“ oder „bank“ mit "
            "einer Sicherheit unter 40 % gehen an das Tiefbauamt, Dringlichkeit: hoch. Grund: Darum.",
        ),
        (
            rule("{visibility: direct, platform: mastodon}", hold="true", private="true", reply="winter"),
            "Nachrichten auf „mastodon“ als Direktnachricht gehen an das Tiefbauamt, Antworttext: "
            "winter. Vorher sieht ein Mensch nach. Der Ort bleibt in Antworten und Listen ungenannt. "
            "Grund: Darum.",
        ),
        (
            rule("{words: bahn}", send_to="", tell="rail"),
            "Nachrichten mit dem Wortanfang „bahn“ werden beantwortet: Zuständig ist Deutsche Bahn "
            "(https://bahn.example). Grund: Darum.",
        ),
        (
            rule("{flags: outside_city}", tell="rail"),
            "Nachrichten mit dem Merkmal „andere Stadt“ gehen an das Tiefbauamt und werden "
            "beantwortet: Zuständig ist Deutsche Bahn (https://bahn.example). Grund: Darum.",
        ),
        (
            rule(send_to="water"),
            "Nachrichten zum Thema „Lärm“ gehen an die Wasserwerke. "
            "Persönliche Daten gehen nicht an Wasserwerke. Grund: Darum.",
        ),
        (
            rule(send_to="water", ground="Vertrag von 2020", channel="email"),
            "Nachrichten zum Thema „Lärm“ gehen an die Wasserwerke, Weg: email. Persönliche Daten "
            "gehen auch an Wasserwerke (Vertrag von 2020). Grund: Darum.",
        ),
    ],
)
def test_a_rule_is_told_in_plain_german(tmp_path: Path, text: str, told: str) -> None:
    assert said(tmp_path, text) == told


def test_the_last_rule_takes_all_that_is_left(tmp_path: Path) -> None:
    rules = rules_of(tmp_path, REST)
    assert sentence(rules.rules[-1], rules.city) == (
        "Alles Übrige geht an die Pressestelle. Grund: Die Pressestelle findet das zuständige Amt."
    )


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Ordnungsamt", "das Ordnungsamt"),
        ("Amt für Stadtgrün und Gewässer", "das Amt für Stadtgrün und Gewässer"),
        ("Fachbereich Ordnung und Sicherheit", "den Fachbereich Ordnung und Sicherheit"),
        ("Entsorgungsbetriebe Essen", "die Entsorgungsbetriebe Essen"),
        ("Baubetriebshof", "den Baubetriebshof"),
        ("Grün und Gruga", "„Grün und Gruga“"),
    ],
)
def test_an_office_has_its_article_where_its_name_shows_it(name: str, told: str) -> None:
    assert to_office(name) == told


def test_a_season_is_told_by_its_days() -> None:
    assert spoken_season("11-01..3-31") == "vom 1. November bis 31. März"


def test_every_rule_of_the_small_city_can_be_told(tmp_path: Path) -> None:
    rules = rules_of(tmp_path, FILES["rules.yaml"].removeprefix("rules:\n"))
    assert all(sentence(each, rules.city).endswith(each.because) for each in rules.rules)

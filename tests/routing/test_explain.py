"""Staff can read why something went where it went."""

from pathlib import Path

from bridge.domain import Flag, Kind, Route
from bridge.routing import Rules
from bridge.routing.explain import lines
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

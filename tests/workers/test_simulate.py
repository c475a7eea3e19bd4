"""Past tickets are replayed against changed rules before anybody is sent a wrong one."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bridge.cli import app
from bridge.domain import Kind, Precision, TicketStatus
from bridge.tickets.book import desk
from tests.factories import FILES, make_city_folder, make_location, make_understanding
from tests.tickets import story
from tests.workers.scripted import Town
from workers import route

DUMP = make_understanding(category="illegal_dumping")
LIGHT_ONLY = FILES["rules.yaml"].replace("[traffic_light, road_damage]", "traffic_light")
NORTH = """\
  - name: north
    when: {kind: report, area: Nord}
    send_to: cleaning
    because: Im Norden räumt die Stadtreinigung alles.
    examples: [Hier liegt Sperrmüll]
"""
IN_THE_NORTH = FILES["rules.yaml"].replace("  - name: streets", f"{NORTH}  - name: streets")


def simulate(*options: str) -> dict[str, Any]:
    """What `bridge rules simulate --json` says."""
    result = CliRunner().invoke(app, ["rules", "simulate", "--json", *options], catch_exceptions=False)
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def changed(tmp_path: Path, **files: str) -> str:
    """A folder with a changed city; the one in force stays as it is."""
    (tmp_path / "changed").mkdir()
    return str(make_city_folder(tmp_path / "changed", **files))


def test_nothing_moves_by_the_rules_that_decided(town: Town) -> None:
    town.write("Ampel aus")
    town.settle()
    told = simulate()
    assert (told["replayed"], told["not_replayed"], told["moves"], told["flows"]) == (1, 0, [], [])


def test_a_changed_rule_moves_the_tickets_it_takes(town: Town, tmp_path: Path) -> None:
    town.write("Ampel aus")
    town.write("Müll", DUMP, author=story.BEN)
    town.settle()
    town.write("Lärm", make_understanding(category="noise"))
    town.settle()
    folder = changed(tmp_path, rules=IN_THE_NORTH)
    told = simulate("--rules", folder)
    assert told["flows"] == [
        {"from": "streets", "to": "cleaning", "count": 1},
        {"from": "press", "to": "cleaning", "count": 1},
    ]
    assert told["moves"][0] == {
        "reference": town.case(1).reference,
        "place": "Hauptstraße / Ringstraße",
        "before": "streets",
        "rule_before": "streets",
        "now": "cleaning",
        "rule_now": "north",
    }
    assert simulate()["moves"] == []


def test_a_moved_district_counts_as_it_is_drawn_now(town: Town, tmp_path: Path) -> None:
    town.write("Ampel aus")
    town.settle()
    moved = FILES["areas.geojson"].replace('"Nord"', '"Mitte"').replace('"Süd"', '"Nord"')
    assert simulate("--rules", changed(tmp_path, rules=IN_THE_NORTH, areas=moved))["moves"] == []


def test_a_persons_choice_is_not_taken_for_the_rules_word(town: Town) -> None:
    town.write("Ampel aus")
    town.settle()
    desk.correct(1, "staff:vera", department="cleaning")
    town.settle()
    assert town.case().department == "cleaning"
    assert simulate()["moves"] == []


@pytest.mark.parametrize("days", ["1", "90"])
def test_only_the_last_days_are_replayed(town: Town, days: str) -> None:
    town.write("Ampel aus")
    town.settle()
    town.clock.shift(2 * 24 * 3600)
    assert simulate("--days", days)["replayed"] == (days == "90")


def test_what_no_rule_decided_is_counted_and_left_out(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise ValueError

    monkeypatch.setattr(route, "decision", broken)
    town.write("Ampel aus")
    for _ in range(7):
        town.flow(700)
    assert town.case().status is TicketStatus.NEEDS_DECISION
    told = simulate()
    assert (told["replayed"], told["not_replayed"]) == (0, 1)


def test_a_person_reads_tables(town: Town, tmp_path: Path) -> None:
    town.write("Schlagloch", make_understanding(category="road_damage"))
    town.write("Wann ist das Fest?", make_understanding(kind=Kind.QUESTION, category=None), author=story.BEN)
    town.settle()
    options = ["--rules", changed(tmp_path, rules=LIGHT_ONLY)]
    said = CliRunner().invoke(app, ["rules", "simulate", *options], catch_exceptions=False).output
    for words in ("Tiefbauamt", "Pressestelle", town.case(1).reference, "streets → rest"):
        assert words in said
    assert "Replayed of the last 90 days: 2. Would move: 1." in said


def test_wrong_rules_are_refused_with_their_mistakes(town: Town, tmp_path: Path) -> None:
    broken = changed(tmp_path, rules=FILES["rules.yaml"].replace("send_to: streets", "send_to: strets"))
    result = CliRunner().invoke(app, ["rules", "simulate", "--rules", broken])
    assert "unknown department 'strets'" in str(result.exception)


def test_a_whole_district_lies_in_no_other_area(town: Town, tmp_path: Path) -> None:
    district = make_location(label="Nord", precision=Precision.DISTRICT, district="Nord", street=None)
    town.write("Irgendwo im Norden", make_understanding(location=district))
    town.settle()
    assert simulate("--rules", changed(tmp_path, rules=IN_THE_NORTH))["flows"][0]["to"] == "cleaning"

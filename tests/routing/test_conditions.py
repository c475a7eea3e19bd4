"""What a rule may ask about place and time, and what it then does."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain import ConfigError, Priority
from bridge.routing import Rules, seasons
from tests.factories import FILES, make_matter
from tests.routing.rule_texts import REST, rule, rules_of

CONTACTS = (
    FILES["departments.yaml"] + "contacts:\n  rail: {name: Deutsche Bahn, reach: 'https://bahn.example'}\n"
)


def at(text: str) -> datetime:
    """A moment on the clocks of winter there."""
    return datetime.fromisoformat(f"2026-{text}+01:00").astimezone(UTC)


@pytest.mark.parametrize(
    ("when", "changed", "applies"),
    [
        ("{area: Nord}", {"areas": ("Süd", "Nord")}, True),
        ("{area: [Nord, Süd]}", {"areas": ("Hafen",)}, False),
        ("{street: Karl-Liebknecht-Str.}", {"street": "Karl-Liebknecht-Straße"}, True),
        ("{street: [Am Markt, hauptstrasse]}", {"street": "Hauptstraße"}, True),
        ("{street: Hauptstraße}", {"street": "Hauptstraßenweg"}, False),
        ("{street: Hauptstraße}", {}, False),
        ("{priority: high}", {"priority": Priority.HIGH}, True),
        ("{priority: high}", {}, False),
        ("{time: open}", {"at": at("11-20T16:59")}, True),
        ("{time: open}", {"at": at("11-20T17:01")}, False),
        ("{time: closed}", {"at": at("11-20T17:01")}, True),
        ("{time: closed}", {"at": at("11-21T12:00")}, True),
        ("{time: weekend}", {"at": at("11-21T00:00")}, True),
        ("{time: weekend}", {"at": at("11-20T23:59")}, False),
        ("{time: holiday}", {"at": at("12-25T12:00")}, True),
        ("{time: [weekend, holiday]}", {"at": at("11-18T12:00")}, False),
        ("{time: closed}", {"at": None}, False),
        ("{season: 11-01..03-31}", {"at": at("11-01T00:00")}, True),
        ("{season: 11-01..03-31}", {"at": at("03-31T22:59")}, True),
        ("{season: 11-01..03-31}", {"at": at("10-31T23:59")}, False),
        ("{season: [4-1..4-30, 10-1..10-31]}", {"at": at("10-05T12:00")}, True),
        ("{season: 11-01..03-31}", {"at": None}, False),
        ("{season: 12-01..02-29, time: holiday}", {"at": at("12-25T12:00")}, True),
    ],
)
def test_a_rule_applies_where_and_when_it_says(
    tmp_path: Path, when: str, changed: dict[str, Any], applies: bool
) -> None:
    rules = rules_of(tmp_path, rule(when), REST)
    assert rules.route(make_matter(**changed)).rule == ("one" if applies else "rest")


@given(first=st.dates(date(2024, 1, 1), date(2024, 12, 31)), length=st.integers(0, 364))
def test_a_season_has_each_of_its_days_also_over_new_year(first: date, length: int) -> None:
    year = [first + timedelta(days=number) for number in range(length + 1)]
    leap = [day.month * 100 + day.day for day in year if (day.month, day.day) != (2, 29)]
    last = year[-1]
    days = {month * 100 + day for month, day in seasons.days(f"{first:%m-%d}..{last:%m-%d}")} - {229}
    assert days == set(leap)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (rule("{season: winter}"), "3: season: String should match pattern"),
        (rule("{season: 31-12..01-06}"), "3: season: 31-12 is no day; the month comes first"),
        (rule("{season: 02-30..03-01}"), "3: season: 02-30 is no day"),
        (
            rule("{season: [11-01..03-31, 03-15..04-15]}"),
            "3: season: 11-01..03-31 and 03-15..04-15 overlap, on 03-15 for instance",
        ),
        (
            rule("{season: 07-01..07-31, time: holiday}"),
            "3: never applies: no day meets both the time and the season",
        ),
        (rule("{time: night}"), "3: unknown time 'night'"),
        (rule("{district: Nord}"), "3: unknown key 'district'"),
        (rule("{area: Nrod}"), "3: area: unknown area 'Nrod'; did you mean 'Nord'?"),
        (
            rule(due="soon"),
            "7: due: 'soon' is no working time; write it like 3 working days or 4 working hours",
        ),
        (rule(due="0 working days"), "7: due: write either days or hours"),
        (rule(priority="urgent"), "7: unknown priority 'urgent'"),
        (rule(copies="[cleaning, streets]"), "7: copies: 'streets' gets the ticket itself"),
        (rule(copies="cleanin"), "7: copies: unknown department 'cleanin'; did you mean 'cleaning'?"),
        (rule(send_to="", tell="rial"), "6: tell: unknown contact 'rial'; did you mean 'rail'?"),
        (rule(send_to=""), "2: send_to: name the department that acts, or in tell the contact"),
        (rule(ground="''"), "7: ground: String should have at least 1 character"),
    ],
)
def test_a_mistake_says_what_to_write_instead(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(ConfigError) as raised:
        rules_of(tmp_path, text, REST, departments=CONTACTS)
    (told,) = str(raised.value).splitlines()
    assert f"rules.yaml:{complaint}" in told


def test_a_route_carries_all_that_its_rule_says(tmp_path: Path) -> None:
    said = rule(
        "{kind: report}",
        copies="[cleaning, press]",
        channel="email",
        priority="high",
        due="4 working hours",
        reply="winter",
        private="true",
        ground="Vertrag",
    )
    route = rules_of(tmp_path, said, REST).route(make_matter())
    assert route.model_dump(exclude_defaults=True) == {
        "department": "streets",
        "rule": "one",
        "because": "Darum.",
        "copies": ("cleaning", "press"),
        "channel": "email",
        "priority": Priority.HIGH,
        "due": {"hours": 4},
        "reply": "winter",
        "private": True,
        "ground": "Vertrag",
    }


@pytest.mark.parametrize(("send_to", "department"), [("", "press"), ("cleaning", "cleaning")])
def test_where_the_city_does_not_act_the_press_desk_has_the_ticket(
    tmp_path: Path, send_to: str, department: str
) -> None:
    rules = rules_of(
        tmp_path, rule("{words: bahn}", send_to=send_to, tell="rail"), REST, departments=CONTACTS
    )
    route = rules.route(make_matter(text="Bahnbrücke"))
    assert (route.tell, route.department) == ("rail", department)


def test_a_department_that_refused_is_passed_over_and_the_last_rule_takes_what_is_left(
    tmp_path: Path,
) -> None:
    rules = rules_of(
        tmp_path, rule("{words: ampel}"), rule("{kind: report}", "two", send_to="cleaning"), REST
    )
    matter = make_matter()
    assert rules.route(matter, without={"streets"}).rule == "two"
    assert rules.route(matter, without={"streets", "cleaning"}).rule == "rest"
    assert rules.route(matter, without={"streets", "cleaning", "press"}).rule == "rest"


def failures(rules: Rules, **understood: Any) -> list[str]:
    found = rules.check_examples(lambda text: make_matter(text=text, **understood))
    return [failure.example.rule.name for failure in found if failure.example.rule.name != "rest"]


@pytest.mark.parametrize(
    "when",
    [
        "{time: weekend}",
        "{time: holiday, season: 12-01..12-31}",
        "{season: 02-01..02-28}",
        "{area: Nord, priority: high}",
    ],
)
def test_an_example_counts_as_written_where_and_when_its_rule_asks_for(tmp_path: Path, when: str) -> None:
    rules = rules_of(tmp_path, rule(when), rule("{kind: report}", "two"), REST)
    assert failures(rules) == []


def test_an_example_finds_a_moment_that_no_rule_above_takes(tmp_path: Path) -> None:
    winter, weekend = rule("{season: 11-01..03-31}"), rule("{time: weekend}", "two")
    assert failures(rules_of(tmp_path, winter, weekend, REST)) == []


def test_an_example_that_names_another_area_fails(tmp_path: Path) -> None:
    rules = rules_of(tmp_path, rule("{area: Nord}"), rule("{kind: report}", "two"), REST)
    assert failures(rules, areas=("Süd",)) == ["one"]

"""Leipzig's rules know an office for everything, and their examples go where they say."""

from functools import cache

import pytest

from bridge.city import City
from bridge.domain import Flag, Kind, Matter
from bridge.places import city_gazetteer
from bridge.routing import Rules
from bridge.understanding import understand
from tests.factories import LEIPZIG, make_matter


@cache
def city() -> City:
    return City(LEIPZIG)


@cache
def rules() -> Rules:
    return Rules.load(city())


def understood(text: str) -> Matter:
    gazetteer = city_gazetteer(city())
    found = understand(text, city=city(), gazetteer=gazetteer)
    return Matter(
        kind=found.kind,
        category=found.category,
        text=text,
        areas=gazetteer.areas_of(found.location) if found.location else (),
        street=found.location.street if found.location else None,
        language=found.language,
        flags=found.flags,
        confidence=found.confidence,
    )


@pytest.mark.parametrize("category", sorted(city().categories))
def test_every_category_has_an_office_of_its_own(category: str) -> None:
    route = rules().route(make_matter(category=category))
    assert (route.department == "press") is (category == "other")
    assert not route.hold


@pytest.mark.parametrize("category", [None, *sorted(city().categories)])
@pytest.mark.parametrize("kind", [Kind.QUESTION, Kind.FEEDBACK])
def test_questions_and_feedback_go_to_the_press_desk(kind: Kind, category: str | None) -> None:
    assert rules().route(make_matter(kind=kind, category=category)).department == "press"


@pytest.mark.parametrize("category", [None, *sorted(city().categories)])
def test_an_emergency_is_held_for_a_person_whatever_it_is_about(category: str | None) -> None:
    route = rules().route(make_matter(kind=Kind.EMERGENCY, category=category, flags=tuple(Flag)))
    assert (route.rule, route.hold) == ("notfall", True)


def test_an_insulting_report_goes_to_the_office_all_the_same() -> None:
    assert rules().route(make_matter(flags=(Flag.INSULT,))).rule == "ampel"


def test_every_office_is_reached_by_a_rule() -> None:
    assert {rule.send_to for rule in rules().rules} == set(city().departments)


def test_every_rule_brings_at_least_two_examples() -> None:
    assert [rule.name for rule in rules().rules if len(rule.examples) < 2] == []


def test_every_example_goes_by_its_own_rule() -> None:
    failures = rules().check_examples(understood)
    assert [f"{each.example.line}: {each.example.sentence} -> {each.got}" for each in failures] == []

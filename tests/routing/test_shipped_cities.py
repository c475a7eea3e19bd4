"""Every city that comes along knows an office for everything, and its examples go where they say."""

from functools import cache

import pytest

from bridge import checks
from bridge.city import City
from bridge.cli.rules import matter_of
from bridge.domain import Flag, Kind
from bridge.routing import Rules
from tests.factories import LEIPZIG, make_matter

FOLDERS = sorted(path.parent.name for path in LEIPZIG.parent.glob("*/city.yaml"))


@cache
def read(name: str) -> Rules:
    return Rules.load(City(LEIPZIG.parent / name))


@pytest.fixture(params=FOLDERS)
def rules(request: pytest.FixtureRequest) -> Rules:
    return read(request.param)


BY_CATEGORY = [(name, category) for name in FOLDERS for category in sorted(read(name).city.categories)]


def test_leipzig_essen_and_mettmann_come_along() -> None:
    assert FOLDERS == ["essen", "leipzig", "mettmann"]


def test_nothing_is_wrong_and_nothing_odd_in_a_city(rules: Rules) -> None:
    assert checks.mistakes(rules.city) + checks.warnings(rules.city) == []


@pytest.mark.parametrize(("name", "category"), BY_CATEGORY)
def test_every_category_has_somebody_of_its_own(name: str, category: str) -> None:
    route = read(name).route(make_matter(category=category))
    nobody = route.department == "press" and route.tell is None
    assert nobody is (category == "other")
    assert not route.hold


@pytest.mark.parametrize(("name", "category"), BY_CATEGORY)
@pytest.mark.parametrize("kind", [Kind.QUESTION, Kind.FEEDBACK])
def test_questions_and_feedback_go_to_the_press_desk(kind: Kind, name: str, category: str) -> None:
    assert read(name).route(make_matter(kind=kind, category=category)).department == "press"


@pytest.mark.parametrize(("name", "category"), [*BY_CATEGORY, *((name, None) for name in FOLDERS)])
def test_an_emergency_is_held_for_a_person_whatever_it_is_about(name: str, category: str | None) -> None:
    route = read(name).route(make_matter(kind=Kind.EMERGENCY, category=category, flags=tuple(Flag)))
    assert (route.rule, route.hold) == ("notfall", True)


def test_an_insulting_report_goes_to_the_office_all_the_same(rules: Rules) -> None:
    assert rules.route(make_matter(flags=(Flag.INSULT,))) == rules.route(make_matter())


def test_every_office_is_reached_by_a_rule(rules: Rules) -> None:
    reached = {name for rule in rules.rules for name in (rule.send_to, *rule.copies)}
    assert reached == set(rules.city.departments)


def test_every_rule_brings_at_least_two_examples(rules: Rules) -> None:
    assert [rule.name for rule in rules.rules if len(rule.examples) < 2] == []


def test_every_example_goes_by_its_own_rule(rules: Rules) -> None:
    failures = rules.check_examples(lambda text: matter_of(rules.city, text))
    assert [f"{each.example.line}: {each.example.sentence} -> {each.got}" for each in failures] == []

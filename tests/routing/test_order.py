"""Rules that stand in each other's way are told."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from bridge.city import City
from bridge.domain import ConfigError, Flag, Kind, Matter
from bridge.routing import When
from bridge.routing.order import covers
from tests.factories import make_city
from tests.routing.rule_texts import REST, rule, rules_of


@pytest.mark.parametrize(
    ("above", "below", "reached"),
    [
        ("{kind: report}", "{kind: report, category: noise}", False),
        ("{kind: report, category: noise}", "{kind: report}", True),
        ("{category: [noise, other]}", "{category: noise, area: Nord}", False),
        ("{category: [noise, other]}", "{category: [noise, road_damage]}", True),
        ("{words: [müll, sperr]}", "{words: [müllsack, sperrmuell]}", False),
        ("{words: müllsack}", "{words: müll}", True),
        ("{season: 11-01..03-31}", "{season: 12-01..01-31}", False),
        ("{season: 12-01..01-31}", "{season: 11-01..03-31, kind: report}", True),
        ("{street: Hauptstr.}", "{street: Hauptstraße}", False),
        ("{confidence_below: 0.5}", "{confidence_below: 0.3}", False),
        ("{confidence_below: 0.3}", "{confidence_below: 0.5}", True),
        ("{time: closed}", "{time: holiday}", False),
        ("{time: closed}", "{time: weekend}", True),
        ("{area: Nord}", "{street: Hauptstraße}", True),
    ],
)
def test_a_rule_is_never_reached_where_one_above_takes_all_of_it(
    tmp_path: Path, above: str, below: str, reached: bool
) -> None:
    texts = rule(above), rule(below, "two"), REST
    if reached:
        assert len(rules_of(tmp_path, *texts).rules) == 3
        return
    with pytest.raises(ConfigError, match=r"rules\.yaml:7: never reached: 'one' above takes all of it"):
        rules_of(tmp_path, *texts)


@pytest.mark.parametrize(
    ("below", "warned"),
    [
        ("{kind: report, season: 03-15..05-31}", True),
        ("{kind: report, season: 04-01..05-31}", False),
        ("{kind: question, season: 03-15..05-31}", False),
        ("{kind: report}", False),
    ],
)
def test_seasons_that_overlap_are_a_warning(tmp_path: Path, below: str, warned: bool) -> None:
    rules = rules_of(tmp_path, rule("{kind: report, season: 11-01..03-31}"), rule(below, "two"), REST)
    told = [line for line in rules.warnings() if "overlaps" in line]
    assert told == warned * [
        f"{rules.file}:8: the season overlaps with that of 'one' above, which takes what is "
        "written on 03-15, for instance"
    ]


def test_a_department_without_a_rule_is_a_warning(tmp_path: Path) -> None:
    rules = rules_of(tmp_path, rule(), REST)
    assert rules.warnings() == [
        f"{rules.city.folder}/departments.yaml:4: no rule sends anything to 'cleaning'"
    ]
    assert rules_of(tmp_path, rule(copies="cleaning"), REST).warnings() == []


CONDITIONS: dict[str, list[object]] = {
    "kind": ["report", "question"],
    "area": ["Nord", "Süd"],
    "street": ["Hauptstr.", "hauptstraße", "Am Markt"],
    "words": ["müll", "Muellsack", "rote ampel", "rote", "rote  ampeln"],
    "flags": ["insult", "threat"],
    "time": ["open", "closed", "weekend", "holiday"],
}
SEASONS = ["11-01..03-31", "12-01..02-28", "05-01..05-31"]
VALUES = {name: st.lists(st.sampled_from(values), min_size=1) for name, values in CONDITIONS.items()} | {
    "season": st.sampled_from(SEASONS),
    "confidence_below": st.sampled_from([0.3, 0.6]),
}


def whens(names: set[str]) -> st.SearchStrategy[dict[str, object]]:
    """Conditions of these names."""
    return st.fixed_dictionaries({name: VALUES[name] for name in sorted(names)})


PAIRS = st.sets(st.sampled_from(sorted(VALUES)), min_size=1, max_size=2).flatmap(
    lambda names: st.tuples(whens(set(sorted(names)[:1])), whens(names))
)
MATTERS = st.builds(
    Matter,
    kind=st.sampled_from([Kind.REPORT, Kind.QUESTION]),
    text=st.sampled_from(["Müllsäcke", "Die rote Ampeln", "rot", "Mülltonne"]),
    areas=st.sampled_from([(), ("Nord",), ("Süd", "Nord")]),
    street=st.sampled_from([None, "Hauptstraße", "Am Markt"]),
    flags=st.sampled_from([(), (Flag.INSULT,), (Flag.THREAT, Flag.INSULT)]),
    confidence=st.sampled_from([0.2, 0.4, 0.9]),
    at=st.none() | st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
)


@cache
def small_city(folder: Path) -> City:
    return make_city(folder)


@given(pair=PAIRS, matter=MATTERS)
def test_what_is_covered_is_really_taken(
    pair: tuple[dict[str, object], dict[str, object]],
    matter: Matter,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    city = small_city(tmp_path_factory.getbasetemp())
    wide, narrow = (When.model_validate(when, context=city) for when in pair)
    if covers(wide, narrow) and narrow.failed(matter, city) is None:
        event("taken by both")
        assert wide.failed(matter, city) is None

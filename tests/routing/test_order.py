"""Rules that stand in each other's way are told."""

from pathlib import Path

import pytest

from bridge.domain import ConfigError
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

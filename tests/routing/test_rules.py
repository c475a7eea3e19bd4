"""The first rule that applies wins, and every mistake in the rules is told with file and line."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.city import City
from bridge.domain import ConfigError, Flag, Kind, Matter, Visibility
from bridge.routing import Rules
from bridge.routing.words import fold, pattern
from tests.factories import make_city, make_city_folder, make_matter
from tests.routing.rule_texts import REST, rule, rules_of


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (rule() + REST.replace("{}", "{kind: report}"), "8: the last rule must take everything that is left"),
        (REST + rule(), "7: never reached: 'rest' above takes all of it; put this rule higher"),
        (rule() + rule(name="two") + REST, "7: never reached: 'one' above takes all of it"),
        (rule() + rule("{kind: report}") + REST, "7: another rule is called 'one'; choose a new name"),
        (rule("{kategory: noise}") + REST, "3: unknown key 'kategory'; did you mean 'category'?"),
        (rule("{category: nois}") + REST, "3: category: unknown category 'nois'; did you mean 'noise'?"),
        (rule("{category: []}") + REST, "3: category: the list is empty; write at least one value"),
        (rule("{kind: reprot}") + REST, "3: unknown kind 'reprot'; did you mean 'report'?"),
        (
            rule("{area: [Nord, Südd]}") + REST,
            "3: area: unknown area 'Südd'; did you mean 'Süd'?",
        ),
        (rule("{visibility: secret}") + REST, "3: unknown visibility 'secret'"),
        (rule("{flags: insul}") + REST, "3: unknown flags 'insul'; did you mean 'insult'?"),
        (rule("{words: ab}") + REST, "3: words: 'ab' is too short; write at least three letters"),
        (
            rule("{confidence_below: 50}") + REST,
            "3: confidence_below: Input should be less than or equal to 1",
        ),
        (rule(send_to="street") + REST, "4: send_to: unknown department 'street'; did you mean 'streets'?"),
        (rule(because="''") + REST, "5: because: String should have at least 1 character"),
        (rule(because="") + REST, "2: 'because' is missing"),
        (rule(examples="[]") + REST, "6: examples: the list is empty"),
        (rule(examples="") + REST, "2: 'examples' is missing"),
        (rule(name="Rule-1") + REST, "2: name: use small letters, digits and _ only"),
        (rule(copy="press") + REST, "7: unknown key 'copy'; did you mean 'copies'?"),
        ("  - nothing\n" + REST, "2: rules:"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(ConfigError) as raised:
        rules_of(tmp_path, text)
    assert f"{tmp_path}/musterstadt/rules.yaml:{complaint}" in str(raised.value)


@pytest.mark.parametrize("text", ["", "rules: []\n", "rule: []\n", "- name: one\n"])
def test_a_file_without_rules_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"rules\.yaml:1:"):
        Rules.load(make_city(tmp_path, rules=text))


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        rules_of(tmp_path, rule(send_to="nobody"), rule("{kind: x}", "two"), REST, REST)
    complaints = str(raised.value).splitlines()
    assert [int(line.split("rules.yaml:")[1].split(":")[0]) for line in complaints] == [4, 8, 17, 17]


@pytest.mark.parametrize(
    ("when", "changed", "applies"),
    [
        ("{kind: report}", {}, True),
        ("{kind: [question, feedback]}", {}, False),
        ("{category: [noise, traffic_light]}", {}, True),
        ("{category: noise}", {}, False),
        ("{area: Nord}", {"areas": ("Nord", "Hafen")}, True),
        ("{area: Nord}", {}, False),
        ("{language: en}", {"language": "en"}, True),
        ("{platform: mastodon}", {"platform": "bluesky"}, False),
        ("{city_account: stadt}", {"city_account": "stadt"}, True),
        ("{visibility: direct}", {"visibility": Visibility.DIRECT}, True),
        ("{visibility: direct}", {}, False),
        ("{flags: [insult, threat]}", {"flags": (Flag.THREAT,)}, True),
        ("{flags: insult}", {}, False),
        ("{confidence_below: 0.5}", {"confidence": 0.4}, True),
        ("{confidence_below: 0.5}", {"confidence": 0.5}, False),
        ("{words: ampel}", {}, True),
        ("{kind: report, words: [poller, bank]}", {}, False),
        ("{kind: question, words: ampel}", {}, False),
    ],
)
def test_a_rule_applies_when_all_its_conditions_hold(
    tmp_path: Path, when: str, changed: dict[str, Any], applies: bool
) -> None:
    rules = rules_of(tmp_path, rule(when), REST)
    assert rules.route(make_matter(**changed)).rule == ("one" if applies else "rest")


def test_the_first_rule_that_applies_wins(tmp_path: Path) -> None:
    rules = rules_of(
        tmp_path, rule("{words: ampel}"), rule("{kind: report}", "two", send_to="cleaning"), REST
    )
    assert rules.route(make_matter()).department == "streets"
    assert rules.route(make_matter(text="Hier")).department == "cleaning"
    assert [(trial.rule.name, trial.failed) for trial in rules.trace(make_matter(text="Hier"))] == [
        ("one", "words"),
        ("two", None),
    ]


def test_a_rule_may_hold_a_matter_for_a_person(tmp_path: Path) -> None:
    route = rules_of(tmp_path, rule("{kind: report}", hold="true"), REST).route(make_matter())
    assert (route.hold, route.because) == (True, "Darum.")


def test_a_area_is_not_checked_where_the_city_has_no_areas(tmp_path: Path) -> None:
    folder = make_city_folder(tmp_path, rules="rules:\n" + rule("{area: Ost}") + REST)
    (folder / "areas.geojson").unlink()
    assert Rules.load(City(folder)).route(make_matter(areas=("Ost",))).rule == "one"


@pytest.mark.parametrize(
    ("stem", "text", "found"),
    [
        ("müll", "Überall MUELLSÄCKE", True),
        ("Muell", "müll", True),
        ("straße", "STRASSE", True),
        ("müll", "Sperrmüll", False),
        ("rote ampel", "die rote\n Ampeln", True),
        ("rote ampel", "rote Lampe", False),
        ("a.c", "abc", False),
        ("#poller", "#Poller weg", True),
    ],
)
def test_words_are_found_by_their_beginning(stem: str, text: str, found: bool) -> None:
    assert (pattern([stem]).search(fold(text)) is not None) is found


@given(text=st.text(max_size=500))
def test_any_text_can_be_searched_for_its_own_beginning(text: str) -> None:
    words = fold(text).split()
    assert not words or pattern([text]).search(" ".join(words))


@given(matter=st.builds(Matter, kind=st.sampled_from(Kind), text=st.text(), confidence=st.floats(0, 1)))
def test_every_matter_finds_a_rule(matter: Matter, tmp_path_factory: pytest.TempPathFactory) -> None:
    rules = Rules.load(make_city(tmp_path_factory.getbasetemp()))
    assert rules.route(matter).rule == rules.trace(matter)[-1].rule.name


def test_an_example_that_goes_elsewhere_is_told_with_its_line(tmp_path: Path) -> None:
    rules = rules_of(tmp_path, rule(examples="[Krach, Ampel]"), rule("{kind: report}", "two"), REST)
    kinds = {"Wann ist das Fest?": Kind.QUESTION}

    def understand(text: str) -> Matter:
        category = "noise" if text == "Krach" else "other"
        return make_matter(kind=kinds.get(text, Kind.REPORT), category=category, text=text)

    (failure,) = rules.check_examples(understand)
    example = failure.example
    assert (example.file.name, example.line) == ("rules.yaml", 6)
    assert (example.sentence, example.rule.name, failure.got) == ("Ampel", "one", "two")


def test_an_example_counts_as_written_where_its_rule_listens(tmp_path: Path) -> None:
    when = "{platform: mastodon, visibility: direct, category: noise}"
    rules = rules_of(tmp_path, rule(when), rule("{category: noise}", "two"), REST)
    failures = rules.check_examples(
        lambda text: make_matter(category="other" if text.startswith("Wann") else "noise")
    )
    assert failures == []

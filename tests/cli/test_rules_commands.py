"""What a clerk gets told by `bridge rules`."""

import json
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bridge.cli import app
from bridge.domain import ConfigError
from bridge.routing import schema
from bridge.settings import settings
from tests.factories import FILES, make_city_folder
from tests.routing.rule_texts import REST, rule

Bridge = Callable[[str], Result]


@pytest.fixture
def bridge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    """The command, for the small city in `tmp_path`."""
    monkeypatch.setenv("BRIDGE_RULES", str(tmp_path))
    monkeypatch.setenv("BRIDGE_CITY", "musterstadt")
    settings.cache_clear()
    yield lambda line: CliRunner().invoke(app, shlex.split(line))
    settings.cache_clear()


def write(tmp_path: Path, *rules: str, **changed: str) -> Path:
    return make_city_folder(tmp_path, rules="rules:\n" + "".join([*rules, REST]), **changed)


def complaint(result: Result) -> str:
    """What the command would say on its way out."""
    assert isinstance(result.exception, ConfigError)
    return str(result.exception)


FAR = FILES["areas.geojson"].replace("[11.9, 51.0]", "[51.0, 11.9]").replace("[12.1, 51.0]", "[51.0, 12.1]")


@pytest.mark.parametrize(
    ("text", "changed", "told"),
    [
        (rule(channel="fax"), {}, "rules.yaml:7: channel: unknown delivery 'fax'; known: email"),
        (rule("{platform: mastodn}"), {}, "rules.yaml:3: platform: unknown platform 'mastodn'; did you mean"),
        (rule(reply="winter"), {}, "rules.yaml:7: reply: no text 'winter' under named in texts/"),
        (
            rule(),
            {"departments": FILES["departments.yaml"].replace("tiefbau@", "tiefbau at ")},
            "departments.yaml:3: streets:",
        ),
        (rule(), {"areas": FAR.replace("51.1", "12")}, "areas.geojson: feature 1 (Nord) lies"),
        (rule(), {"areas": "{}"}, 'areas.geojson: no list "features"'),
    ],
)
def test_a_mistake_in_any_file_is_told_with_its_place(
    tmp_path: Path, bridge: Bridge, text: str, changed: dict[str, str], told: str
) -> None:
    folder = write(tmp_path, text, **changed)
    assert f"{folder}/{told}" in complaint(bridge("rules check"))


def test_what_is_only_odd_is_a_warning(tmp_path: Path, bridge: Bridge) -> None:
    one, two = rule("{street: Hauptstrasse, time: open}"), rule("{street: [Rinstr., Hauptstr.]}", "two")
    folder = write(tmp_path, one, two)
    (folder / "gazetteer.csv").write_text("street,lat,lon\nHauptstraße,51,12\nRingstraße,51,12\n", "utf-8")
    result = bridge("rules check")
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        f"warning: {folder}/departments.yaml:4: no rule sends anything to 'cleaning'",
        f"warning: {folder}/rules.yaml:8: the gazetteer knows no street 'Rinstr.'; "
        "did you mean 'Ringstraße'?",
        "Musterstadt: rules, departments, categories, areas and texts are fine.",
    ]


def test_examples_are_counted_and_those_that_go_elsewhere_are_told(tmp_path: Path, bridge: Bridge) -> None:
    write(tmp_path, rule("{words: ampel}", examples="[Die Ampel am Markt ist aus, Hier liegt Sperrmüll]"))
    result = bridge("rules test")
    assert result.exit_code == 1
    assert (
        "rules.yaml:6: 'Hier liegt Sperrmüll' goes by 'rest' instead of 'one'; understood: " in result.output
    )
    write(tmp_path, rule("{words: ampel}", examples="[Die Ampel am Markt ist aus]"))
    assert bridge("rules test").output == "2 examples of 2 rules: every one goes where its rule says.\n"


def test_an_explanation_takes_time_platform_and_place(tmp_path: Path, bridge: Bridge) -> None:
    when = "{platform: mastodon, time: closed, area: Nord}"
    write(tmp_path, rule(when, due="1 working day", copies="cleaning"))
    sent = 'rules explain "Die Ampel ist aus" --platform mastodon --lat 51.05 --lon 12'
    told = bridge(f'{sent} --at "2026-11-20 18:30"').output.splitlines()
    assert told[1:] == [
        "1. one: ja",
        "Geht an: Tiefbauamt (Regel one)",
        "Kopie an: Stadtreinigung",
        "Frist: 1 Arbeitstag, bis Mo., 23.11.2026",
        "Warum: Darum.",
    ]
    told = bridge(f'{sent} --at "2026-11-20 15:04"').output.splitlines()
    assert told[1] == (
        "1. one: nein, gilt nur außerhalb der Öffnungszeiten; geschrieben ist es "
        "Fr., 20.11.2026, 15:04 Uhr (während der Öffnungszeiten)"
    )


def test_the_schemas_are_written_beside_the_cities(tmp_path: Path, bridge: Bridge) -> None:
    assert bridge("rules schema").exit_code == 0
    written = {path.name: path.read_text("utf-8") for path in (tmp_path / "schema").iterdir()}
    assert written == schema.files()
    assert all(json.loads(text)["description"] for text in written.values())

"""What a clerk edits is taken as a whole or not at all."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge import checks
from bridge.city import City, in_force
from bridge.domain import ConfigError
from bridge.settings import settings
from tests.factories import FILES, make_city_folder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder a clerk edits."""
    monkeypatch.setenv("BRIDGE_CITY", "musterstadt")
    monkeypatch.setenv("BRIDGE_RULES", str(tmp_path))
    monkeypatch.setenv("BRIDGE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    yield make_city_folder(tmp_path)
    settings.cache_clear()


def judge() -> in_force.Trouble | None:
    return in_force.judge(checks.mistakes)


def rename(folder: Path, name: str) -> None:
    """Give the streets' office another name."""
    changed = FILES["departments.yaml"].replace("Tiefbauamt", name)
    (folder / "departments.yaml").write_text(changed, encoding="utf-8")


def break_rules(folder: Path) -> None:
    (folder / "rules.yaml").write_text(FILES["rules.yaml"].replace("send_to: streets", "send_to: strets"))


def office() -> str:
    in_force.follow()
    return in_force.city().department_name("streets")


def test_before_anybody_judged_the_clerks_own_folder_is_in_force(folder: Path) -> None:
    assert in_force.folder() == folder


def test_a_good_change_takes_effect_when_it_was_judged(folder: Path) -> None:
    judge()
    rename(folder, "Straßenamt")
    assert office() == "Tiefbauamt"
    assert judge() is None
    assert office() == "Straßenamt"


def test_whoever_does_not_follow_keeps_what_it_had(folder: Path) -> None:
    judge()
    in_force.follow()
    held = in_force.city()
    rename(folder, "Straßenamt")
    judge()
    assert in_force.city() is held
    assert in_force.follow() is True
    assert in_force.follow() is False


def test_one_mistake_keeps_every_file_as_it_was(folder: Path) -> None:
    judge()
    rename(folder, "Straßenamt")
    break_rules(folder)
    told = judge()
    assert told is not None
    line = f"{folder}/rules.yaml:10: send_to: unknown department 'strets'; did you mean 'streets'?"
    assert told.mistakes == (line,)
    assert office() == "Tiefbauamt"


def test_a_mistake_is_told_once_and_stands_until_it_is_gone(folder: Path) -> None:
    judge()
    break_rules(folder)
    told = judge()
    assert judge() is None
    assert in_force.trouble() == told
    rename(folder, "Straßenamt")
    (folder / "rules.yaml").write_text(FILES["rules.yaml"], encoding="utf-8")
    judge()
    assert in_force.trouble() is None
    assert office() == "Straßenamt"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("city.yaml", "name: ["),
        ("categories.yaml", "categories: {}\n"),
        ("areas.geojson", "{"),
        ("places.csv", "name,kind,lat,lon\nLindenpark,park,viel,12\n"),
        ("emergencies.yaml", "emergencies: 7\n"),
        ("texts/de.yaml", "first: {}\n"),
    ],
)
def test_a_mistake_in_any_file_is_found(folder: Path, name: str, text: str) -> None:
    judge()
    (folder / name).write_text(text, encoding="utf-8")
    told = judge()
    assert told is not None
    assert name.rpartition("/")[2] in told.mistakes[0] or "categor" in told.mistakes[0]
    in_force.follow()
    assert checks.mistakes(in_force.city()) == []


def test_a_deleted_file_is_a_mistake_too(folder: Path) -> None:
    judge()
    (folder / "rules.yaml").unlink()
    told = judge()
    assert told is not None
    assert told.mistakes == (f"{folder}/rules.yaml: the file is missing",)


def test_only_the_set_in_force_and_the_one_before_are_kept(folder: Path) -> None:
    for name in ("Eins", "Zwei", "Drei", "Vier"):
        rename(folder, name)
        judge()
    break_rules(folder)
    judge()
    kept = [path for path in (folder.parent / "var/rules/musterstadt").iterdir() if not path.is_symlink()]
    assert sorted(City(path).department_name("streets") for path in kept if path.is_dir()) == ["Drei", "Vier"]


def test_what_an_editor_keeps_beside_a_file_is_left_out(folder: Path) -> None:
    (folder / ".rules.yaml.swp").write_bytes(b"\xff")
    (folder / "rules.yaml~").write_text("old")
    judge()
    in_force.follow()
    names = {path.name for path in in_force.folder().iterdir()}
    assert names == {*FILES, "texts"}


def test_a_file_saved_just_now_is_looked_at_later(folder: Path) -> None:
    watch = in_force.Watch()
    assert watch.changed()
    assert not watch.changed()
    rename(folder, "Straßenamt")
    assert not watch.changed()
    long_ago = time.time() - 5
    for path in folder.rglob("*"):
        os.utime(path, (long_ago, long_ago))
    assert watch.changed()
    assert not watch.changed()


def test_a_first_start_with_a_mistake_finds_nothing_to_fall_back_on(folder: Path) -> None:
    break_rules(folder)
    assert judge() is not None
    in_force.follow()
    assert in_force.folder() == folder
    (folder / "city.yaml").unlink()
    with pytest.raises(ConfigError, match="the file is missing"):
        City(in_force.folder())


def test_what_cities_share_is_part_of_the_set_and_its_mistakes_are_told_there(folder: Path) -> None:
    common = folder.parent / "common"
    common.mkdir()
    (folder / "categories.yaml").rename(common / "categories.yaml")
    watch = in_force.Watch()
    assert watch.changed()
    assert judge() is None
    (common / "categories.yaml").write_text("categories:\n  noise: {de: Lärm}\n", encoding="utf-8")
    for path in folder.parent.glob("*/**/*"):
        os.utime(path, (1, 1))
    assert watch.changed()
    told = judge()
    assert told is not None
    assert told.mistakes[0] == f"{common}/categories.yaml:2: 'en' is missing"
    in_force.follow()
    assert "traffic_light" in in_force.city().categories

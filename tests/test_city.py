"""A city's files are read once and every mistake in them names its file and line."""

import re
from pathlib import Path

import pytest

from bridge.city import City
from bridge.city.yaml import read
from bridge.domain import Automation, ConfigError, Step
from tests.factories import FILES, LEIPZIG, make_city, make_city_folder

GOOD = FILES["city.yaml"]


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("city", GOOD.replace("name:", "nme:", 1), "city.yaml:1: unknown key 'nme'; did you mean 'name'?"),
        (
            "city",
            GOOD.replace("on_call: notruf@leitstelle.example\n", ""),
            "city.yaml:1: 'on_call' is missing",
        ),
        ("city", GOOD.replace("MU", "mu"), "city.yaml:3: reference_prefix: String should match"),
        ("city", GOOD.replace("51.0", "151.0"), "city.yaml:4: lat: Input should be less than or equal to 90"),
        (
            "city",
            GOOD + "timezone: Berlin\n",
            "city.yaml:14: timezone: unknown time zone 'Berlin'; use a name",
        ),
        (
            "city",
            GOOD.replace("default: automatic", "default: automatik"),
            "city.yaml:13: unknown default 'automatik'; did you mean 'automatic'?",
        ),
        (
            "city",
            GOOD + "  steps: {rout: shadow}\n",
            "city.yaml:14: unknown key 'rout'; did you mean 'route'?",
        ),
        ("city", GOOD + "  categories: {lamp: shadow}\n", "city.yaml: automation names unknown categories"),
        ("city", GOOD + "name: Zweistadt\n", "city.yaml:14: 'name' stands here twice"),
        ("city", GOOD + "  - x: [\n", "city.yaml:14:"),
        ("city", "", "city.yaml:1:"),
        ("city", "name: \x07", "city.yaml: unacceptable character"),
        (
            "departments",
            "departments:\n  Press: {name: P, address: a}\n",
            "departments.yaml:2: Press: use small",
        ),
        (
            "departments",
            "departments:\n  press: {name: P, address: a, speaks: never}\n",
            "departments.yaml:2: speaks:",
        ),
        (
            "departments",
            "departments:\n  press: {name: P, adress: a}\n",
            "departments.yaml:2: unknown key 'adress'; did you mean 'address'?",
        ),
        (
            "departments",
            "departments:\n  press: {name: P, address: a, timezone: x}\n",
            "departments.yaml:2: unknown key 'timezone'\n",
        ),
        (
            "departments",
            FILES["departments.yaml"] + "contacts:\n  rail: {name: R}\n",
            "6: 'reach' is missing",
        ),
        ("categories", "categories:\n  noise:\n    de: Lärm\n", "categories.yaml:2: 'en' is missing"),
    ],
)
def test_a_wrong_file_is_refused_with_file_and_line(
    tmp_path: Path, file: str, text: str, complaint: str
) -> None:
    with pytest.raises(ConfigError) as raised:
        make_city(tmp_path, **{file: text})
    assert complaint in f"{raised.value}\n"


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        make_city(tmp_path, city=GOOD.replace("MU", "mu").replace("51.0", "151.0"))
    assert len(str(raised.value).splitlines()) == 2


def test_a_missing_folder_and_a_missing_file_say_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such folder; set BRIDGE_CITY"):
        City(tmp_path / "nowhere")
    folder = make_city_folder(tmp_path)
    (folder / "departments.yaml").unlink()
    with pytest.raises(ConfigError, match=r"departments\.yaml: the file is missing"):
        City(folder)


def test_a_file_that_is_not_utf8_says_where(tmp_path: Path) -> None:
    file = tmp_path / "city.yaml"
    file.write_bytes("name: Köln".encode("latin-1"))
    with pytest.raises(ConfigError, match="not UTF-8 at byte 7"):
        read(file)


def test_a_city_without_a_file_of_its_own_takes_the_shared_one(tmp_path: Path) -> None:
    folder, common = make_city_folder(tmp_path), tmp_path / "common"
    common.mkdir()
    (common / "categories.yaml").write_text("categories:\n  noise: {de: Krach, en: Din}\n", encoding="utf-8")
    assert City(folder).category_name("noise") == "Lärm"
    (folder / "categories.yaml").unlink()
    assert City(folder).category_name("noise") == "Krach"


def test_a_switched_off_category_keeps_its_name_for_old_tickets(tmp_path: Path) -> None:
    text = FILES["categories.yaml"].replace("en: Noise,", "en: Noise, off: true,")
    city = make_city(tmp_path, categories=text)
    assert "noise" not in city.categories
    assert city.category_name("noise") == "Lärm"
    assert city.category_name("noise", "en") == "Noise"
    assert city.category_name(None) == ""


def test_the_most_careful_automation_wins(tmp_path: Path) -> None:
    text = GOOD + "  steps: {route: suggest}\n  categories: {noise: shadow}\n"
    city = make_city(tmp_path, city=text)
    assert city.automation(Step.DELIVER, "traffic_light") is Automation.AUTOMATIC
    assert city.automation(Step.ROUTE, "traffic_light") is Automation.SUGGEST
    assert city.automation(Step.ROUTE, "noise") is Automation.SHADOW
    assert city.automation(Step.ROUTE, "noise", Automation.AUTOMATIC) is Automation.AUTOMATIC


def test_the_areas_are_those_of_the_areas_file(tmp_path: Path) -> None:
    assert make_city(tmp_path).areas == {"Nord", "Süd"}
    (tmp_path / "musterstadt" / "areas.geojson").unlink()
    assert City(tmp_path / "musterstadt").areas == frozenset()


OUTLINE = '"geometry": {"type": "Polygon", "coordinates": []}'
AREAS = '{"features": [{"properties": {"name": "Nord"}, %s}, %%s]}' % OUTLINE  # noqa: UP031 - braces


@pytest.mark.parametrize(
    ("areas", "complaint"),
    [
        ('{"features": [\n{,', ":2: no JSON from column 2 on"),
        ("[]", ': no list "features"; save the areas as a GeoJSON FeatureCollection'),
        (AREAS % "{}", ': feature 2: it has no name; write "properties": {"name": "…"}'),
        (AREAS % ('{"properties": {"name": " "}, ' + OUTLINE + "}"), ": feature 2: it has no name"),
        (
            AREAS % '{"properties": {"Name": "Ost"}}',
            ": feature 2: its geometry is no Polygon; draw",
        ),
        (AREAS % '{"properties": {"name": "A"}, "geometry": {"type": "Point"}}', ": feature 2: its geometry"),
    ],
)
def test_a_broken_areas_file_is_told_with_the_feature(tmp_path: Path, areas: str, complaint: str) -> None:
    with pytest.raises(ConfigError) as raised:
        assert make_city(tmp_path, areas=areas).areas
    assert f"areas.geojson{complaint}" in str(raised.value)


@pytest.mark.parametrize("file", sorted(LEIPZIG.parent.rglob("*.yaml")), ids=lambda file: file.name)
def test_no_shipped_file_names_an_address_that_could_be_real(file: Path) -> None:
    addresses = re.findall(r"[\w.+-]+@[\w.-]+", file.read_text(encoding="utf-8"))
    assert [address for address in addresses if not address.endswith(".example")] == []

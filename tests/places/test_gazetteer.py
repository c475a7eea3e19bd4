"""The gazetteer in memory: loading, searching, what lies around a point."""

from pathlib import Path

import pytest

from bridge.city import load_city
from bridge.domain import ConfigError, Point
from bridge.places import city_gazetteer
from bridge.places.gazetteer import Gazetteer
from bridge.places.plane import metres

LEIPZIG = Path(__file__).parents[2] / "routing_rules" / "leipzig"


def test_a_wrong_row_is_named_by_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_text("# remark\nname,kind,lat,lon\nPark,park,50,10\nTeich,water,north,10\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"places\.csv:4: lat 'north' is no number"):
        Gazetteer.load([path])


@pytest.mark.parametrize("text", ["", "a,b,c\n1,2,3\n"])
def test_a_file_of_unknown_form_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "strange.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"strange\.csv"):
        Gazetteer.load([path])


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("linden", "Lindenstraße"),
        ("Lindenstr. 9", "Lindenstraße 9"),
        ("lindnstrasse", "Lindenstraße"),
        ("Uferwg", "Uferweg"),
        ("clara", "Clara-Park"),
        ("Straße des 18", "Straße des 18. Oktober"),
    ],
)
def test_a_typed_name_is_found_by_its_beginning_or_with_typos(
    town: Gazetteer, typed: str, first: str
) -> None:
    assert town.search(typed)[0].label == first


def test_a_search_never_offers_more_than_asked_for_nor_one_thing_twice(town: Gazetteer) -> None:
    labels = [(found.label, found.precision) for found in town.search("strasse", limit=2)]
    assert len(labels) == len(set(labels)) <= 2
    assert town.search("") == []


def test_a_point_lies_in_a_district_or_in_none(town: Gazetteer) -> None:
    assert town.district_of(Point(lat=50.0, lon=10.0)) == "Weststadt"
    assert town.district_of(Point(lat=50.0, lon=10.01)) == "Oststadt"
    assert town.district_of(Point(lat=51.0, lon=10.0)) is None


def test_what_is_near_comes_nearest_first_and_within_reach(town: Gazetteer) -> None:
    here = Point(lat=50.0, lon=10.0)
    near = town.near(here, 300, 3)
    assert near[0][0] == "Lindenstraße"
    assert [far for _, _, far in near] == sorted(far for _, _, far in near)
    assert all(far <= 301 for _, _, far in near)
    assert town.nearest_street(here, 50) == "Lindenstraße"


def test_an_empty_gazetteer_knows_nothing_and_says_so() -> None:
    empty = Gazetteer(())
    here = Point(lat=50, lon=10)
    assert (empty.candidates("Linden 9"), empty.search("Lindenstraße 9"), empty.near(here, 99, 9)) == (
        [],
        [],
        [],
    )
    assert empty.district_of(here) is None


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("Ecke Könneritzstraße/Holbeinstraße", "intersection"),
        ("Bornaische Straße Ecke Wolfgang-Heinze-Straße", "intersection"),
        ("Eisenbahnstraße/Hermann-Liebmann-Straße", "intersection"),
        ("Karli 100", "address"),
        ("am Connewitzer Kreuz", "stop"),
        ("Haltestelle Südplatz", "stop"),
        ("in Plagwitz", "district"),
    ],
)
def test_the_demo_city_knows_its_main_places(text: str, precision: str) -> None:
    found = city_gazetteer(load_city(LEIPZIG)).candidates(text)[0].location
    assert found.precision == precision
    assert found.district


def test_every_row_of_the_demo_city_lies_in_the_city() -> None:
    centre = (51.34, 12.375)
    gazetteer = city_gazetteer(load_city(LEIPZIG))
    found = [place for letter in "abcdefghijklmnopqrstuvwz" for place in gazetteer.search(letter, limit=500)]
    assert len(found) > 300
    assert all(place.point and metres((place.point.lat, place.point.lon), centre) < 15_000 for place in found)

"""The small maps: what they show, and that they may stand in a page with a strict content policy."""

from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from bridge.city import City, load_city
from bridge.domain import Location, Precision
from bridge.places import city_gazetteer, maps
from bridge.places.gazetteer import Gazetteer

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def city() -> City:
    return load_city(Path(__file__).parents[2] / "routing_rules" / "leipzig")


@pytest.fixture(scope="module")
def leipzig(city: City) -> Gazetteer:
    return city_gazetteer(city)


def drawn(city: City, gazetteer: Gazetteer, text: str) -> ET.Element:
    return ET.fromstring(maps.svg(gazetteer.candidates(text)[0].location, city, gazetteer))


def classes(element: ET.Element) -> set[str]:
    return {part.get("class", "") for part in element.iter()}


@pytest.mark.parametrize("text", ["Ecke Könneritzstraße/Holbeinstraße", "Karli 100", "Clara-Park"])
def test_a_point_is_marked_by_a_pin(city: City, leipzig: Gazetteer, text: str) -> None:
    found = classes(drawn(city, leipzig, text))
    assert "map-pin" in found
    assert "map-area" not in found


@pytest.mark.parametrize("text", ["Karl-Liebknecht-Straße", "Plagwitz", "Grünau", "Brühl"])
def test_a_street_or_district_is_drawn_as_an_area_never_as_a_point(
    city: City, leipzig: Gazetteer, text: str
) -> None:
    found = classes(drawn(city, leipzig, text))
    assert "map-area" in found
    assert "map-pin" not in found


def test_the_drawing_speaks_to_those_who_do_not_see_it(city: City, leipzig: Gazetteer) -> None:
    image = drawn(city, leipzig, "Ecke Könneritzstraße/Holbeinstraße")
    assert image.get("role") == "img"
    assert image.findtext(f"{SVG}title") == "Könneritzstraße / Holbeinstraße"
    assert "Nadel" in (image.findtext(f"{SVG}desc") or "")


def test_the_drawing_has_names_around_a_scale_and_the_credit(city: City, leipzig: Gazetteer) -> None:
    words = [part.text for part in drawn(city, leipzig, "Karli 100").iter(f"{SVG}text")]
    assert "© OpenStreetMap-Mitwirkende" in words
    assert any(word and word.endswith(" m") for word in words)
    assert len(words) > 5


def test_the_drawing_needs_no_style_no_script_and_no_outside_address(city: City, leipzig: Gazetteer) -> None:
    image = drawn(city, leipzig, "Karli 100")
    tags = {part.tag.removeprefix(SVG) for part in image.iter()}
    attributes = {name for part in image.iter() for name in part.attrib}
    assert tags <= {"svg", "title", "desc", "rect", "polygon", "circle", "path", "text"}
    assert not {"style", "href", "onload"} & attributes


def test_words_of_strangers_cannot_become_markup(city: City, leipzig: Gazetteer) -> None:
    place = Location(label="<script>&", precision=Precision.PLACE, name="x", lat=51.34, lon=12.37)
    assert ET.fromstring(maps.svg(place, city, leipzig)).findtext(f"{SVG}title") == "<script>&"


def test_without_coordinates_the_city_is_shown_and_nothing_marked(city: City, leipzig: Gazetteer) -> None:
    place = Location(label="Irgendwo", precision=Precision.PLACE)
    found = classes(ET.fromstring(maps.svg(place, city, leipzig)))
    assert not {"map-pin", "map-area", "map-label"} & found


def test_the_picture_is_twice_as_sharp_as_its_size_and_small(city: City, leipzig: Gazetteer) -> None:
    place = leipzig.candidates("Ecke Könneritzstraße/Holbeinstraße")[0].location
    content = maps.png(place, city, leipzig, width=320, height=200)
    with Image.open(BytesIO(content)) as picture:
        assert (picture.format, picture.size) == ("PNG", (640, 400))
    assert len(content) < 60_000


@pytest.mark.parametrize("letter", "äöüßÄÖÜé©")
def test_the_picture_can_write_every_letter_of_a_german_name(letter: str) -> None:
    from bridge.places.maps.as_png import _font

    font = _font(40)
    assert bytes(font.getmask(letter)) != bytes(font.getmask("\ufffe"))


def test_a_map_far_away_from_the_city_is_drawn_all_the_same(city: City, leipzig: Gazetteer) -> None:
    place = Location(label="Weit weg", precision=Precision.ADDRESS, lat=-33.0, lon=151.0)
    assert "map-pin" in classes(ET.fromstring(maps.svg(place, city, leipzig)))
    assert maps.png(place, city, leipzig)

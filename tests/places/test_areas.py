"""Which drawn areas a place lies in, and what is wrong with a drawing."""

import json
from pathlib import Path

import pytest

from bridge.domain import ConfigError, Location, Precision
from bridge.places import city_gazetteer
from bridge.places.districts import read_areas
from tests.factories import make_city, make_location


def feature(name: str, west: float, south: float, size: float) -> dict[str, object]:
    ring = [
        [west, south],
        [west + size, south],
        [west + size, south + size],
        [west, south + size],
        [west, south],
    ]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"name": name}, "geometry": geometry}


def drawn(*features: dict[str, object]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


AREAS = drawn(
    feature("Nord", 12.0, 51.0, 0.1), feature("Hafen", 12.0, 51.0, 0.02), feature("Ost", 12.5, 51, 0.1)
)


@pytest.mark.parametrize(
    ("location", "areas"),
    [
        (make_location(district="Nord"), ("Nord", "Hafen")),
        (make_location(district=None), ("Nord", "Hafen")),
        (make_location(district="Nord", lat=51.05), ("Nord",)),
        (make_location(district="Altstadt", lat=53.0), ("Altstadt",)),
        (make_location(district="Nord", precision=Precision.DISTRICT), ("Nord",)),
        (make_location(district=None, lat=None, lon=None), ()),
    ],
)
def test_a_place_lies_in_its_district_and_in_whatever_else_is_drawn_around_it(
    tmp_path: Path, location: Location, areas: tuple[str, ...]
) -> None:
    assert city_gazetteer(make_city(tmp_path, areas=AREAS)).areas_of(location) == areas


@pytest.mark.parametrize(
    ("geometry", "complaint"),
    [
        ({"type": "Polygon", "coordinates": [[[1, 2], [3]]]}, "feature 1 (Nord): its outline cannot be read"),
        ({"type": "Polygon", "coordinates": []}, "its outline cannot be read (it has no corners)"),
        ({"type": "Polygon"}, "feature 1 (Nord): its outline cannot be read"),
        (
            {"type": "Polygon", "coordinates": [[[4e6, 5e6], [4.1e6, 5e6], [4e6, 5.1e6], [4e6, 5e6]]]},
            "feature 1 (Nord): its corners are no degrees; save the file in WGS 84, longitude first",
        ),
    ],
)
def test_an_outline_that_cannot_be_is_told_with_its_number(
    tmp_path: Path, geometry: dict[str, object], complaint: str
) -> None:
    file = tmp_path / "areas.geojson"
    file.write_text(drawn({"properties": {"name": "Nord"}, "geometry": geometry}), encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        read_areas(file)
    assert complaint in str(raised.value)

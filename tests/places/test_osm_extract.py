"""Building a gazetteer out of an OpenStreetMap extract."""

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from bridge.domain import ConfigError, Location
from bridge.places.build import BuildReport, build
from bridge.places.gazetteer import Gazetteer

osmium = pytest.importorskip("osmium")
mutable = pytest.importorskip("osmium.osm.mutable")

NODES: dict[int, tuple[float, float, Mapping[str, str]]] = {
    # the town's boundary, and the border between its two parts
    **{1: (10.0, 50.0, {}), 2: (10.02, 50.0, {}), 3: (10.02, 50.02, {}), 4: (10.0, 50.02, {})},
    **{5: (10.01, 50.0, {}), 6: (10.01, 50.02, {})},
    # Lindenstraße bends; Uferweg crosses it far from any house
    **{10: (10.001, 50.001, {}), 11: (10.005, 50.001, {}), 12: (10.009, 50.005, {})},
    **{13: (10.005, 50.0005, {}), 14: (10.005, 50.009, {})},
    20: (10.0012, 50.0012, {"addr:street": "Lindenstraße", "addr:housenumber": "1;3;5;7;9;11;13;15;17;19"}),
    21: (10.0088, 50.0049, {"addr:street": "Lindenstraße", "addr:housenumber": "90"}),
    22: (10.002, 50.002, {"addr:street": "Lindenstraße", "addr:housenumber": "hinten"}),
    23: (10.5, 50.5, {"addr:street": "Fernweg", "addr:housenumber": "1"}),
    30: (10.004, 50.004, {"highway": "bus_stop", "name": "Alter Hafen"}),
    31: (10.015, 50.004, {"place": "suburb", "name": "Nordend"}),
    32: (10.016, 50.006, {"shop": "bakery", "name": "Krümel"}),
    **{40: (10.012, 50.012, {}), 41: (10.014, 50.012, {}), 42: (10.014, 50.014, {})},
}
WAYS: dict[int, tuple[list[int], Mapping[str, str]]] = {
    1: ([1, 5], {}),
    2: ([5, 2, 3, 6], {}),
    3: ([6, 4, 1], {}),
    4: ([5, 6], {}),
    10: ([10, 11], {"highway": "residential", "name": "Lindenstraße"}),
    11: ([11, 12], {"highway": "residential", "name": "Lindenstraße"}),
    12: ([13, 11, 14], {"highway": "path", "name": "Uferweg", "bridge:name": "Kranichbrücke"}),
    13: ([40, 41, 42, 40], {"leisure": "park", "name": "Clara-Park", "alt_name": "Clara"}),
}
AREAS = {
    1: ([1, 2, 3], {"admin_level": "8", "name": "Musterstadt"}),
    2: ([1, 4, 3], {"admin_level": "9", "name": "Weststadt"}),
    3: ([2, 4], {"admin_level": "9", "name": "Oststadt"}),
}


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("osm") / "town.osm.pbf"
    writer = osmium.SimpleWriter(str(path))
    for number, (lon, lat, tags) in NODES.items():
        writer.add_node(mutable.Node(id=number, location=(lon, lat), tags=dict(tags)))
    for number, (nodes, tags) in WAYS.items():
        writer.add_way(mutable.Way(id=number, nodes=nodes, tags=dict(tags)))
    for number, (ways, tags) in AREAS.items():
        members = [("w", way, "outer") for way in ways]
        told = {"type": "boundary", "boundary": "administrative", **tags}
        writer.add_relation(mutable.Relation(id=number, members=members, tags=told))
    writer.close()
    return path


def run(extract: Path, out: Path, within: str | None = "Musterstadt") -> BuildReport:
    return build([extract], out, lambda *_: None, within)


@pytest.fixture(scope="module")
def town(extract: Path, tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    out = tmp_path_factory.mktemp("built") / "gazetteer.csv"
    run(extract, out)
    return Gazetteer.load([out])


def best(town: Gazetteer, text: str) -> Location:
    return town.candidates(text)[0].location


@pytest.mark.parametrize(
    ("text", "precision", "label", "district"),
    [
        ("Lindenstraße 3", "address", "Lindenstraße 3", "Weststadt"),
        ("Haltestelle Alter Hafen", "stop", "Alter Hafen", "Weststadt"),
        ("im Clara-Park", "place", "Clara-Park", "Oststadt"),
        ("im Park Clara", "place", "Clara-Park", "Oststadt"),
        ("auf der Kranichbrücke", "place", "Kranichbrücke", "Weststadt"),
        ("in der Oststadt", "district", "Oststadt", "Oststadt"),
        ("in Nordend", "district", "Nordend", "Oststadt"),
    ],
)
def test_roads_addresses_stops_parks_bridges_and_parts_of_town_are_found(
    town: Gazetteer, text: str, precision: str, label: str, district: str
) -> None:
    found = best(town, text)
    assert (found.precision, found.label, found.district) == (precision, label, district)
    assert found.point


def test_two_roads_meet_where_their_lines_cross_not_between_their_houses(town: Gazetteer) -> None:
    found = best(town, "Ecke Lindenstraße/Uferweg")
    assert found.precision == "intersection"
    assert found.lat == pytest.approx(50.001, abs=1e-5)
    assert found.lon == pytest.approx(10.005, abs=1e-5)


def test_a_road_without_number_is_a_point_on_its_line(town: Gazetteer) -> None:
    found = best(town, "auf dem Uferweg")
    assert found.lon == pytest.approx(10.005, abs=1e-5)


def test_what_lies_outside_the_town_is_left_out_and_bad_numbers_are_listed(
    extract: Path, tmp_path: Path
) -> None:
    report = run(extract, tmp_path / "out.csv")
    assert "Fernweg" not in (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert report.bad == [f"{extract}: node 22: 'hinten' is no house number"]
    assert not report.failed


def test_without_a_town_everything_in_the_extract_is_taken(extract: Path, tmp_path: Path) -> None:
    run(extract, tmp_path / "out.csv", within=None)
    assert "Fernweg" in (tmp_path / "out.csv").read_text(encoding="utf-8")


def test_an_unknown_town_is_told_with_the_names_there_are(extract: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no town is called 'Mustersadt'; there are: Musterstadt"):
        run(extract, tmp_path / "out.csv", within="Mustersadt")
    assert not (tmp_path / "out.csv").exists()


def test_a_file_that_is_no_extract_is_named(tmp_path: Path) -> None:
    path = tmp_path / "town.osm.pbf"
    path.write_text("no such thing", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"town\.osm\.pbf: cannot be read as OpenStreetMap data"):
        run(path, tmp_path / "out.csv")


def test_a_missing_library_is_told_with_the_way_to_get_it(
    extract: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "osmium", None)
    with pytest.raises(ConfigError, match=r"stadtbruecke\[gazetteer\]"):
        run(extract, tmp_path / "out.csv")

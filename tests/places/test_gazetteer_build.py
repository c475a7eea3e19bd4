"""Building a gazetteer out of open data files."""

from pathlib import Path

import pytest

from bridge.domain import ConfigError, Point
from bridge.places.build import BuildReport, build
from bridge.places.gazetteer import Gazetteer


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def run(out: Path, *sources: Path) -> BuildReport:
    return build(list(sources), out, lambda path, number, total: None)


def test_every_form_of_source_is_told_by_its_header(tmp_path: Path, town_files: Path) -> None:
    out = tmp_path / "out.csv"
    report = run(
        out,
        write(tmp_path, "a.csv", "street,hnr,plz,lat,lon\nLindenstraße,9,,50.0,10.0\n"),
        write(tmp_path, "b.csv", "street,lat,lon\nUferweg,50.001,10.0\n"),
        write(tmp_path, "c.csv", "name,alt,lat,lon\nAlter Hafen,Hafen,50.002,10.0\n"),
        write(tmp_path, "d.csv", "name;kind;lat;lon\nClara-Park;park;50.003;10.0\n"),
        town_files / "areas.geojson",
    )
    assert dict(report.counts) == {"address": 1, "street": 1, "stop": 1, "place": 1, "district": 2}
    gazetteer = Gazetteer.load([out])
    for text in ("Lindenstraße 9", "Uferweg", "Haltestelle Hafen", "Clara-Park", "Oststadt"):
        assert gazetteer.candidates(text), text
    assert gazetteer.candidates("Lindenstraße 9")[0].location.district == "Weststadt"
    assert gazetteer.district_of(Point(lat=50.0, lon=10.01)) == "Oststadt"


def test_a_few_bad_rows_are_listed_and_skipped(tmp_path: Path) -> None:
    good = "".join(f"Lindenstraße,{n},,50.0,10.0{n}\n" for n in range(1, 40))
    source = write(tmp_path, "a.csv", f"street,hnr,plz,lat,lon\n{good}Lindenstraße,40,,fifty,10.0\n")
    report = run(tmp_path / "out.csv", source)
    assert report.bad == [f"{source}:41: lat 'fifty' is no number"]
    assert (report.failed, report.rows) == (False, 39)


@pytest.mark.parametrize(
    "row", ["14,16,,50.0,10.0", "Weg,ohne,,50.0,10.0", "Weg,1,,500,10.0", "Weg,1,,,", "Weg"]
)
def test_too_many_bad_rows_write_nothing(tmp_path: Path, row: str) -> None:
    source = write(tmp_path, "a.csv", f"street,hnr,plz,lat,lon\nLindenstraße,1,,50.0,10.0\n{row}\n")
    out = write(tmp_path, "out.csv", "as before")
    assert run(out, source).failed
    assert out.read_text(encoding="utf-8") == "as before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "out.csv"]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.csv", "wrong,header\n", "unknown header"),
        ("a.geojson", "{}", "no list .features."),
        ("a.csv", "street,lat,lon\n", None),
    ],
)
def test_a_source_that_is_none_is_named(tmp_path: Path, name: str, text: str, says: str | None) -> None:
    source, out = write(tmp_path, name, text), tmp_path / "out.csv"
    if says is None:
        assert run(out, source).failed
    else:
        with pytest.raises(ConfigError, match=says):
            run(out, source)
    assert not out.exists()


def test_progress_names_each_source_before_it_is_read(tmp_path: Path) -> None:
    sources = [write(tmp_path, f"{n}.csv", f"street,lat,lon\nWeg {n},50,10\n") for n in "ab"]
    seen: list[tuple[str, int, int]] = []
    build(sources, tmp_path / "out.csv", lambda path, number, total: seen.append((path.name, number, total)))
    assert seen == [("a.csv", 1, 2), ("b.csv", 2, 2)]

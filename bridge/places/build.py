"""Builds a city's gazetteer out of open data files: one CSV that loads fast and says what was wrong."""

import csv
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import shapely

from bridge.places import osm
from bridge.places.districts import Area, Districts, read_areas
from bridge.places.normal import key
from bridge.places.rows import COLUMNS, BadRow, Row, read

Progress = Callable[[Path, int, int], None]
"""Called before every source: its path, its place in the row from 1, how many there are."""

_MOST_BAD = 0.05
_OUTLINE_STEP = 0.0001
"""Outlines are thinned to about ten metres: finer than any district is meant."""


@dataclass
class BuildReport:
    """What came out: rows of each kind, rows skipped and why, and whether nothing was written."""

    counts: Counter[str] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)
    failed: bool = False

    @property
    def rows(self) -> int:
        """How many rows were good."""
        return self.counts.total()


def build(sources: list[Path], out: Path, progress: Progress, within: str | None = None) -> BuildReport:
    """Write the gazetteer `out` from `sources`; over 5 % bad rows nothing is written and `failed` is set.

    `within` names the town at whose boundary `.osm.pbf` sources are cut. Raise `ConfigError` for a source
    that cannot be read at all.
    """
    report = BuildReport()
    rows: set[Row] = set()
    areas: list[Area] = []
    for number, source in enumerate(sources, start=1):
        progress(source, number, len(sources))
        found, drawn = _read(source, within)
        rows.update(_good(found, report))
        areas += drawn
    report.counts.update(row.kind for row in rows)
    report.counts["district"] += len(areas)
    report.failed = not report.rows or len(report.bad) > _MOST_BAD * (report.rows + len(report.bad))
    if not report.failed:
        _write(out, (*_placed(rows, areas), *map(_district_row, areas)))
    return report


def _read(source: Path, within: str | None) -> tuple[Iterable[Row | BadRow], list[Area]]:
    if source.name.endswith(".osm.pbf"):
        return osm.read(source, within)
    if source.suffix.casefold() in {".geojson", ".json"}:
        return [], read_areas(source)
    return read(source), []


def _good(rows: Iterable[Row | BadRow], report: BuildReport) -> Iterator[Row]:
    for row in rows:
        if isinstance(row, BadRow):
            report.bad.append(str(row))
        else:
            yield row


def _placed(rows: Iterable[Row], areas: list[Area]) -> list[Row]:
    """All rows in a stable order, each with the district its point lies in."""
    districts = Districts(areas)
    spelling = {key(area.name): area.name for area in areas}
    return sorted(
        (
            row._replace(
                district=spelling.get(key(row.district)) or districts.of((row.lat, row.lon)) or row.district,
            )
            for row in rows
        ),
        key=lambda row: (row.kind, row.name, row.number, row.lat, row.lon),
    )


def _district_row(area: Area) -> Row:
    outline = area.outline.simplify(_OUTLINE_STEP)
    lat, lon = area.centre
    return Row(
        "district",
        area.name,
        round(lat, 5),
        round(lon, 5),
        shape=shapely.to_wkt(outline, rounding_precision=5),
    )


def _write(out: Path, rows: Iterable[Row]) -> None:
    beside = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(_cells(row) for row in rows)
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)


def _cells(row: Row) -> list[object]:
    values = row._asdict()
    values["alt"] = "|".join(row.alt)
    return [values[column] for column in COLUMNS]

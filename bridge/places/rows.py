"""Reads the files a gazetteer is made of, row by row; what kind a file is, its header tells."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from bridge.domain import ConfigError

COLUMNS = ("kind", "name", "number", "alt", "lat", "lon", "district", "shape")
ENTRY_KINDS = ("address", "street", "stop", "place", "district")


class Row(NamedTuple):
    """One fact: `kind` is one of `ENTRY_KINDS`; `alt` holds other names, `shape` WKT."""

    kind: str
    name: str
    lat: float
    lon: float
    number: str = ""
    alt: tuple[str, ...] = ()
    district: str = ""
    shape: str = ""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that says nothing usable, and why."""

    where: str
    problem: str

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}"


def read(path: Path) -> Iterator[Row | BadRow]:
    """The rows of a CSV; lines beginning with # are remarks. Raise `ConfigError` on an unknown header."""
    source = StringIO(text_of(path), newline="")
    header, lines_before = _header(source, path)
    delimiter = ";" if header.count(";") > header.count(",") else ","
    names = [name.strip().casefold() for name in header.strip().split(delimiter)]
    default = _default_kind(set(names), path)
    reader = csv.reader(source, delimiter=delimiter)
    for cells in reader:
        if not cells or cells[0].startswith("#"):
            continue
        try:
            yield _row(dict(zip(names, cells, strict=False)), default)
        except ValueError as error:
            yield BadRow(f"{path}:{lines_before + reader.line_num}", str(error))


def text_of(path: Path) -> str:
    """The text of a file; raise `ConfigError` where it is missing or not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(f"{path}: the file is missing") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 at byte {error.start}; save the file as UTF-8") from None


def _header(source: StringIO, path: Path) -> tuple[str, int]:
    for number, line in enumerate(source, start=1):
        if line.strip() and not line.startswith("#"):
            return line, number
    raise ConfigError(f"{path}: the file is empty")


def _default_kind(names: set[str], path: Path) -> str:
    if not {"lat", "lon"} <= names or not names & {"street", "name"}:
        raise ConfigError(
            f"{path}: unknown header; known are street,hnr,plz,lat,lon[,district] and "
            "street,lat,lon[,district] and name,alt,lat,lon and name,kind,lat,lon[,district]"
        )
    if "street" in names:
        return "address" if "hnr" in names else "street"
    return "place" if "kind" in names else "stop"


def _row(cells: dict[str, str], default: str) -> Row:
    given = {name: value.strip() for name, value in cells.items()}
    kind = given.get("kind", default)
    name = given.get("street") or given.get("name", "")
    number = given.get("hnr") or given.get("number", "")
    if not any(c.isalpha() for c in name):
        raise ValueError(f"{name!r} is no name")
    if default == "address" and not any(c.isdigit() for c in number):
        raise ValueError(f"{number!r} is no house number")
    return Row(
        kind=kind if kind in ENTRY_KINDS else default,
        name=name,
        lat=_degrees(given.get("lat", ""), "lat", 90),
        lon=_degrees(given.get("lon", ""), "lon", 180),
        number=number,
        alt=_parts(given["alt"]) if given.get("alt") else (),
        district=given.get("district", ""),
        shape=given.get("shape", ""),
    )


def _parts(alt: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in alt.split("|"))))


def _degrees(value: str, column: str, limit: int) -> float:
    try:
        degrees = float(value)
    except ValueError:
        raise ValueError(f"{column} {value!r} is no number") from None
    if not -limit <= degrees <= limit or degrees == 0:
        raise ValueError(f"{column} {value!r} is outside the world or zero")
    return degrees

"""Real reports against their pins: each is read with a gazetteer of all the other reports' addresses."""

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from benchmarks.places.tables import row, share, title
from bridge.domain import Location, Precision
from bridge.places.entries import number_key
from bridge.places.gazetteer import Gazetteer
from bridge.places.normal import key
from bridge.places.plane import Spot, metres
from bridge.places.rows import Row

_ADDRESS = re.compile(r"\s*(?P<street>[^,\d][^,]*?) (?P<number>\d+ ?[a-zA-Z]?)(?:[-/]\w+)?, 784\d\d ")
_PIN = re.compile(r"\(Adresssuche nach:.*?\)", re.DOTALL)
"""What the form itself wrote below the text, so no words of a citizen."""
LONG = 200
"""A street longer than this (metres) must not be answered by a point."""


class Report(NamedTuple):
    """What somebody wrote, where the pin stands, and the address next to the pin."""

    text: str
    pin: Spot
    row: Row | None


def read(data: Path) -> list[Report]:
    """All reports that carry a pin."""
    with (data / "konstanz" / "reports_2020_2022.csv").open(encoding="utf-8", newline="") as file:
        return [_report(line) for line in csv.DictReader(file) if line["lat"]]


def _report(line: dict[str, str]) -> Report:
    lat, lon = float(line["lat"]), float(line["lon"])
    found = _ADDRESS.match(line["Automatisch-ermittelte-Adresse"])
    text = _PIN.sub("", line["Text"])
    if not found:
        return Report(text, (lat, lon), None)
    return Report(text, (lat, lon), Row("address", found["street"], lat, lon, number=found["number"]))


def delete_one(reports: Sequence[Report]) -> Iterator[tuple[Report, Location]]:
    """Each report that names a place, as read without its own address."""
    whole = Gazetteer(report.row for report in reports if report.row)
    ignore = frozenset({key("Konstanz")})
    for report in reports:
        if whole.candidates(report.text, ignore):
            others = Gazetteer(other.row for other in reports if other.row and other is not report)
            found = (candidate.location for candidate in others.candidates(report.text, ignore))
            yield from ((report, location) for location in islice(filter(_point, found), 1))


def measure(data: Path) -> None:
    """Print how far the answers lie from the pins."""
    reports = read(data)
    found = list(delete_one(reports))
    title(
        f"{len(reports)} real reports with a pin, {len(found)} name a place known from another",
        "what is written", "reports", "within 50 m", "100 m", "250 m", "aim at 100 m",
    )  # fmt: skip
    known = [hit for hit in found if hit[1].precision is Precision.ADDRESS]
    for name, hits, aim in (
        ("an address known from another report", [hit for hit in known if _known(*hit, reports)], "≥ .95"),
        ("a number between known ones", [hit for hit in known if not _known(*hit, reports)], ""),
        ("a crossing", [hit for hit in found if hit[1].precision is Precision.INTERSECTION], "≥ .80"),
        ("a street alone", [hit for hit in found if hit[1].precision is Precision.STREET], ""),
    ):
        offs = [_off(report, location) for report, location in hits]
        row(name, len(hits), *(share(off <= most for off in offs) for most in (50, 100, 250)), aim)


def _known(report: Report, found: Location, reports: Sequence[Report]) -> bool:
    """Whether another report names the very number, or the first of a range."""
    first = number_key(found.house_number or "").split("-")[0].split("/")[0]
    wanted = key(found.street or ""), first
    others = (other.row for other in reports if other.row and other is not report)
    return any((key(row.name), number_key(row.number)) == wanted for row in others)


def _point(location: Location) -> bool:
    return location.point is not None


def _off(report: Report, found: Location) -> float:
    point = found.point
    return metres((point.lat, point.lon), report.pin) if point else 9e9

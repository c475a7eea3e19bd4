"""Who reads: the shipped program, and a plain search for the gazetteer's names."""

import csv
from collections.abc import Callable
from pathlib import Path

from benchmarks.ground import ROOT
from bridge.city import load_city
from bridge.domain import Location, Precision
from bridge.places.build import build
from bridge.places.gazetteer import Gazetteer
from bridge.places.normal import key
from bridge.understanding import place
from bridge.understanding.towns import OtherTowns

LEIPZIG = ROOT / "routing_rules" / "leipzig"
SOURCES = ("addresses_osm.csv", "streets.csv", "stops.csv", "places_osm.csv")

Read = Callable[[str], tuple[Location | None, bool]]


def built(folder: Path, out: Path) -> Path:
    """The gazetteer of the open data in `folder`, as `bridge gazetteer build` writes it."""
    sources = [*(folder / name for name in SOURCES), *sorted((folder / "districts").glob("*.geojson"))]
    build(sources, out, lambda *_: None)
    return out


def shipped(known: Gazetteer) -> Read:
    """The place part of the program."""
    ours = load_city(LEIPZIG).name
    towns, ignore = OtherTowns(ours), frozenset({key(ours)})

    def read(text: str) -> tuple[Location | None, bool]:
        found = known.candidates(text, ignore)
        return place.choose(found, towns.named(text), None, known)

    return read


def substrings(folder: Path) -> Read:
    """The longest name of the gazetteer that the text holds, letter by letter."""
    names: dict[str, tuple[str, str, float, float]] = {}
    for source in reversed(SOURCES):
        kind = "street" if source in SOURCES[:2] else source.removesuffix(".csv").rstrip("s")
        with (folder / source).open(encoding="utf-8", newline="") as file:
            for line in csv.DictReader(file):
                name = line.get("street") or line.get("name") or ""
                if len(key(name)) > 3 and any(c.isalpha() for c in name):
                    names[name.casefold()] = (kind, name, float(line["lat"]), float(line["lon"]))

    def read(text: str) -> tuple[Location | None, bool]:
        low = text.casefold()
        best = max((name for name in names if name in low), key=len, default=None)
        if best is None:
            return None, False
        kind, name, lat, lon = names[best]
        street = kind == "street"
        return Location(
            label=name,
            precision=Precision.STREET if street else Precision.PLACE,
            street=name if street else None,
            name=None if street else name,
            lat=lat,
            lon=lon,
            confidence=1.0,
        ), False

    return read

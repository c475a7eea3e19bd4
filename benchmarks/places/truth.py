"""Where the places of the gold posts really are: looked up in the data files, not in the program."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain, product
from pathlib import Path

from bridge.places.normal import key
from bridge.places.plane import Spot, metres, middle

Named = dict[str, str | None]
"""The `place` of a gold post."""


class Truth:
    """The points of every address, stop and place, by the keys of their names."""

    def __init__(self, folder: Path) -> None:
        self._houses: dict[str, dict[str, list[Spot]]] = defaultdict(lambda: defaultdict(list))
        for line in _lines(folder / "addresses_osm.csv"):
            self._houses[key(line["street"])][_number(line["hnr"])].append(_spot(line))
        for line in _lines(folder / "streets.csv"):
            self._houses[key(line["street"])][""].append(_spot(line))
        self._stops: dict[str, list[Spot]] = defaultdict(list)
        for line in _lines(folder / "stops.csv"):
            for name in (line["name"], *filter(None, line["alt"].split("|"))):
                self._stops[key(name)].append(_spot(line))

    def points(self, place: Named) -> list[Spot]:
        """Every point that would be right; empty where the files know none."""
        precision, street = place["precision"], key(place["street"] or "")
        if precision == "stop":
            return self._stops.get(key(place["name"] or ""), [])
        if precision == "intersection":
            return list(self._meeting(street, key(place["cross_street"] or "")))
        if precision == "address":
            number = _number((place["house_number"] or "").replace("–", "-").split("-")[0])
            return self._houses.get(street, {}).get(number, [])
        return []

    def _meeting(self, street: str, cross: str) -> Iterator[Spot]:
        ours, theirs = (chain(*self._houses.get(name, {}).values()) for name in (street, cross))
        pairs = [(metres(a, b), middle(a, b)) for a, b in product(ours, theirs)]
        if pairs:
            yield min(pairs)[1]


def off(found: Spot | None, right: Iterable[Spot]) -> float:
    """How many metres the found point is away from the nearest right one."""
    return min((metres(found, spot) for spot in right), default=9e9) if found else 9e9


def _number(written: str) -> str:
    return written.replace(" ", "").casefold()


def _lines(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _spot(line: dict[str, str]) -> Spot:
    return float(line["lat"]), float(line["lon"])

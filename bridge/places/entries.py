"""One named thing on the map, with every point known of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import combinations
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from bridge.places.normal import fold
from bridge.places.plane import Spot, flat, metres, to_degrees

_TWO_STREETS = 500
"""The same house number twice so far apart (metres) means two streets of one name."""


class House(NamedTuple):
    """One address point."""

    spot: Spot
    district: str


@dataclass(eq=False)
class Entry:
    """A street, stop, place or district.

    `own` is its own point, `houses` are the addresses of a street, `line` its course in degrees if known.
    """

    kind: str
    name: str
    own: Spot | None = None
    district: str = ""
    houses: dict[str, list[House]] = field(default_factory=dict)
    line: BaseGeometry | None = None

    def add_house(self, number: str, spot: Spot, district: str) -> None:
        """Note one more address."""
        self.houses.setdefault(number_key(number), []).append(House(spot, district))

    def points(self, district: str | None = None) -> list[Spot]:
        """Every address point, only those in `district` if it has any there; else the own point."""
        here = [house.spot for house in self._all() if district and same_district(house.district, district)]
        return here or [house.spot for house in self._all()] or ([self.own] if self.own else [])

    def course(self, district: str | None = None) -> list[Spot]:
        """The corners of its line, or else the points of `points`."""
        if self.line is None:
            return self.points(district)
        return [(lat, lon) for lon, lat in shapely.get_coordinates(self.line).tolist()]

    def spot(self, district: str | None = None) -> Spot | None:
        """A point that really belongs to the thing, as much in its middle as possible."""
        points = self.points(district)
        if self.own and (not self.houses or not district):
            return self.own
        if not points:
            return None
        return self.nearest(
            (sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points))
        )

    def nearest(self, spot: Spot) -> Spot:
        """The point of the thing that lies nearest to `spot`."""
        here, _ = nearest_points(self.flat(spot[0]), flat(shapely.Point(spot[1], spot[0]), spot[0]))
        return to_degrees(here, spot[0])

    def flat(self, latitude: float) -> BaseGeometry:
        """Its course, or else its points, in metres on the plane."""
        return flat(self.line or _together(self.points()), latitude)

    @property
    def coarse(self) -> bool:
        """Whether a street is known by a single point only."""
        return self.line is None and len(self.points()) < 2

    @cached_property
    def districts(self) -> frozenset[str]:
        """The names of all districts it runs through, as the source wrote them."""
        return frozenset(filter(None, (self.district, *(house.district for house in self._all()))))

    @cached_property
    def ambiguous(self) -> bool:
        """Whether this name surely stands for two streets in different places."""
        return any(
            metres(a.spot, b.spot) > _TWO_STREETS
            for houses in self.houses.values()
            for a, b in combinations(houses[:9], 2)
        )

    @cached_property
    def length(self) -> float | None:
        """Roughly how long a street is, in metres; None where too little of it is known."""
        if self.coarse:
            return None
        west, south, east, north = (self.line or _together(self.points())).bounds
        return metres((south, west), (north, east))

    def _all(self) -> Iterator[House]:
        return (house for houses in self.houses.values() for house in houses)


def _together(spots: list[Spot]) -> BaseGeometry:
    return shapely.multipoints(np.array(spots)[:, ::-1])


@lru_cache(maxsize=4096)
def closest_pair(a: Entry, b: Entry) -> tuple[Spot, Spot]:
    """The two points at which two things come nearest to each other."""
    latitude = (a.own or a.points()[0])[0]
    here, there = nearest_points(a.flat(latitude), b.flat(latitude))
    return to_degrees(here, latitude), to_degrees(there, latitude)


@lru_cache(maxsize=20_000)
def number_key(number: str) -> str:
    """A house number as it is looked up: "12 A" and "12a", "5 – 9" and "5-9" are the same."""
    return fold(number).replace(" ", "").replace("–", "-")


def same_district(a: str, b: str) -> bool:
    """Whether two names mean the same district or one is a part of the other (Grünau, Grünau-Nord)."""
    one, other = fold(a), fold(b)
    return bool(one and other) and (one.startswith(other) or other.startswith(one))

"""One named thing on the map, with every point known of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import combinations

from shapely import MultiPoint
from shapely.ops import nearest_points

from bridge.places.normal import fold
from bridge.places.plane import Spot, metres, to_plane

_TWO_STREETS = 500
"""The same house number twice so far apart (metres) means two streets of one name."""


@dataclass(frozen=True, slots=True)
class House:
    """One address point."""

    spot: Spot
    district: str


@dataclass(eq=False)
class Entry:
    """A street, stop, place or district; `own` is its own point, `houses` the addresses of a street."""

    kind: str
    name: str
    own: Spot | None = None
    district: str = ""
    houses: dict[str, list[House]] = field(default_factory=dict)

    def add_house(self, number: str, spot: Spot, district: str) -> None:
        """Note one more address."""
        self.houses.setdefault(number_key(number), []).append(House(spot, district))

    def points(self, district: str | None = None) -> list[Spot]:
        """Every address point, only those in `district` if it has any there; else the own point."""
        here = [house.spot for house in self._all() if district and same_district(house.district, district)]
        return here or [house.spot for house in self._all()] or ([self.own] if self.own else [])

    def spot(self, district: str | None = None) -> Spot | None:
        """A point that really belongs to the thing, as much in its middle as possible."""
        points = self.points(district)
        if self.own and (not self.houses or not district):
            return self.own
        if not points:
            return None
        middle = sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)
        return min(points, key=lambda point: metres(point, middle))

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
        """Roughly how long a street is, in metres; None where too few of its addresses are known."""
        points = self.points()
        if len(points) < 2:
            return None
        lats, lons = [p[0] for p in points], [p[1] for p in points]
        return metres((min(lats), min(lons)), (max(lats), max(lons)))

    def _all(self) -> Iterator[House]:
        return (house for houses in self.houses.values() for house in houses)


@lru_cache(maxsize=4096)
def closest_pair(a: Entry, b: Entry) -> tuple[Spot, Spot]:
    """The two points at which two streets come nearest to each other."""
    latitude = a.points()[0][0]
    ours, theirs = ({to_plane(spot, latitude): spot for spot in entry.points()} for entry in (a, b))
    here, there = nearest_points(MultiPoint(list(ours)), MultiPoint(list(theirs)))
    return ours[here.x, here.y], theirs[there.x, there.y]


def number_key(number: str) -> str:
    """A house number as it is looked up: "12 A" and "12a" are the same."""
    return fold(number).replace(" ", "")


def same_district(a: str, b: str) -> bool:
    """Whether two names mean the same district or one is a part of the other (Grünau, Grünau-Nord)."""
    one, other = fold(a), fold(b)
    return bool(one and other) and (one.startswith(other) or other.startswith(one))

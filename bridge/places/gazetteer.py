"""The city's names and points in memory: from text, typed words or a point to a place."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import shapely
from rapidfuzz import process
from shapely.errors import ShapelyError

from bridge.domain import ConfigError, Location, Point, Precision
from bridge.places import grammar, resolve
from bridge.places.districts import Area, Districts, read_areas
from bridge.places.entries import Entry
from bridge.places.index import Index
from bridge.places.normal import key
from bridge.places.plane import Spot, metres, to_plane
from bridge.places.reading import Candidate
from bridge.places.rows import BadRow, Row, read

_ALIKE = 75.0
"""How alike (0 to 100) a typed name must be to be offered."""


class _Near(NamedTuple):
    tree: shapely.STRtree
    entries: list[Entry]


class Gazetteer:
    """All places of one city; built once and then only read."""

    def __init__(self, rows: Iterable[Row], areas: Iterable[Area] = ()) -> None:
        self._index = Index()
        drawn = list(areas)
        for row in rows:
            self._index.add(row)
            if row.shape and row.kind == "district":
                drawn.append(Area(row.name, shapely.from_wkt(row.shape)))
        self.districts = Districts(drawn)
        for area in drawn:
            self._index.add(Row("district", area.name, *area.centre))

    @classmethod
    def load(cls, paths: Sequence[Path], areas: Path | None = None) -> "Gazetteer":
        """Read files of any form `bridge.places.rows` knows; raise `ConfigError` at the first bad row."""
        try:
            with _undisturbed():
                return cls((row for path in paths for row in _good(path)), read_areas(areas) if areas else ())
        except ShapelyError as error:
            raise ConfigError(
                f"{', '.join(map(str, paths))}: a district's shape is no WKT: {error}"
            ) from None

    def candidates(
        self, text: str, ignore: frozenset[str] = frozenset(), extra: Sequence[tuple[int, int]] = ()
    ) -> list[Candidate]:
        """Every place named in `text`, the most trusted first; see `bridge.places.grammar.candidates`."""
        found = grammar.candidates(text, self._index, ignore, extra)
        return [candidate._replace(location=self._in_district(candidate.location)) for candidate in found]

    def heeds(self, text: str, ignore: frozenset[str] = frozenset()) -> bool:
        """Whether spans given to `candidates` might change what it finds in `text`."""
        return grammar.heeds(text, self._index, ignore)

    def search(self, name: str, limit: int = 8) -> list[Location]:
        """What somebody may mean by a typed address or name, best first; forgives beginnings and typos."""
        read = [c.location for c in self.candidates(name) if c.source == "gazetteer"]
        alike = [entry for found in self._alike(key(name), limit) for entry in self._index.exact(found)]
        offers = read + [self._in_district(resolve.whole(entry, None)) for entry in alike]
        different: dict[tuple[str, str], Location] = {}
        for offer in offers:
            different.setdefault((offer.label, offer.precision), offer)
        return list(different.values())[:limit]

    def _alike(self, typed: str, limit: int) -> list[str]:
        """The keys that begin as typed, the shortest first, then those that resemble it."""
        names = list(self._index.keys())
        begun = sorted((name for name in names if typed and name.startswith(typed)), key=len)
        resembling = process.extract(typed, names, limit=limit, score_cutoff=_ALIKE)
        return [*begun[:limit], *(name for name, _, _ in resembling)]

    def district_of(self, point: Point) -> str | None:
        """The district around `point`, or None."""
        return self.districts.of((point.lat, point.lon))

    def areas_of(self, location: Location) -> tuple[str, ...]:
        """Every area around a place, its district first; a district as a whole lies in no other area."""
        district = (location.district,) if location.district else ()
        if location.point is None or location.precision is Precision.DISTRICT:
            return district
        drawn = self.districts.all_of((location.point.lat, location.point.lon))
        return tuple(dict.fromkeys((*district, *drawn)))

    def near(self, point: Point, metres: float, limit: int) -> list[tuple[str, Point, float]]:
        """The streets and stops around, then the places, the nearest first, no name twice.

        Each with its nearest point and the distance in metres.
        """
        found: dict[str, tuple[str, Point, float]] = {}
        for entry, spot, far in sorted(self._near(point, metres), key=lambda hit: hit[0].kind == "place"):
            found.setdefault(entry.name, (entry.name, Point(lat=spot[0], lon=spot[1]), far))
        return list(found.values())[:limit]

    def nearest_street(self, point: Point, metres: float) -> str | None:
        """The name of the street nearest to `point` and not farther than `metres`."""
        return next((entry.name for entry, _, _ in self._near(point, metres) if entry.kind == "street"), None)

    def points_of(self, location: Location) -> list[Point]:
        """Every point known of the street of `location`, to draw a street as a street."""
        streets = [e for e in self._index.exact(key(location.street or "")) if e.kind == "street"]
        return [Point(lat=lat, lon=lon) for entry in streets for lat, lon in entry.course(location.district)]

    def _in_district(self, location: Location) -> Location:
        if location.point is None or location.precision is Precision.DISTRICT:
            return location
        drawn = self.district_of(location.point)
        return location.model_copy(update={"district": drawn}) if drawn else location

    def _near(self, point: Point, within: float) -> list[tuple[Entry, Spot, float]]:
        here = (point.lat, point.lon)
        tree, entries = self._shapes
        hits = tree.query(shapely.Point(to_plane(here, self._latitude)), predicate="dwithin", distance=within)
        near = [(entries[i], entries[i].nearest(here)) for i in hits]
        return sorted(((entry, spot, metres(here, spot)) for entry, spot in near), key=lambda hit: hit[2])

    @cached_property
    def _shapes(self) -> _Near:
        named = [entry for entry in self._index.entries if entry.kind != "district"]
        return _Near(shapely.STRtree([entry.flat(self._latitude) for entry in named]), named)

    @cached_property
    def _latitude(self) -> float:
        return next((spot[0] for entry in self._index.entries for spot in entry.points()), 51.0)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep the search for garbage away, now and later, from hundreds of thousands of things that all stay."""
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if searching:
            gc.enable()


def _good(path: Path) -> Iterable[Row]:
    for row in read(path):
        if isinstance(row, BadRow):
            raise ConfigError(f"{row}; correct or delete the row")
        yield row

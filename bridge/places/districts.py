"""The districts of a city as outlines: which one a point lies in."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from bridge.city import areas
from bridge.domain import ConfigError
from bridge.places.plane import Spot


@dataclass(frozen=True)
class Area:
    """One district: its name and its outline in degrees (x is the longitude)."""

    name: str
    outline: BaseGeometry

    @property
    def centre(self) -> Spot:
        """A spot surely inside."""
        point = self.outline.representative_point()
        return point.y, point.x


class Districts:
    """All districts, with a spatial index; where areas overlap, the one drawn first is the district."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self.areas = tuple(areas)
        self._tree = shapely.STRtree([area.outline for area in self.areas])

    def of(self, spot: Spot) -> str | None:
        """The name of the district around `spot`, or None."""
        return next(iter(self.all_of(spot)), None)

    def all_of(self, spot: Spot) -> tuple[str, ...]:
        """The names of all areas around `spot`, in the order in which they were drawn."""
        hits = self._tree.query(shapely.Point(spot[1], spot[0]), predicate="intersects")
        return tuple(dict.fromkeys(self.areas[hit].name for hit in sorted(hits)))


def read_areas(path: Path) -> list[Area]:
    """The areas of a GeoJSON file (property `name` or `Name`); raise `ConfigError` where one is wrong."""
    return [_drawn(path, feature) for feature in areas.read(path)]


def _drawn(path: Path, feature: areas.Feature) -> Area:
    try:
        outline = shape(feature.geometry)
        if outline.is_empty:
            raise ValueError("it has no corners")
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, ShapelyError) as error:
        raise ConfigError(
            f"{path}: feature {feature.number} ({feature.name}): its outline cannot be read ({error}); "
            "draw it anew"
        ) from None
    west, south, east, north = outline.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ConfigError(
            f"{path}: feature {feature.number} ({feature.name}): its corners are no degrees; "
            "save the file in WGS 84, longitude first"
        )
    return Area(feature.name, outline)

"""The districts of a city as outlines: which one a point lies in."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from bridge.domain import ConfigError
from bridge.places.plane import Spot
from bridge.places.rows import text_of


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
    """All districts, with a spatial index."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self.areas = tuple(areas)
        self._tree = shapely.STRtree([area.outline for area in self.areas])

    def of(self, spot: Spot) -> str | None:
        """The name of the district around `spot`, or None."""
        hits = self._tree.query(shapely.Point(spot[1], spot[0]), predicate="intersects")
        return self.areas[min(hits)].name if len(hits) else None


def read_areas(path: Path) -> list[Area]:
    """The districts of a GeoJSON file (property `name` or `Name`); raise `ConfigError` where one is wrong."""
    try:
        features = json.loads(text_of(path))["features"]
        return [Area(_name(feature["properties"]), shape(feature["geometry"])) for feature in features]
    except (ValueError, KeyError, TypeError, AttributeError, ShapelyError) as error:
        raise ConfigError(f"{path}: no GeoJSON of districts with a property name: {error!r}") from None


def _name(properties: dict[str, str]) -> str:
    return properties.get("name") or properties["Name"]

"""Which part of the world a map shows, and where a point lies on the paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

from shapely import box, transform
from shapely.geometry.base import BaseGeometry

from bridge.domain import Point
from bridge.places.plane import to_plane

XY = tuple[float, float]

_BEYOND = 20
"""So far outside the paper (pixels) shapes are cut off."""
_USED = 0.7
"""The share of the paper that what is shown may fill."""
_ROUND = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)


@dataclass(frozen=True)
class Frame:
    """A view around `centre` with `scale` metres to a pixel; x grows to the right and y downwards."""

    centre: Point
    scale: float
    width: int
    height: int

    @classmethod
    def around(cls, points: Sequence[Point], closest: float, width: int, height: int) -> "Frame":
        """A view that shows all points with air around them, not nearer than `closest` metres to a pixel."""
        south, north = min(p.lat for p in points), max(p.lat for p in points)
        west, east = min(p.lon for p in points), max(p.lon for p in points)
        x, y = to_plane((north - south, east - west), south)
        scale = max(closest, x / (width * _USED), y / (height * _USED))
        return cls(Point(lat=(south + north) / 2, lon=(west + east) / 2), scale, width, height)

    @property
    def reach(self) -> float:
        """Metres from the centre to a corner."""
        return hypot(self.width, self.height) / 2 * self.scale

    def xy(self, point: Point) -> XY:
        """Where a point lies on the paper, in pixels."""
        x, y = self._on_paper(point.lon, point.lat)
        return round(x, 1), round(y, 1)

    def outline(self, shape: BaseGeometry) -> list[list[XY]]:
        """The rings of a shape in degrees on the paper, as far as they are seen."""
        placed = transform(shape, self._on_paper, interleaved=False)
        seen = placed.intersection(box(-_BEYOND, -_BEYOND, self.width + _BEYOND, self.height + _BEYOND))
        parts = getattr(seen, "geoms", [seen])
        return [list(part.simplify(0.5).exterior.coords) for part in parts if part.geom_type == "Polygon"]

    def holds(self, xy: XY, margin: float = 0) -> bool:
        """Whether a place on the paper is inside, at least `margin` pixels from the edge."""
        return margin <= xy[0] <= self.width - margin and margin <= xy[1] <= self.height - margin

    def bar(self) -> tuple[float, str]:
        """A scale bar of about a sixth of the width: its length in pixels and what it stands for."""
        wanted = self.width / 6 * self.scale
        metres = min(_ROUND, key=lambda length: abs(length - wanted))
        return metres / self.scale, f"{metres} m" if metres < 1000 else f"{metres // 1000} km"

    def _on_paper(self, lon: float, lat: float) -> XY:
        east, north = to_plane((lat - self.centre.lat, lon - self.centre.lon), self.centre.lat)
        return self.width / 2 + east / self.scale, self.height / 2 - north / self.scale

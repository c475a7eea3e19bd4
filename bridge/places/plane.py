"""Turns degrees into metres on a flat plane, which is exact enough within one city."""

from math import cos, hypot, radians

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

_METRES_PER_DEGREE = 111_195.0

Spot = tuple[float, float]
"""Latitude and longitude in WGS 84 degrees; the light form of `Point` for many of them."""


def to_plane(spot: Spot, latitude: float) -> Spot:
    """East and north in metres; `latitude` is any latitude of the city."""
    return spot[1] * _METRES_PER_DEGREE * cos(radians(latitude)), spot[0] * _METRES_PER_DEGREE


def flat(shape: BaseGeometry, latitude: float) -> BaseGeometry:
    """A shape in degrees (x is the longitude) laid on the plane of `to_plane`."""
    scale = np.array(to_plane((1.0, 1.0), latitude))
    return shapely.transform(shape, lambda degrees: degrees * scale)


def to_degrees(point: shapely.Point, latitude: float) -> Spot:
    """The spot of a point of the plane."""
    east, north = to_plane((1.0, 1.0), latitude)
    return point.y / north, point.x / east


def metres(a: Spot, b: Spot) -> float:
    """The distance of two spots in metres."""
    east, north = to_plane((b[0] - a[0], b[1] - a[1]), a[0])
    return hypot(east, north)


def middle(a: Spot, b: Spot, share: float = 0.5) -> Spot:
    """The spot `share` of the way from `a` to `b`."""
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share

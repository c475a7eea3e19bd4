"""What is on a map: the place as what it is, district borders, names around; in pixels of the paper."""

from dataclasses import dataclass, field
from math import dist
from statistics import fmean

import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from bridge.city import City
from bridge.domain import Location, Point, Precision
from bridge.places.gazetteer import Gazetteer
from bridge.places.maps.frame import XY, Frame
from bridge.places.maps.style import PIN, STRONG, TEXT

_CLOSE, _CITY = 2.0, 25.0
"""Metres to a pixel for one point, and for a whole city."""
_FAR = 12.0
"""From so many metres to a pixel on, only districts are named."""
_MOST_NAMES = 12
_LETTER = 0.56
"""The mean width of a letter in letter heights."""
_STREET_HALF = 25.0
_STEPS = 12
"""Into so many steps a street is drawn at most, roughly: houses stand on both of its sides."""
_SOMEWHERE = {Precision.STREET: 250.0, Precision.DISTRICT: 900.0}
"""Radius in metres of the circle that stands for a thing whose shape is not known."""

_Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Name:
    """A name on the map, written to the right of its dot; without a dot in the middle of a district."""

    xy: XY
    text: str
    dot: bool = True


@dataclass
class Scene:
    """Everything to draw, in the order of drawing."""

    frame: Frame
    title: str
    description: str
    borders: list[list[XY]] = field(default_factory=list)
    areas: list[list[XY]] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)
    pin: XY | None = None
    label_at: XY | None = None


def draw(location: Location, city: City, gazetteer: Gazetteer, width: int, height: int) -> Scene:
    """Arrange the map of `location`; without coordinates it shows the city and marks nothing."""
    frame = _frame(location, city, gazetteer, width, height)
    scene = Scene(frame, location.label, _description(location, city))
    scene.borders = [ring for area in gazetteer.districts.areas for ring in frame.outline(area.outline)]
    if location.point:
        middle = frame.xy(location.point)
        scene.areas = _areas(location, gazetteer, frame)
        scene.pin = None if scene.areas else middle
        scene.label_at = (middle[0], middle[1] - (0 if scene.areas else 3.5 * PIN))
    scene.names = _names(scene, location, gazetteer)
    return scene


def _frame(location: Location, city: City, gazetteer: Gazetteer, width: int, height: int) -> Frame:
    if location.point is None:
        return Frame(city.file.centre, _CITY, width, height)
    outline = _outline(location, gazetteer)
    if outline is not None:
        west, south, east, north = outline.bounds
        corners = [Point(lat=south, lon=west), Point(lat=north, lon=east)]
        return Frame.around(corners, _CLOSE, width, height)
    points = _points(location, gazetteer)
    closest = 3 * _SOMEWHERE.get(location.precision, 0) / height if len(points) == 1 else 0
    return Frame.around(points, max(closest, _CLOSE), width, height)


def _outline(location: Location, gazetteer: Gazetteer) -> BaseGeometry | None:
    """The drawn district, in degrees."""
    wanted = location.name if location.precision is Precision.DISTRICT else None
    return next((area.outline for area in gazetteer.districts.areas if area.name == wanted), None)


def _points(location: Location, gazetteer: Gazetteer) -> list[Point]:
    points = gazetteer.points_of(location) if location.precision is Precision.STREET else []
    return points or [location.point or Point(lat=0, lon=0)]


def _areas(location: Location, gazetteer: Gazetteer, frame: Frame) -> list[list[XY]]:
    """What stands for a thing that is no point: the district, the street, or a circle around somewhere."""
    outline = _outline(location, gazetteer)
    if outline is not None:
        return frame.outline(outline)
    if location.precision not in _SOMEWHERE:
        return []
    points = [frame.xy(point) for point in _points(location, gazetteer)]
    if len(points) > 1:
        shape = LineString(_along(points)).buffer(_STREET_HALF / frame.scale + 3)
    else:
        shape = shapely.Point(points[0]).buffer(_SOMEWHERE[location.precision] / frame.scale)
    return [list(shape.exterior.coords)]


def _along(points: list[XY]) -> list[XY]:
    """A line through the points from one end to the other; many points are averaged to a few."""
    one = min(points)
    end = max(points, key=lambda p: dist(p, one))
    start = max(points, key=lambda p: dist(p, end))
    east, south = end[0] - start[0], end[1] - start[1]
    line = sorted(points, key=lambda p: (p[0] - start[0]) * east + (p[1] - start[1]) * south)
    some = max(len(line) // _STEPS, 1)
    groups = [line[i : i + some] for i in range(0, len(line), some)]
    middles = [(fmean(p[0] for p in group), fmean(p[1] for p in group)) for group in groups]
    return [start, *middles[1:-1], end]


def _names(scene: Scene, location: Location, gazetteer: Gazetteer) -> list[Name]:
    """The nearest names that fit on the paper without touching each other."""
    frame, taken, names = scene.frame, [_label_box(scene)], list[Name]()
    for name in _offered(frame, location, gazetteer):
        box = _box(name)
        inside = frame.holds((box[0], box[1]), TEXT) and frame.holds((box[2], box[3]), 2 * TEXT)
        if inside and not any(_touch(box, other) for other in taken):
            taken.append(box)
            names.append(name)
    return names[:_MOST_NAMES]


def _offered(frame: Frame, location: Location, gazetteer: Gazetteer) -> list[Name]:
    around = gazetteer.near(frame.centre, frame.reach, _MOST_NAMES * 8) if frame.scale < _FAR else []
    shown = {
        location.label,
        location.name,
        location.street if location.precision is Precision.STREET else None,
    }
    near = [Name(frame.xy(point), name) for name, point, _ in around if name not in shown]
    districts = [
        Name(frame.xy(Point(lat=area.centre[0], lon=area.centre[1])), area.name, dot=False)
        for area in gazetteer.districts.areas
        if area.name not in shown
    ]
    return near + districts if frame.scale < _FAR else districts


def _box(name: Name) -> _Box:
    long = len(name.text) * TEXT * _LETTER
    left = name.xy[0] if name.dot else name.xy[0] - long / 2
    return left - 4, name.xy[1] - TEXT, left + long + 8, name.xy[1] + TEXT


def _label_box(scene: Scene) -> _Box:
    if scene.label_at is None:
        return 0, 0, 0, 0
    half, (x, y) = len(scene.title) * STRONG * _LETTER / 2, scene.label_at
    return x - half, y - STRONG, x + half, y + 4 * PIN


def _touch(a: _Box, b: _Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _description(location: Location, city: City) -> str:
    if location.point is None:
        return f"Karte von {city.name}; die genaue Lage ist nicht bekannt."
    what = {
        Precision.STREET: "Die ganze Straße ist hervorgehoben, die genaue Stelle ist nicht bekannt.",
        Precision.DISTRICT: "Nur der Ortsteil ist bekannt, er ist hervorgehoben.",
    }
    where = f"{location.label}, {location.district}" if location.district else location.label
    return f"Karte: {where}. {what.get(location.precision, 'Die Stelle ist mit einer Nadel markiert.')}"

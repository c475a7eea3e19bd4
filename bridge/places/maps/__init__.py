"""Small maps made by us, without tiles: the place as what it is, its surroundings as quiet labels."""

from bridge.city import City
from bridge.domain import Location
from bridge.places.gazetteer import Gazetteer
from bridge.places.maps.as_png import render as _as_png
from bridge.places.maps.as_svg import render as _as_svg
from bridge.places.maps.scene import draw


def svg(location: Location, city: City, gazetteer: Gazetteer, width: int = 640, height: int = 360) -> str:
    """The map as an `<svg>` element to put into a page; sizes in CSS pixels."""
    return _as_svg(draw(location, city, gazetteer, width, height))


def png(location: Location, city: City, gazetteer: Gazetteer, width: int = 640, height: int = 360) -> bytes:
    """The map as PNG, twice as many pixels as `width` and `height` for sharpness."""
    return _as_png(draw(location, city, gazetteer, width, height))

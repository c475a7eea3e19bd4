"""Reads an OpenStreetMap extract (.osm.pbf): roads, addresses, stops, places and districts of one town."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from bridge.domain import ConfigError
from bridge.places.districts import Area
from bridge.places.rows import BadRow, Row

_TOWN_LEVELS = frozenset({"4", "5", "6", "7", "8"})
"""From a city that is a state of its own down to a municipality."""
_PART_LEVELS = frozenset({"9", "10", "11"})
_PARTS = frozenset({"borough", "suburb", "quarter", "neighbourhood", "village", "hamlet"})
_STOPS = {
    "railway": {"station", "halt", "tram_stop"},
    "highway": {"bus_stop"},
    "public_transport": {"station", "stop_position", "platform"},
}
_PLACES = {
    "place": {"square", "locality", "island"},
    "amenity": {
        *(
            "school",
            "university",
            "college",
            "library",
            "theatre",
            "townhall",
            "hospital",
            "place_of_worship",
        ),
        *(
            "marketplace",
            "police",
            "fire_station",
            "kindergarten",
            "community_centre",
            "courthouse",
            "cinema",
        ),
        *("arts_centre", "grave_yard", "swimming_pool", "bus_station"),
    },
    "landuse": {"cemetery", "allotments", "forest", "recreation_ground"},
    "man_made": {"bridge", "tower", "pier", "water_tower"},
}
_ANY_PLACE = ("leisure", "natural", "waterway", "tourism", "historic")
_KEYS = ("name", "addr:housenumber", "bridge:name")
_THINNER = 0.00002
"""Roads are thinned to about two metres."""

Tags = dict[str, str]


@dataclass
class _Found:
    """What was read of one extract."""

    rows: list[Row | BadRow] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    lines: dict[tuple[str, str], list[BaseGeometry]] = field(default_factory=lambda: defaultdict(list))


def read(path: Path, within: str | None) -> tuple[list[Row | BadRow], list[Area]]:
    """The rows and districts of an extract, only those inside the town called `within` if one is named.

    Raise `ConfigError` where the library is missing, the file cannot be read or no such town is in it.
    """
    try:
        town = _town(path, within) if within else None
        found = _Found()
        for shape, tags, where in _shapes(path, _KEYS):
            if town is None or town.contains(shape.representative_point()):
                _take(found, shape, tags, f"{path}: {where}")
    except RuntimeError as error:
        raise ConfigError(f"{path}: cannot be read as OpenStreetMap data: {error}") from None
    return [*found.rows, *_line_rows(found.lines)], found.areas


def _town(path: Path, within: str) -> BaseGeometry:
    towns: dict[str, tuple[str, BaseGeometry]] = {}
    for shape, tags, _ in _shapes(path, ("admin_level",)):
        level, name = tags.get("admin_level", ""), tags.get("name", "")
        polygon = shape.geom_type == "MultiPolygon" and tags.get("boundary") == "administrative"
        if polygon and level in _TOWN_LEVELS and level > towns.get(name, ("", shape))[0]:
            towns[name] = level, shape
    if within not in towns:
        near = ", ".join(get_close_matches(within, towns, n=5, cutoff=0.4)) or "none with a closed boundary"
        raise ConfigError(f"{path}: no town is called {within!r}; there are: {near}")
    shape = towns[within][1]
    shapely.prepare(shape)
    return shape


def _shapes(path: Path, keys: tuple[str, ...]) -> Iterator[tuple[BaseGeometry, Tags, str]]:
    """Every node, way and area that carries one of `keys`: its shape, its tags and what to call it."""
    osm = _library()
    factory = osm.geom.WKBFactory()
    wanted = osm.filter.KeyFilter(*keys)
    for thing in osm.FileProcessor(path).with_areas(wanted).with_filter(wanted):
        if not thing.is_relation():
            yield from _shape(factory, thing)


def _shape(factory: Any, thing: Any) -> Iterator[tuple[BaseGeometry, Tags, str]]:
    tags = {tag.k: tag.v for tag in thing.tags}
    try:
        if thing.is_node():
            yield shapely.Point(thing.location.lon, thing.location.lat), tags, f"node {thing.id}"
        elif thing.is_way() and not (thing.is_closed() and "highway" not in tags):
            yield shapely.from_wkb(factory.create_linestring(thing)), tags, f"way {thing.id}"
        elif thing.is_area():
            kind = "way" if thing.from_way() else "relation"
            shape = shapely.from_wkb(factory.create_multipolygon(thing))
            yield shape, tags, f"{kind} {thing.orig_id()}"
    except RuntimeError:  # an extract cuts ways at its edge: what lies outside has no place
        return


def _library() -> Any:
    try:
        import osmium  # noqa: PLC0415 - an extra of its own, needed only here
    except ImportError:
        raise ConfigError(
            "reading .osm.pbf needs one more library: pip install 'stadtbruecke[gazetteer]'"
        ) from None
    return osmium


def _take(found: _Found, shape: BaseGeometry, tags: Tags, where: str) -> None:
    street, number, name = tags.get("addr:street"), tags.get("addr:housenumber"), tags.get("name")
    if street and number:
        found.rows += _addresses(shape, street, number, where)
    if shape.geom_type == "LineString":
        _take_line(found, shape, tags)
    elif name and tags.get("boundary") == "administrative":
        if tags.get("admin_level") in _PART_LEVELS:
            found.areas.append(Area(name, shape))
    elif name and (kind := _kind(tags)):
        found.rows.append(_row(kind, name, shape, alt=_alt(tags)))


def _take_line(found: _Found, line: BaseGeometry, tags: Tags) -> None:
    name, bridge = tags.get("name"), tags.get("bridge:name")
    if bridge:
        found.lines["place", bridge].append(line)
    if name and "highway" in tags:
        found.lines["street", name].append(line)
    elif name and "waterway" in tags:
        found.lines["place", name].append(line)


def _kind(tags: Tags) -> str | None:
    if any(tags.get(tag) in values for tag, values in _STOPS.items()):
        return "stop"
    if tags.get("place") in _PARTS:
        return "district"
    listed = any(tags.get(tag) in values for tag, values in _PLACES.items())
    return "place" if listed or any(tag in tags for tag in _ANY_PLACE) else None


def _alt(tags: Tags) -> tuple[str, ...]:
    names = ";".join(tags.get(tag, "") for tag in ("alt_name", "short_name", "loc_name", "old_name"))
    return tuple(filter(None, (name.strip() for name in names.split(";"))))


def _addresses(shape: BaseGeometry, street: str, number: str, where: str) -> Iterator[Row | BadRow]:
    """One row a house number; "5;7" are two."""
    for one in number.replace(",", ";").split(";"):
        if any(c.isdigit() for c in one):
            yield _row("address", street, shape, number=one.strip())
        else:
            yield BadRow(where, f"{one!r} is no house number")


def _line_rows(lines: dict[tuple[str, str], list[BaseGeometry]]) -> Iterable[Row]:
    for (kind, name), parts in lines.items():
        course = shapely.line_merge(shapely.union_all(parts).simplify(_THINNER))
        middle = shapely.shortest_line(course, course.centroid).coords[0]
        yield _row(kind, name, shapely.Point(middle), shape=shapely.to_wkt(course, rounding_precision=5))


def _row(kind: str, name: str, at: BaseGeometry, **more: Any) -> Row:
    point = at.representative_point()
    return Row(kind, name, round(point.y, 6), round(point.x, 6), **more)

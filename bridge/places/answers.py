"""Reads one answer of Nominatim or Photon into our own words for a place."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from rapidfuzz import fuzz

from bridge.domain import Location, Precision
from bridge.places.entries import number_key
from bridge.places.normal import key

_CONFIDENCE = {
    Precision.ADDRESS: 0.8,
    Precision.STOP: 0.7,
    Precision.PLACE: 0.7,
    Precision.STREET: 0.6,
    Precision.DISTRICT: 0.4,
}
_STOPS = frozenset({"bus_stop", "station", "halt", "tram_stop", "stop", "platform", "stop_position"})
_DISTRICTS = frozenset(
    {
        "suburb",
        "quarter",
        "neighbourhood",
        "borough",
        "city_district",
        "district",
        "village",
        "hamlet",
        "locality",
    }
)
_TOO_WIDE = frozenset(
    {"city", "town", "municipality", "county", "state", "region", "country", "postcode", "postal_code"}
)
"""What holds the whole city or more is no place in it."""
_PLAIN = frozenset({"building", "place"})
"""Things that are meant by their address, not by a name they may bear."""

_SAME = 80.0
"""How alike (0 to 100) a name must be to the one asked for: services guess, and no guess is handed over."""


class _Told(NamedTuple):
    """What both services tell, in one form: `key` and `value` are those of OpenStreetMap."""

    key: str
    value: str
    size: str
    name: str
    street: str
    number: str
    district: str | None
    lat: float
    lon: float


def read(answer: dict[str, Any]) -> Location | None:
    """The place of one raw answer; None for the city as a whole and for what has no name.

    Raises `LookupError`, `TypeError` or `ValueError` where it is no answer of these services.
    """
    told = _photon(answer) if "geometry" in answer else _nominatim(answer)
    precision = None if told.size in _TOO_WIDE else _precision(told)
    label = _label(told, precision) if precision else ""
    if precision is None or not label:
        return None
    return Location(
        label=label,
        precision=precision,
        street=told.street or None,
        house_number=told.number or None,
        name=None if precision in {Precision.ADDRESS, Precision.STREET} else told.name,
        district=told.name if precision is Precision.DISTRICT else told.district,
        lat=round(told.lat, 6),
        lon=round(told.lon, 6),
        confidence=_CONFIDENCE[precision],
    )


def _precision(told: _Told) -> Precision:
    if told.street and told.number and (told.key in _PLAIN or not told.name):
        return Precision.ADDRESS
    if told.value in _STOPS or told.key == "public_transport":
        return Precision.STOP
    if told.key == "highway":
        return Precision.STREET
    if (
        told.key == "boundary"
        or told.size in _DISTRICTS
        or (told.key == "place" and told.value in _DISTRICTS)
    ):
        return Precision.DISTRICT
    return Precision.PLACE


def _label(told: _Told, precision: Precision) -> str:
    match precision:
        case Precision.ADDRESS:
            return f"{told.street} {told.number}"
        case Precision.STREET:
            return told.street
    return told.name


def _nominatim(answer: dict[str, Any]) -> _Told:
    address = answer.get("address", {})
    key, value = answer.get("class") or answer.get("category") or "", answer.get("type", "")
    number = address.get("house_number", "")
    name = answer.get("name", answer.get("display_name", "").split(",")[0])
    street = address.get("road") or address.get("pedestrian") or address.get("square") or ""
    return _Told(
        key=key,
        value=value,
        size=answer.get("addresstype", ""),
        name="" if name == number else name,
        street=street or (name if key == "highway" else ""),
        number=number,
        district=address.get("suburb") or address.get("city_district"),
        lat=float(answer["lat"]),
        lon=float(answer["lon"]),
    )


def _photon(answer: dict[str, Any]) -> _Told:
    told, (lon, lat) = answer["properties"], answer["geometry"]["coordinates"]
    key, name = told.get("osm_key", ""), told.get("name", "")
    return _Told(
        key=key,
        value=told.get("osm_value", ""),
        size=told.get("type", ""),
        name=name,
        street=told.get("street") or (name if key == "highway" else ""),
        number=told.get("housenumber", ""),
        district=told.get("district"),
        lat=float(lat),
        lon=float(lon),
    )


def fitting(asked: Location, found: Iterable[Location]) -> Location | None:
    """The first place found that really is the one asked for, in the words it was asked with.

    Where a service knows the street only, the house number and the crossing stay as they were written.
    """
    wanted = key(asked.street or asked.name or asked.label)
    for place in found:
        named = place.street if asked.street else place.name or place.label
        if fuzz.ratio(wanted, key(named or "")) >= _SAME:
            return _as_asked(asked, place)
    return None


def _as_asked(asked: Location, place: Location) -> Location:
    same_house = number_key(asked.house_number or "") == number_key(place.house_number or "")
    if not asked.street or (same_house and not asked.cross_street):
        return place
    return place.model_copy(
        update={
            "label": asked.label,
            "precision": Precision.STREET,
            "house_number": asked.house_number,
            "cross_street": asked.cross_street,
            "name": None,
            "confidence": _CONFIDENCE[Precision.STREET],
        }
    )

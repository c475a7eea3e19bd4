"""Gives a found name its coordinates, and says honestly how far to trust them."""

from bridge.domain import Location, Precision
from bridge.places.entries import Entry, House, closest_pair, number_key, same_district
from bridge.places.plane import Spot, metres, middle

_MEETING = 120
"""Two streets whose nearest addresses are farther apart (metres) are not taken to meet."""
_MEETING_COARSE = 350
"""The same where a street is known by a single point only."""
_SHORT_STREET = 400
_NEIGHBOUR = 6
"""A house number at most so far from a known one lies close to it."""


def address(street: Entry, number: str, district: str | None) -> Location:
    """A street with a house number as written; an unknown number is placed between its neighbours."""
    spot, confidence = _house(street, number, district)
    return _location(
        Precision.ADDRESS, f"{street.name} {number}", spot, confidence, district or _district_of(street, spot)
    ).model_copy(update={"street": street.name, "house_number": number})


def crossing(street: Entry, cross: Entry, district: str | None) -> Location:
    """Where two streets meet; where that is not known, the first street with the other's name kept."""
    a, b = closest_pair(street, cross)
    coarse = street.coarse or cross.coarse
    label = f"{street.name} / {cross.name}"
    if metres(a, b) <= (_MEETING_COARSE if coarse else _MEETING):
        spot, confidence = middle(a, b), 0.75 if coarse else 0.9
        found = _location(Precision.INTERSECTION, label, spot, confidence, _district_of(street, spot))
    else:
        found = _location(Precision.STREET, label, street.spot(district), 0.65, _district_of(street, None))
    return found.model_copy(update={"street": street.name, "cross_street": cross.name})


def part(street: Entry, one: Entry, other: Entry, district: str | None) -> Location:
    """The part of a street between two things that meet it; the whole street where they do not."""
    pairs = [closest_pair(street, one), closest_pair(street, other)]
    meet = all(metres(a, b) <= _MEETING_COARSE for a, b in pairs) and one is not other
    spot = street.nearest(middle(pairs[0][0], pairs[1][0])) if meet else street.spot(district)
    label = f"{street.name} zwischen {one.name} und {other.name}"
    found = _location(Precision.STREET, label, spot, 0.8 if meet else 0.72, _district_of(street, spot))
    return found.model_copy(update={"street": street.name, "cross_street": one.name})


def whole(entry: Entry, district: str | None) -> Location:
    """A thing as a whole: a street without number, a stop, a place, a district."""
    precision = Precision(entry.kind)
    spot = entry.spot(district)
    name = {"street": entry.name} if precision is Precision.STREET else {"name": entry.name}
    inside = (
        entry.district or entry.name if entry.kind == "district" else district or _district_of(entry, spot)
    )
    found = _location(precision, entry.name, spot, _whole_confidence(entry, district), inside)
    return found.model_copy(update=name)


def _whole_confidence(entry: Entry, district: str | None) -> float:
    if entry.kind == "district":
        return 0.4
    if entry.kind != "street":
        return 0.85
    if district and any(same_district(name, district) for name in entry.districts):
        return 0.7
    if entry.ambiguous:
        return 0.45
    return 0.7 if entry.length is not None and entry.length <= _SHORT_STREET else 0.65


def _house(street: Entry, number: str, district: str | None) -> tuple[Spot | None, float]:
    first = number_key(number).split("-")[0].split("/")[0]
    for form in (number_key(number), first, _digits(first)):
        houses = street.houses.get(form, [])
        if houses:
            return _choose(houses, district, street)
    return _between(street, int(_digits(first) or 0), district)


def _choose(houses: list[House], district: str | None, street: Entry) -> tuple[Spot, float]:
    here = [house for house in houses if district and same_district(house.district, district)]
    spots = [house.spot for house in here or houses]
    if here or not street.ambiguous:
        return min(spots, key=lambda spot: sum(metres(spot, other) for other in spots)), 0.95
    return spots[0], 0.5


def _between(street: Entry, number: int, district: str | None) -> tuple[Spot | None, float]:
    """Where an unknown number should be: between its neighbours, on its own side if possible."""
    known = sorted((int(_digits(form) or 0), houses[0].spot) for form, houses in street.houses.items())
    if not known:
        return street.spot(district), 0.7
    for side in ([pair for pair in known if (pair[0] - number) % 2 == 0], known):
        below = [pair for pair in side if pair[0] <= number]
        above = [pair for pair in side if pair[0] >= number]
        if below and above:
            low, high = below[-1], above[0]
            share = (number - low[0]) / (high[0] - low[0] or 1)
            return middle(low[1], high[1], share), 0.5 if street.ambiguous else 0.85
    nearest = min(known, key=lambda pair: abs(pair[0] - number))
    return nearest[1], 0.85 if abs(nearest[0] - number) <= _NEIGHBOUR else 0.7


def _digits(number: str) -> str:
    return "".join(c for c in number if c.isdecimal())


def _district_of(entry: Entry, spot: Spot | None) -> str | None:
    for houses in entry.houses.values():
        for house in houses:
            if house.spot == spot:
                return house.district or None
    return next(iter(entry.districts)) if len(entry.districts) == 1 else None


def _location(
    precision: Precision, label: str, spot: Spot | None, confidence: float, district: str | None
) -> Location:
    lat, lon = spot or (None, None)
    return Location(
        label=label,
        precision=precision,
        district=district,
        lat=None if lat is None else round(lat, 6),
        lon=None if lon is None else round(lon, 6),
        confidence=confidence,
    )

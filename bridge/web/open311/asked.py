"""Reads what is asked of the Open311 server; whatever is wrong is answered by the specification."""

import math
import secrets as random
from datetime import UTC, datetime, timedelta
from functools import partial

from flask import request

from bridge.city import City
from bridge.domain import Location, Point, Precision
from bridge.places import city_gazetteer
from bridge.places.plane import metres
from bridge.tickets.book import secrets
from bridge.tickets.published import Wanted
from bridge.web.frame import city
from bridge.web.open311.answers import refuse
from bridge.web.throttle import Throttle

throttle = Throttle("open311", limit=600, seconds=60)

MOST = 1000
SPAN = timedelta(days=90)
MOST_WORDS, MOST_NAME = 4000, 200
FAR = 50_000.0
"""Metres from the middle of the city at which nothing is its own."""
NEAR = 150.0
"""Metres within which a pin lies by a street."""
OWN_NUMBERS = ("message_id", "fixmystreet_id", "external_id", "reference")
"""Attributes in which other systems send their own number of a report."""
_EARLIEST, _LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def word(name: str) -> str:
    """A parameter; one that is empty is as one that is missing."""
    return request.values.get(name, "").strip()


def needed(name: str) -> str:
    """A parameter that must be there; 400 where it is not."""
    return word(name) or refuse(400, f"Bad request: {name} is missing")


def partner() -> str:
    """Who shows a key for writing to us; 403 for anybody else, 429 for whoever writes without end."""
    department = secrets.department_of(word("api_key")) if word("api_key") else None
    if department is None or department not in city().departments:
        refuse(403, "api_key is missing or not valid; the city's press office gives keys")
    if throttle.blocked(department):
        refuse(429, f"At most {throttle.limit} requests in {throttle.seconds} seconds")
    throttle.miss(department)
    return department


def wanted() -> Wanted:
    """Which requests are asked for; numbers override everything else."""
    page, size = _number("page", 1), _number("page_size", MOST)
    paged = partial(Wanted, limit=size, offset=(page - 1) * size)
    numbers = _listed("service_request_id")
    if numbers:
        return paged(references=numbers[:MOST])
    changed_from, changed_until = moment("updated_after"), moment("updated_before")
    # Who asks for what has changed wants to hear of old requests as well.
    always = bool(changed_from or changed_until)
    start, end = span(always=always)
    return paged(
        categories=_listed("service_code"),
        closed=_closed(),
        opened_from=start,
        opened_until=end,
        changed_from=changed_from,
        changed_until=changed_until,
    )


def span(*, always: bool = False) -> tuple[datetime | None, datetime | None]:
    """Start and end, at most 90 days apart: the last 90 where neither is given and `always` is not meant."""
    start, end = moment("start_date"), moment("end_date")
    if start is None and end is None and always:
        return None, None
    end = end or (start + SPAN if start else datetime.now(UTC))
    start = start or end - SPAN
    if end - start > SPAN:
        refuse(400, "Bad request: start_date and end_date may not span more than 90 days")
    return start, end


def moment(name: str) -> datetime | None:
    """A moment in W3C form; without a zone it is meant in the city's, and 400 for anything else."""
    told = word(name)
    if not told:
        return None
    try:
        # A plus sign that was not encoded arrives as a space.
        found = datetime.fromisoformat(told.replace(" ", "+") if "T" in told else told)
    except ValueError:
        refuse(400, f"Bad request: {name} must look like 2026-01-31T12:00:00Z")
    aware = found if found.tzinfo else found.replace(tzinfo=city().zone)
    if not _EARLIEST <= aware <= _LATEST:
        refuse(400, f"Bad request: {name} lies outside of all times")
    return aware.astimezone(UTC)


def words() -> str:
    """The description of a report; 400 where it is longer than the specification allows."""
    told = word("description")
    if len(told) > MOST_WORDS:
        refuse(400, f"Bad request: description is longer than {MOST_WORDS} characters")
    return told


def own_number() -> str:
    """What makes this report the same when it is sent again; new where nothing says so."""
    given = ((name, word(f"attribute[{name}]")) for name in OWN_NUMBERS)
    return next((f"{name}={number}"[:400] for name, number in given if number), random.token_hex(16))


def place(here: City, *, must: bool) -> Location | None:
    """Where it is, by pin or by name; 400 where a place is needed and none of ours is given."""
    point, name = _pin(here), word("address_string")[:MOST_NAME]
    if point:
        gazetteer = city_gazetteer(here)
        street = gazetteer.nearest_street(point, NEAR)
        return Location(
            label=name or (f"bei {street}" if street else "Standort der Meldung"),
            precision=Precision.PLACE,
            street=street,
            district=gazetteer.district_of(point),
            lat=point.lat,
            lon=point.lon,
            confidence=1.0,
        )
    found = (candidate.location for candidate in city_gazetteer(here).candidates(name)) if name else ()
    known = next((each for each in found if each.confidence >= here.file.trusted_place), None)
    if known is None and must:
        asked = "this address_string is not known here; " if name else ""
        refuse(400, f"Bad request: {asked}lat and long are needed")
    return known


def _pin(here: City) -> Point | None:
    lat, long = word("lat"), word("long")
    if not lat and not long:
        return None
    try:
        at = float(lat), float(long)
    except ValueError:
        refuse(400, "Bad request: lat and long must be two numbers in degrees")
    centre = here.file.centre.lat, here.file.centre.lon
    on_earth = all(map(math.isfinite, at)) and abs(at[0]) <= 90 and abs(at[1]) <= 180
    if not on_earth or metres(centre, at) > FAR:
        refuse(400, f"Bad request: lat and long lie far away from {here.name}")
    return Point(lat=at[0], lon=at[1])


def _closed() -> bool | None:
    asked = {each.lower() for each in _listed("status")}
    if asked - {"open", "closed"}:
        refuse(400, "Bad request: status must be open or closed")
    return "closed" in asked if len(asked) == 1 else None


def _listed(name: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in word(name).split(",") if each.strip())


def _number(name: str, usual: int) -> int:
    told = word(name)
    if told and not (told.isascii() and told.isdecimal() and 1 <= int(told[:9]) <= 1_000_000):
        refuse(400, f"Bad request: {name} must be a number from 1 on")
    return min(int(told[:9]), MOST if name == "page_size" else 1_000_000) if told else usual

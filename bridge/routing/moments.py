"""Finds moments that meet the times and seasons of a rule, to try its examples at."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from bridge.city import City
from bridge.routing.when import When

_FIRST = datetime(2026, 1, 1, tzinfo=UTC)
_YEARS = 12
"""Easter, and with it half of the holidays, has been through most of its days by then."""


def moments(when: When, city: City) -> Iterator[datetime | None]:
    """The moments that suit `when`, in order; just None where it asks for no time."""
    if not when.time and not when.season:
        yield None
        return
    days = (_FIRST + timedelta(days=number) for number in range(_YEARS * 365))
    suiting = (day.date() for day in days if not when.season or (day.month, day.day) in when.days)
    yield from (at for day in suiting for at in _tried(day, city) if when.holds_at(at, city))


def _tried(day: date, city: City) -> Iterator[datetime]:
    """The first opening of a day, its noon and its night."""
    midnight = datetime.combine(day, time(), city.zone)
    opening = city.working_time().next_opening(midnight)
    if opening.astimezone(city.zone).date() == day:
        yield opening
    yield from (midnight.replace(hour=hour).astimezone(UTC) for hour in (12, 3))

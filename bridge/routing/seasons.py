"""Times of the year as a clerk writes them: `11-01..03-31`, month and day, also over New Year."""

import re
from datetime import date, timedelta
from functools import lru_cache
from itertools import combinations

Day = tuple[int, int]
"""Month and day."""
FORM = r"(\d\d?)-(\d\d?)\.\.(\d\d?)-(\d\d?)"
_YEAR = [date(2024, 1, 1) + timedelta(days=number) for number in range(366)]
"""A leap year, so that 29 February is a day."""


@lru_cache(maxsize=256)
def days(season: str) -> frozenset[Day]:
    """Every day of a season, both ends included; raises `ValueError` with what to write instead."""
    first, last = bounds(season)
    if first <= last:
        return frozenset((day.month, day.day) for day in _YEAR if first <= day <= last)
    return frozenset((day.month, day.day) for day in _YEAR if day >= first or day <= last)


def bounds(season: str) -> tuple[date, date]:
    """The first and the last day, both in a leap year; raises `ValueError` with what to write instead."""
    found = re.fullmatch(FORM, season)
    if found is None:
        raise ValueError(f"{season!r} is no season; write month-day twice, like 11-01..03-31")
    first_month, first_day, last_month, last_day = (int(number) for number in found.groups())
    return _day(first_month, first_day), _day(last_month, last_day)


def apart(seasons: tuple[str, ...]) -> tuple[str, ...]:
    """The same seasons; raises `ValueError` where two of them share a day."""
    for one, other in combinations(seasons, 2):
        if shared := days(one) & days(other):
            month, day = min(shared)
            raise ValueError(f"{one} and {other} overlap, on {month:02}-{day:02} for instance")
    return seasons


def _day(month: int, day: int) -> date:
    try:
        return date(_YEAR[0].year, month, day)
    except ValueError:
        raise ValueError(f"{month:02}-{day:02} is no day; the month comes first") from None

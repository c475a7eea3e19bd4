"""Times as people here read and say them: in the city's zone and the German form."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

DAYS = ("Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa.", "So.")
_DAY = re.compile(
    r"(?<![\d.])(?:(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.(?:\s?(?P<y>(?:20)?\d\d)(?!\d))?"
    r"|(?P<iso_y>20\d\d)-(?P<iso_m>\d\d)-(?P<iso_d>\d\d)(?!\d))"
)
UNITS = (
    (timedelta(days=1), "Tag", "Tagen"),
    (timedelta(hours=1), "Stunde", "Stunden"),
    (timedelta(minutes=1), "Minute", "Minuten"),
)


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """The same moment on the clocks of `zone`; a moment without a zone is a mistake: `ValueError`."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone cannot be shown")
    return moment.astimezone(zone)


def spoken_day(moment: datetime, zone: ZoneInfo, language: str = "de") -> str:
    """The day, such as `Fr., 20.11.2026`, or `Fri 20 November 2026` in English."""
    here = local(moment, zone)
    if language == "en":
        return f"{here:%a} {here.day} {here:%B %Y}"
    return f"{DAYS[here.weekday()]}, {here:%d.%m.%Y}"


def spoken_time(moment: datetime, zone: ZoneInfo) -> str:
    """The time of day, such as `15:04 Uhr`."""
    return f"{local(moment, zone):%H:%M} Uhr"


def spoken(moment: datetime, zone: ZoneInfo) -> str:
    """Day and time, such as `Fr., 20.11.2026, 15:04 Uhr`."""
    return f"{spoken_day(moment, zone)}, {spoken_time(moment, zone)}"


def named_day(words: str, today: date) -> date | None:
    """The one day to come that is named in figures, such as `27.11.`, `27.11.2026` or `2026-11-27`.

    None where several days are named, or one that is past or over a year away.
    """
    named = {day for found in _DAY.finditer(words) if (day := _day(found.groupdict(), today))}
    only = named.pop() if len(named) == 1 else None
    return only if only and today <= only <= today + timedelta(days=366) else None


def _day(found: dict[str, str | None], today: date) -> date | None:
    day, month = int(found["d"] or found["iso_d"] or 0), int(found["m"] or found["iso_m"] or 0)
    year = int(found["y"] or found["iso_y"] or today.year)
    try:
        named = date(year + (2000 if year < 100 else 0), month, day)
        next_year = named < today and not (found["y"] or found["iso_y"])
        return named.replace(year=today.year + 1) if next_year else named
    except ValueError:
        return None


def age(moment: datetime, now: datetime) -> str:
    """How long ago `moment` was, such as `seit 3 Tagen`; `gerade eben` below a minute and for the future."""
    passed = now - moment
    for unit, one, many in UNITS:
        if passed >= unit:
            count = passed // unit
            return f"seit {count} {one if count == 1 else many}"
    return "gerade eben"

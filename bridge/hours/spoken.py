"""Times as people here read and say them: in the city's zone and the German form."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

DAYS = ("Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa.", "So.")
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


def spoken_day(moment: datetime, zone: ZoneInfo) -> str:
    """The day, such as `Fr., 20.11.2026`."""
    here = local(moment, zone)
    return f"{DAYS[here.weekday()]}, {here:%d.%m.%Y}"


def spoken_time(moment: datetime, zone: ZoneInfo) -> str:
    """The time of day, such as `15:04 Uhr`."""
    return f"{local(moment, zone):%H:%M} Uhr"


def spoken(moment: datetime, zone: ZoneInfo) -> str:
    """Day and time, such as `Fr., 20.11.2026, 15:04 Uhr`."""
    return f"{spoken_day(moment, zone)}, {spoken_time(moment, zone)}"


def age(moment: datetime, now: datetime) -> str:
    """How long ago `moment` was, such as `seit 3 Tagen`; `gerade eben` below a minute and for the future."""
    passed = now - moment
    for unit, one, many in UNITS:
        if passed >= unit:
            count = passed // unit
            return f"seit {count} {one if count == 1 else many}"
    return "gerade eben"

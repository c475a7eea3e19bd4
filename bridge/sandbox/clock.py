"""Times as people on the square read them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")


def shown(at: datetime) -> str:
    """A time in the German form and zone: the clock alone today, with the day before that."""
    local = at.astimezone(ZONE)
    today = datetime.now(UTC).astimezone(ZONE).date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%d.%m.%Y, %H:%M}"

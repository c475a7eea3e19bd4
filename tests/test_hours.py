"""Times are shown on the city's clocks and in words people use."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bridge import hours

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 20, 14, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (NOW, "Fr., 20.11.2026, 15:04 Uhr"),
        (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "Do., 02.07.2026, 00:30 Uhr"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "So., 25.10.2026, 02:30 Uhr"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "So., 25.10.2026, 02:30 Uhr"),
    ],
)
def test_a_moment_is_spoken_on_the_citys_clock_also_when_clocks_change(moment: datetime, shown: str) -> None:
    assert hours.spoken(moment, BERLIN) == shown


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        hours.local(NOW.replace(tzinfo=None), BERLIN)


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=-90), "gerade eben"),
        (timedelta(seconds=59), "gerade eben"),
        (timedelta(seconds=61), "seit 1 Minute"),
        (timedelta(minutes=59), "seit 59 Minuten"),
        (timedelta(minutes=119), "seit 1 Stunde"),
        (timedelta(hours=23), "seit 23 Stunden"),
        (timedelta(hours=47), "seit 1 Tag"),
        (timedelta(days=3), "seit 3 Tagen"),
    ],
)
def test_an_age_is_told_in_the_largest_whole_unit(passed: timedelta, words: str) -> None:
    assert hours.age(NOW - passed, NOW) == words

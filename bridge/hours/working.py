"""Working time: when an office is open, and how far its hours and days carry."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, islice
from zoneinfo import ZoneInfo

from holidays import country_holidays

from bridge.domain import WorkingSpan
from bridge.hours.spoken import local

STATES = frozenset(country_holidays("DE").subdivisions)
"""The federal states, as their two letters, and a city that has a holiday of its own."""

HOLIDAY = 7
"""The day of a week's slots that holds on public holidays, whatever weekday it is."""

Slot = tuple[int, int]
"""From when to when an office is open, in minutes after midnight on the clocks there."""


class WorkingTime:
    """The opening hours of one office; every moment it takes has a zone, every one it gives is in UTC."""

    def __init__(
        self,
        zone: ZoneInfo,
        week: Mapping[int, Sequence[Slot]],
        *,
        state: str | None = None,
        closed: Collection[date] = (),
    ) -> None:
        """`week` has the slots of each weekday (0 is Monday) and `HOLIDAY` in order; `state` is of `STATES`.

        Raises `ValueError` where nobody ever works.
        """
        if not any(week.values()):
            raise ValueError("there is no opening time at all")
        self._zone, self._week, self._closed = zone, week, frozenset(closed)
        self._holidays = country_holidays("DE", subdiv=state)

    def is_holiday(self, day: date) -> bool:
        """Whether this is a public holiday there."""
        return day in self._holidays

    def is_open(self, at: datetime) -> bool:
        """Whether somebody works at this moment."""
        return self.next_opening(at) == at

    def next_opening(self, at: datetime) -> datetime:
        """The first moment from `at` on at which somebody works."""
        return self.after(at, timedelta())

    def add(self, start: datetime, span: WorkingSpan) -> datetime:
        """When `span` is over: days end with the last opening of the last day, hours count open minutes only.

        The day of `start` is never counted as one of the days.
        """
        if not span.days:
            return self.after(start, timedelta(hours=span.hours))
        days = (openings for openings in self._days(start, skip=1) if openings)
        *_, (_, end) = next(islice(days, span.days - 1, None))
        return end

    def after(self, start: datetime, left: timedelta) -> datetime:
        """The moment by which the office has been open for `left`, counted from `start`."""
        for begin, end in self._openings(start):
            if left <= end - begin:
                return begin + left
            left -= end - begin
        raise AssertionError("time has no end")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How long the office is open between two moments; nothing where `end` is the earlier one."""
        worked = timedelta()
        for opening, closing in self._openings(start):
            if opening >= end:
                break
            worked += min(closing, end) - opening
        return worked

    def _openings(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Every opening from `start` on, the first one perhaps cut."""
        for openings in self._days(start):
            for begin, end in openings:
                if end > start:
                    yield max(begin, start.astimezone(UTC)), end

    def _days(self, start: datetime, skip: int = 0) -> Iterator[list[tuple[datetime, datetime]]]:
        """The openings of each day, beginning with the one of `start`."""
        first = local(start, self._zone).date()
        return (self._on(first + timedelta(days=number)) for number in count(skip))

    def _on(self, day: date) -> list[tuple[datetime, datetime]]:
        found: list[tuple[datetime, datetime]] = []
        if day in self._closed:
            return found
        for slot in self._week.get(HOLIDAY if self.is_holiday(day) else day.weekday(), ()):
            begin, end = (self._at(day, minutes) for minutes in slot)
            # Where the clocks are put forward, a slot may reach into the next one or be over at once.
            begin = max(begin, found[-1][1]) if found else begin
            if begin < end:
                found.append((begin, end))
        return found

    def _at(self, day: date, minutes: int) -> datetime:
        # Within one zone Python adds what the clocks show, not what passes.
        return (datetime.combine(day, time(), self._zone) + timedelta(minutes=minutes)).astimezone(UTC)

"""The form of opening hours in city.yaml and departments.yaml."""

import re
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from bridge.domain import WorkingSpan
from bridge.hours import HOLIDAY, STATES

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NAMES = (*DAYS, "holiday")


def weekdays(span: str) -> range:
    """The weekdays (0 is Monday) of `tue` or `mon-fri`, or the day that stands for holidays.

    Raises `ValueError` for anything else.
    """
    if span == NAMES[HOLIDAY]:
        return range(HOLIDAY, HOLIDAY + 1)
    first, _, last = span.partition("-")
    if first in DAYS and (last or first) in DAYS and DAYS.index(first) <= DAYS.index(last or first):
        return range(DAYS.index(first), DAYS.index(last or first) + 1)
    raise ValueError(f"unknown day {span!r}; write {', '.join(NAMES)} or a span such as mon-fri")


def _known_state(state: str) -> str:
    if state not in STATES:
        raise ValueError(f"unknown federal state {state!r}; write one of {', '.join(sorted(STATES))}")
    return state


def _span(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"(\d{1,3}) working (day|hour)s?", value.strip())
    if found is None:
        raise ValueError(f"{value!r} is no working time; write it like 3 working days or 4 working hours")
    return {f"{found[2]}s": int(found[1])}


def _either(span: WorkingSpan) -> WorkingSpan:
    if bool(span.days) == bool(span.hours):
        raise ValueError("write either days or hours, such as 2 working days")
    return span


def _days(span: str) -> str:
    return span if weekdays(span) else ""


def _slot(text: object) -> tuple[int, int]:
    found = re.fullmatch(r"(\d\d?):([0-5]\d) ?[-–] ?(\d\d?):([0-5]\d)", str(text))
    if found is None:
        raise ValueError(f'{text!r} is no time from and to; write it like "09:00-17:00"')
    from_hour, from_minute, to_hour, to_minute = (int(part) for part in found.groups())
    begin, end = from_hour * 60 + from_minute, to_hour * 60 + to_minute
    if end > 24 * 60:
        raise ValueError(f"{text!r}: a day ends at 24:00")
    if begin >= end:
        raise ValueError(f"{text!r} ends before it begins; write the hours after midnight under the next day")
    return begin, end


def _apart(slots: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    ordered = tuple(sorted(slots))
    for (_, end), (begin, _) in pairwise(ordered):
        if begin < end:
            raise ValueError("two of these times overlap; write each time once")
    return ordered


Slot = Annotated[
    tuple[int, int],
    BeforeValidator(_slot),
    WithJsonSchema({"type": "string", "pattern": r"^\d\d?:[0-5]\d ?[-–] ?\d\d?:[0-5]\d$"}),
]
Slots = Annotated[tuple[Slot, ...], AfterValidator(_apart)]


def _each_day_once(hours: dict[str, Slots]) -> dict[str, Slots]:
    days = [day for span in hours for day in weekdays(span)]
    twice = next((NAMES[day] for day in days if days.count(day) > 1), None)
    if twice:
        raise ValueError(f"{twice} is named twice; write each day once")
    if not any(hours.values()):
        raise ValueError("there is no opening time at all; leave the key out for mon-fri 09:00-17:00")
    return hours


Hours = Annotated[dict[Annotated[str, AfterValidator(_days)], Slots], AfterValidator(_each_day_once)]
"""Times by day: `mon-fri: ["08:00-12:00", "13:00-16:00"]`; on public holidays those of `holiday`, if any."""
State = Annotated[str, AfterValidator(_known_state)]
"""Whose public holidays are kept."""
Span = Annotated[
    WorkingSpan,
    BeforeValidator(_span),
    AfterValidator(_either),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,3} working (day|hour)s?$"}),
]
"""Working time: `2 working days` or `4 working hours`."""
USUAL: dict[str, tuple[tuple[int, int], ...]] = {"mon-fri": ((9 * 60, 17 * 60),)}
"""Where a city says nothing."""


def week(hours: dict[str, Slots]) -> dict[int, Slots]:
    """The same by weekday (0 is Monday)."""
    return {day: slots for span, slots in hours.items() for day in weekdays(span)}

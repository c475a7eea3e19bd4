"""Working time counts what the offices are open, and nothing else."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.city.opening import USUAL, week
from bridge.domain import ConfigError, WorkingSpan
from bridge.hours import WorkingTime
from tests.factories import FILES, make_city

BERLIN = ZoneInfo("Europe/Berlin")
SPLIT = {"mon-thu": ((480, 720), (780, 960)), "fri": ((480, 720),)}
OFFICE = WorkingTime(BERLIN, week(USUAL), state="SN", closed=[date(2026, 12, 24)])
HALVES = WorkingTime(BERLIN, week(SPLIT), state="NW")
ALWAYS = WorkingTime(BERLIN, dict.fromkeys(range(7), ((0, 1440),)))


def on(day: str, clock: str = "12:00") -> datetime:
    """A moment as the clocks in the city show it."""
    return datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("at", "opened"),
    [
        (on("2026-11-20", "08:59"), False),
        (on("2026-11-20", "09:00"), True),
        (on("2026-11-20", "16:59"), True),
        (on("2026-11-20", "17:00"), False),
        (on("2026-11-21"), False),
        (on("2026-11-18"), False),
        (on("2026-12-24"), False),
        (on("2026-12-28"), True),
    ],
)
def test_an_office_is_open_in_its_hours_only(at: datetime, opened: bool) -> None:
    assert OFFICE.is_open(at) is opened
    assert OFFICE.is_open(at.astimezone(UTC)) is opened


@pytest.mark.parametrize(
    ("state", "day", "free"),
    [
        ("SN", date(2026, 11, 18), True),
        ("NW", date(2026, 11, 18), False),
        ("NW", date(2026, 6, 4), True),
        ("SN", date(2026, 6, 4), False),
        ("BY", date(2026, 8, 8), False),
        ("Augsburg", date(2026, 8, 8), True),
        (None, date(2026, 10, 31), False),
        (None, date(2026, 10, 3), True),
        ("NW", date(2025, 6, 8), False),
    ],
)
def test_each_state_keeps_its_own_holidays(state: str | None, day: date, free: bool) -> None:
    assert WorkingTime(BERLIN, week(USUAL), state=state).is_holiday(day) is free


@pytest.mark.parametrize(
    ("office", "start", "span", "end"),
    [
        (OFFICE, on("2026-11-20"), WorkingSpan(days=1), on("2026-11-23", "17:00")),
        (OFFICE, on("2026-11-16", "23:59"), WorkingSpan(days=3), on("2026-11-20", "17:00")),
        (OFFICE, on("2026-11-16", "01:00"), WorkingSpan(days=3), on("2026-11-20", "17:00")),
        (OFFICE, on("2026-11-21"), WorkingSpan(days=2), on("2026-11-24", "17:00")),
        (OFFICE, on("2026-12-23"), WorkingSpan(days=1), on("2026-12-28", "17:00")),
        (HALVES, on("2026-11-19"), WorkingSpan(days=1), on("2026-11-20", "12:00")),
        (OFFICE, on("2026-11-20", "15:00"), WorkingSpan(hours=4), on("2026-11-23", "11:00")),
        (OFFICE, on("2026-11-20", "15:00"), WorkingSpan(hours=2), on("2026-11-20", "17:00")),
        (HALVES, on("2026-11-19", "11:00"), WorkingSpan(hours=2), on("2026-11-19", "14:00")),
        (HALVES, on("2026-11-20", "11:00"), WorkingSpan(hours=2), on("2026-11-23", "09:00")),
        (OFFICE, on("2026-10-23"), WorkingSpan(days=1), on("2026-10-26", "17:00")),
        (OFFICE, on("2026-03-27", "16:00"), WorkingSpan(hours=2), on("2026-03-30", "10:00")),
        (ALWAYS, on("2026-03-28", "12:00"), WorkingSpan(hours=24), on("2026-03-29", "13:00")),
        (ALWAYS, on("2026-10-24", "12:00"), WorkingSpan(hours=24), on("2026-10-25", "11:00")),
        (ALWAYS, on("2026-03-28", "12:00"), WorkingSpan(days=1), on("2026-03-30", "00:00")),
    ],
)
def test_a_span_ends_when_that_much_working_time_is_over(
    office: WorkingTime, start: datetime, span: WorkingSpan, end: datetime
) -> None:
    assert office.add(start, span) == end


def test_a_slot_the_clocks_skip_is_shorter_and_never_counted_twice() -> None:
    night = WorkingTime(BERLIN, {6: ((60, 150), (180, 240))})
    begin, end = on("2026-03-29", "00:00"), on("2026-03-30", "00:00")
    assert night.between(begin, end) == timedelta(minutes=120)
    assert night.between(on("2026-10-25", "00:00"), on("2026-10-26", "00:00")) >= timedelta(minutes=150)


def test_an_office_that_never_opens_is_refused() -> None:
    with pytest.raises(ValueError, match="no opening time"):
        WorkingTime(BERLIN, {0: ()})


BOUNDS = datetime(2025, 1, 1), datetime(2028, 1, 1)  # noqa: DTZ001
moments = st.datetimes(*BOUNDS, timezones=st.just(UTC))
spans = st.builds(WorkingSpan, days=st.integers(0, 30), hours=st.just(0)) | st.builds(
    WorkingSpan, hours=st.integers(0, 80), days=st.just(0)
)
offices = st.sampled_from([OFFICE, HALVES, ALWAYS])


@given(offices, moments, moments, spans)
def test_who_starts_later_ends_no_earlier(
    office: WorkingTime, one: datetime, other: datetime, span: WorkingSpan
) -> None:
    early, late = sorted((one, other))
    assert office.add(early, span) <= office.add(late, span)
    assert office.add(early, span) >= early


@given(offices, moments, st.integers(0, 80))
def test_between_start_and_end_lie_just_these_hours(office: WorkingTime, start: datetime, hours: int) -> None:
    end = office.add(start, WorkingSpan(hours=hours))
    assert office.between(start, end) == timedelta(hours=hours)
    assert office.between(end, start) == timedelta()


@given(offices, moments, moments)
def test_what_is_left_of_a_span_leads_to_its_end(office: WorkingTime, now: datetime, other: datetime) -> None:
    now, end = sorted((now, office.next_opening(other)))
    assert office.next_opening(office.after(now, office.between(now, end))) == office.next_opening(end)


@given(st.sampled_from([OFFICE, HALVES]), moments, spans)
def test_no_span_ends_on_a_day_nobody_works(office: WorkingTime, start: datetime, span: WorkingSpan) -> None:
    last = office.add(start, span).astimezone(BERLIN).date()
    assert last.weekday() < 5
    assert not office.is_holiday(last)
    assert last != date(2026, 12, 24) or office is HALVES


@given(offices, moments)
def test_the_next_opening_is_open(office: WorkingTime, at: datetime) -> None:
    opening = office.next_opening(at)
    assert opening >= at
    assert office.is_open(opening)


CITY = FILES["city.yaml"]


@pytest.mark.parametrize(
    ("hours", "complaint"),
    [
        ("hours: {mon: ['09:00-12:00', '11:00-13:00']}", "mon: two of these times overlap"),
        ("hours: {mon: ['12:00-09:00']}", "'12:00-09:00' ends before it begins"),
        ("hours: {mon: ['9 to 5']}", "'9 to 5' is no time from and to"),
        ("hours: {mon: ['09:00-25:00']}", "a day ends at 24:00"),
        ("hours: {mo: ['09:00-17:00']}", "unknown day 'mo'; write mon, tue"),
        ("hours: {fri-mon: ['09:00-17:00']}", "unknown day 'fri-mon'"),
        ("hours: {mon-fri: ['09:00-17:00'], tue: []}", "tue is named twice"),
        ("hours: {mon: []}", "there is no opening time at all"),
        ("state: SX", "unknown federal state 'SX'; write one of Augsburg, BB, BE"),
        ("closed: [Heiligabend]", "closed: Input should be a valid date"),
        ("reminds: {}", "reminds: write either days or hours"),
        ("due: {days: 1, hours: 2}", "due: write either days or hours"),
    ],
)
def test_wrong_hours_are_refused_with_what_to_write(tmp_path: Path, hours: str, complaint: str) -> None:
    with pytest.raises(ConfigError) as raised:
        make_city(tmp_path, city=f"{CITY}{hours}\n")
    assert "city.yaml:14: " in str(raised.value)
    assert complaint in str(raised.value)


def test_a_department_may_have_hours_of_its_own(tmp_path: Path) -> None:
    departments = FILES["departments.yaml"].replace(
        "tiefbau@musterstadt.example",
        "tiefbau@musterstadt.example, reminds: {hours: 4}, hours: {sat: ['10:00-11:00']}",
    )
    categories = FILES["categories.yaml"].replace("Noise,", "Noise, due: {days: 3},")
    city = make_city(tmp_path, departments=departments, categories=categories)
    assert city.working_time("streets").next_opening(on("2026-11-20")) == on("2026-11-21", "10:00")
    for other in ("cleaning", "nobody", None):
        assert city.working_time(other).is_open(on("2026-11-20"))
    assert (city.reminds("streets"), city.reminds("press")) == (WorkingSpan(hours=4), WorkingSpan(days=2))
    assert (city.due("noise"), city.due("other")) == (WorkingSpan(days=3), WorkingSpan(days=10))


def test_a_shift_may_work_on_public_holidays_by_hours_of_their_own() -> None:
    shift = {"mon-fri": ((420, 1320),), "sat-sun": ((540, 1020),), "holiday": ((540, 1020),)}
    desk = WorkingTime(BERLIN, week(shift), state="NW", closed=[date(2026, 12, 25)])
    assert desk.next_opening(on("2026-11-01", "07:00")) == on("2026-11-01", "09:00")
    assert desk.next_opening(on("2026-05-01", "07:00")) == on("2026-05-01", "09:00")
    assert not desk.is_open(on("2026-05-01", "18:00"))
    assert desk.next_opening(on("2026-12-25", "07:00")) == on("2026-12-26", "09:00")

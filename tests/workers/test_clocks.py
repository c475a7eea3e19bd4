"""What a department owes runs in its working time, stops while others are asked, and its silence is told."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bridge.domain import ClockKind, DecisionReason, SendState, TicketStatus
from bridge.tickets import search
from bridge.tickets.book import desk, updates
from bridge.tickets.tables import StaffRow
from bridge.tickets.views import ClockView
from tests.factories import FILES, make_understanding
from tests.tickets import story
from tests.workers.scripted import Town, change_city
from workers import remind

BERLIN = ZoneInfo("Europe/Berlin")
S = TicketStatus


def on(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-{day} {clock}").replace(tzinfo=BERLIN)


def let_it_be(town: Town, day: str, clock: str = "09:00") -> None:
    """The clocks in town show this, and the river has flowed."""
    town.clock.move_to(on(day, clock))
    town.flow()
    remind.run()
    town.flow()


def say(town: Town, status: S, words: str = "", by: str = "streets") -> None:
    key = f"{status} {words} {len(town.case().changes)}"
    assert updates.hear(1, by, key, status=status, words=words, actor=f"department:{by}")
    town.flow()
    remind.run()


def clocks(town: Town) -> dict[ClockKind, ClockView]:
    return {clock.kind: clock for clock in town.case().clocks}


def reminders(town: Town) -> list[tuple[str, SendState]]:
    return [(d.reason, d.state) for d in town.case().deliveries if d.reason != "routed"]


@pytest.fixture
def monday(town: Town) -> Town:
    """A ticket that was handed to the streets on Monday, 16 November, at ten."""
    town.clock.move_to(on("11-16", "10:00"))
    town.write("Ampel aus")
    town.settle()
    remind.run()
    assert town.case().status is S.DELIVERED
    return town


def test_a_department_owes_an_answer_and_an_outcome_from_when_it_has_the_ticket(monday: Town) -> None:
    found = clocks(monday)
    assert found[ClockKind.ANSWER].ends_at == on("11-18", "17:00")
    assert found[ClockKind.OUTCOME].ends_at == on("11-30", "17:00")
    assert not any(clock.is_overdue for clock in found.values())


def test_the_citizen_is_told_until_when_to_expect_news_and_nothing_is_promised(monday: Town) -> None:
    assert "Wir rechnen mit einer Rückmeldung bis Mo., 30.11.2026." in monday.said[0]
    assert monday.case().promised_at == on("11-30", "17:00")


@pytest.mark.parametrize("said", [S.ACCEPTED, S.IN_PROGRESS, S.SCHEDULED])
def test_whoever_takes_it_up_owes_only_the_outcome(monday: Town, said: S) -> None:
    say(monday, said)
    assert set(clocks(monday)) == {ClockKind.OUTCOME}
    let_it_be(monday, "11-25")
    assert reminders(monday) == []


def test_nothing_is_owed_for_what_is_closed(monday: Town) -> None:
    say(monday, S.RESOLVED)
    assert clocks(monday) == {}


def test_silence_is_told_to_the_department_and_then_to_the_press_desk(monday: Town) -> None:
    story.person()
    let_it_be(monday, "11-18", "16:59")
    assert reminders(monday) == []
    let_it_be(monday, "11-19")
    assert reminders(monday) == [("reminder", SendState.SENT)]
    assert not monday.case().news_at
    let_it_be(monday, "11-24", "08:00")
    assert not monday.case().news_at
    let_it_be(monday, "11-24")
    case = monday.case()
    assert case.news_at == on("11-24", "09:00")
    assert [clock.is_silent for clock in case.clocks] == [True, False]
    assert [line.id for line in search.listing("now").lines] == [1]
    assert [line.id for line in search.listing("overdue").lines] == [1]
    assert story.rows(StaffRow)[0].step
    assert reminders(monday) == [("reminder", SendState.SENT)]


def test_the_press_desk_is_told_again_every_five_working_days_at_most_thrice(monday: Town) -> None:
    days = [on("11-19", "09:00") + timedelta(days=day) for day in range(90)]
    told = 0
    for day in days:
        monday.clock.move_to(day)
        remind.run()
        monday.flow()
        case = monday.case()
        if case.news_at:
            assert day.weekday() < 5
            told += 1
            desk.seen(1, "staff:vera")
    assert told == 8, "four times for the answer, four times for the outcome"
    assert reminders(monday) == [("reminder", SendState.SENT), ("overdue", SendState.SENT)]


def test_nobody_is_reminded_on_a_day_nobody_works(monday: Town) -> None:
    monday.clock.move_to(on("11-21", "12:00"))
    remind.run()
    assert reminders(monday) == []
    let_it_be(monday, "11-23")
    assert reminders(monday) == [("reminder", SendState.SENT)]


def test_an_answer_takes_back_a_reminder_that_has_not_left(monday: Town, tmp_path: Path) -> None:
    change_city(tmp_path, city=FILES["city.yaml"] + "  steps: {remind: suggest}\n")
    let_it_be(monday, "11-19")
    assert reminders(monday) == [("reminder", SendState.NEEDS_DECISION)]
    say(monday, S.ACCEPTED)
    assert reminders(monday) == [("reminder", SendState.DROPPED)]


def test_an_overdue_matter_is_marked_and_its_department_reminded(monday: Town) -> None:
    say(monday, S.IN_PROGRESS)
    let_it_be(monday, "11-30", "17:01")
    assert [clock.is_overdue for clock in monday.case().clocks] == [True]
    assert search.counts()["overdue"] == 1
    let_it_be(monday, "12-01")
    assert reminders(monday) == [("overdue", SendState.SENT)]
    assert monday.script.mails[-1].reason == "overdue"
    assert monday.script.mails[-1].in_reply_to


def test_time_stands_still_while_the_citizen_is_asked(monday: Town) -> None:
    monday.clock.move_to(on("11-17", "12:00"))
    say(monday, S.NEEDS_INFO, "Welche Seite?")
    found = clocks(monday)
    assert found[ClockKind.ANSWER].left_seconds == 13 * 3600
    let_it_be(monday, "12-18")
    assert reminders(monday) == []
    assert not monday.case().news_at
    desk.release_reply(monday.case().replies[-1].id, "staff:vera")
    let_it_be(monday, "12-18", "10:00")
    first = monday.case().messages[0].external_id
    monday.write("Stadteinwärts", make_understanding(), conversation_id=first, in_reply_to=first)
    let_it_be(monday, "12-21", "12:00")
    found = clocks(monday)
    assert monday.case().status is S.DELIVERED
    assert found[ClockKind.ANSWER].ends_at == on("12-22", "17:00")
    assert found[ClockKind.OUTCOME].left_seconds is None
    assert monday.case().promised_at == found[ClockKind.OUTCOME].ends_at


def test_a_correction_keeps_the_clock(monday: Town) -> None:
    before = clocks(monday)
    monday.clock.move_to(on("11-17", "12:00"))
    desk.correct(1, "staff:vera", category="road_damage")
    monday.flow()
    remind.run()
    assert len(monday.script.mails) == 2
    assert clocks(monday) == before


def test_another_department_has_its_own_time(monday: Town) -> None:
    monday.clock.move_to(on("11-19", "12:00"))
    desk.correct(1, "staff:vera", department="cleaning")
    monday.flow()
    remind.run()
    found = clocks(monday)
    assert {clock.department for clock in found.values()} == {"cleaning"}
    assert found[ClockKind.ANSWER].ends_at == on("11-23", "17:00")


def test_a_named_day_moves_the_promise_and_is_told(monday: Town) -> None:
    say(monday, S.SCHEDULED, "Wir kommen am 09.12. mit dem Steiger.")
    assert "Das Amt nennt als Termin: Mi., 09.12.2026." in monday.said[-1]
    assert monday.case().promised_at == on("12-09", "23:59")
    assert clocks(monday)[ClockKind.OUTCOME].ends_at == on("12-09", "23:59")
    say(monday, S.SCHEDULED, "Doch erst am 11.12.2026.")
    assert "Das Amt nennt als Termin: Fr., 11.12.2026." in monday.said[-1]


def test_a_named_day_that_passes_is_reminded_of_as_well(monday: Town) -> None:
    say(monday, S.IN_PROGRESS)
    let_it_be(monday, "12-01")
    say(monday, S.SCHEDULED, "Wir kommen am 09.12.")
    let_it_be(monday, "12-10")
    first, second = (mail for mail in monday.script.mails if mail.reason == "overdue")
    assert first.message_id != second.message_id
    assert reminders(monday) == [("overdue", SendState.SENT)]


def test_a_day_that_is_named_instead_of_waiting_for_the_citizen_holds(monday: Town) -> None:
    say(monday, S.NEEDS_INFO, "Welche Seite?")
    say(monday, S.SCHEDULED, "Hat sich geklärt, wir kommen am 09.12.")
    assert clocks(monday)[ClockKind.OUTCOME].ends_at == on("12-09", "23:59")


def test_a_clock_keeps_to_rule_category_and_department(town: Town, tmp_path: Path) -> None:
    change_city(
        tmp_path,
        rules=FILES["rules.yaml"].replace("send_to: streets\n", "send_to: streets\n    due: {days: 1}\n"),
        departments=FILES["departments.yaml"].replace(
            "tiefbau@musterstadt.example}", "tiefbau@musterstadt.example, reminds: {hours: 4}}"
        ),
    )
    town.clock.move_to(on("11-16", "10:00"))
    town.write("Ampel aus")
    town.settle()
    remind.run()
    found = clocks(town)
    assert found[ClockKind.OUTCOME].ends_at == on("11-17", "17:00")
    assert on("11-16", "14:00") < found[ClockKind.ANSWER].ends_at < on("11-16", "14:01")


def test_the_press_desk_owes_nothing_to_itself(town: Town) -> None:
    town.write("Wann ist das Fest?", make_understanding(category="noise", location=None))
    town.settle()
    assert town.case().clocks == ()
    assert town.case().promised_at is None


def test_a_reopened_matter_begins_anew_when_it_is_handed_over_again(monday: Town) -> None:
    say(monday, S.RESOLVED)
    say(monday, S.REOPENED, by="press")
    monday.clock.move_to(on("12-02", "12:00"))
    desk.correct(1, "staff:vera", department="streets")
    monday.flow()
    remind.run()
    assert monday.case().status is S.DELIVERED
    assert clocks(monday)[ClockKind.ANSWER].ends_at == on("12-04", "17:00")
    assert monday.case().reason is not DecisionReason.REFUSED

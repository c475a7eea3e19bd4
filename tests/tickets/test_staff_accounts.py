"""Accounts of people of the city, their sessions, and when a notice goes to them."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from bridge.domain import ConfigError, Step
from bridge.tickets import claims
from bridge.tickets.book import staff, tickets
from bridge.tickets.book._common import notice_times
from bridge.tickets.tables import StaffRow, StaffSessionRow
from bridge.tickets.types import utcnow
from tests.tickets import story

pytestmark = pytest.mark.usefixtures("database")
PASSWORD = "ein langes Passwort"


def test_only_the_right_password_opens() -> None:
    assert not staff.any_account()
    story.person()
    assert staff.any_account()
    found = staff.check("vera", PASSWORD)
    assert found
    assert found.name == "Vera"
    assert staff.check("vera", "ein kurzes Passwort") is None
    assert staff.check("nobody", PASSWORD) is None
    assert "Passwort" not in story.rows(StaffRow)[0].password_hash


def test_a_disabled_person_is_out_everywhere() -> None:
    person = story.person()
    token = staff.start_session(person)
    story.change(StaffRow, person, disabled=True)
    assert staff.check("vera", PASSWORD) is None
    assert staff.signed_in(token) is None
    assert staff.by_login("vera") is None
    assert not staff.any_account()


def test_sessions_end_by_themselves_one_by_one_and_all_at_once() -> None:
    person = story.person()
    first, second, third = (staff.start_session(person) for _ in range(3))
    assert staff.signed_in(first)
    staff.end_session(first)
    assert staff.signed_in(first) is None
    assert staff.signed_in(second)
    with time_machine.travel(utcnow() + timedelta(hours=13)):
        assert staff.signed_in(second) is None
    staff.end_all_sessions(person)
    assert staff.signed_in(third) is None


def test_a_stolen_database_opens_no_session() -> None:
    token = staff.start_session(story.person())
    (row,) = story.rows(StaffSessionRow)
    assert token not in row.token_hash
    assert staff.signed_in(row.token_hash) is None


def test_a_new_password_ends_the_sessions() -> None:
    token = staff.start_session(story.person())
    story.person(password="ein neues Passwort")
    assert staff.signed_in(token) is None
    assert staff.check("vera", PASSWORD) is None


@pytest.mark.parametrize("wrong", [{"password": "kurz"}, {"notices": "sometimes"}])
def test_a_mistake_is_told_in_a_sentence(wrong: dict[str, str]) -> None:
    with pytest.raises(ConfigError):
        story.person(**wrong)
    assert not staff.any_account()


@pytest.mark.parametrize(
    ("rhythm", "due"),
    [
        ("at_once", datetime(2026, 11, 20, 14, 4, tzinfo=UTC)),
        ("hourly", datetime(2026, 11, 20, 15, 0, tzinfo=UTC)),
        ("daily", datetime(2026, 11, 21, 6, 0, tzinfo=UTC)),
        ("never", None),
    ],
)
def test_notices_keep_the_rhythm_each_person_chose(rhythm: str, due: datetime | None) -> None:
    story.person(notices=rhythm)
    with time_machine.travel(datetime(2026, 11, 20, 14, 4, tzinfo=UTC), tick=False):
        case = story.open_ticket(story.connect())
        tickets.give_up(story.only(Step.ROUTE), "failed")
    (row,) = story.rows(StaffRow)
    assert (row.due_at if row.step else None) == due
    assert case


def test_the_morning_is_today_while_it_is_still_night() -> None:
    with time_machine.travel(datetime(2026, 11, 20, 3, 0, tzinfo=UTC)):
        assert notice_times()["daily"] == datetime(2026, 11, 20, 6, 0, tzinfo=UTC)


def test_what_comes_up_while_a_notice_is_written_gets_the_next_one() -> None:
    story.person()
    account = story.connect()
    story.open_ticket(account)
    tickets.give_up(story.only(Step.ROUTE), "failed")
    claim, until = story.only(Step.NOTIFY), utcnow()
    story.open_ticket(account, author=story.BEN)
    tickets.give_up(story.only(Step.ROUTE), "failed")
    staff.noticed(claim, until)
    claim = story.only(Step.NOTIFY)
    assert staff.due_notice(claim).noticed_at == until
    staff.noticed(claim, utcnow())
    assert Step.NOTIFY not in claims.due_steps()

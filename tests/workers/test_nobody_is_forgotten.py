"""Whatever was dropped, held or asked: somebody is told, and no ticket lies where nobody looks."""

from pathlib import Path

import pytest

from bridge.domain import Kind, SendState, TemporaryError, TicketStatus
from bridge.tickets.book import desk, updates
from tests.factories import FILES, make_understanding
from tests.workers.scripted import Town, change_city

S = TicketStatus
SUGGEST = FILES["city.yaml"] + "  steps: {deliver: suggest}\n"


def say(town: Town, status: S, words: str = "", by: str = "press") -> None:
    key = f"{status} {len(town.case().changes)}"
    updates.hear(1, by, key, status=status, words=words, actor=f"department:{by}")
    town.flow()


def waiting(town: Town, tmp_path: Path) -> None:
    """A hand-over waits for its release."""
    change_city(tmp_path, city=SUGGEST)
    town.write("Ampel aus")
    town.settle()


def test_what_was_closed_before_it_left_is_handed_over_once_it_is_open_again(
    town: Town, tmp_path: Path
) -> None:
    waiting(town, tmp_path)
    say(town, S.RESOLVED)
    say(town, S.REOPENED)
    change_city(tmp_path)
    desk.correct(1, "staff:vera", category="road_damage")
    town.settle()
    assert (town.case().status, len(town.script.mails)) == (S.DELIVERED, 1)


@pytest.mark.parametrize("again", ["streets", "cleaning"])
def test_an_office_named_after_its_hand_over_was_dropped_gets_it(
    town: Town, tmp_path: Path, again: str
) -> None:
    waiting(town, tmp_path)
    desk.drop_delivery(1, "staff:vera")
    change_city(tmp_path)
    desk.correct(1, "staff:vera", department=again)
    town.settle()
    assert [mail.department for mail in town.script.mails] == [again]


def test_an_alarm_that_has_not_left_leaves_although_the_ticket_was_given_to_an_office(town: Town) -> None:
    town.script.mail_faults.append(TemporaryError("no mail server"))
    town.write("Feuer", make_understanding(kind=Kind.EMERGENCY))
    town.flow()
    desk.correct(1, "staff:vera", department="streets")
    town.flow(60)
    town.flow(60)
    assert [mail.reason for mail in town.script.mails].count("alarm") == 2
    assert {delivery.state for delivery in town.case().deliveries} == {SendState.SENT}

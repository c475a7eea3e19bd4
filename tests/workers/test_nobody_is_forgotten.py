"""Whatever was dropped, held or asked: somebody is told, and no ticket lies where nobody looks."""

from pathlib import Path

import pytest

from bridge.domain import Kind, SendState, TemporaryError, TicketStatus, Understanding
from bridge.tickets import search
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
    assert [line.status for line in search.listing("now").lines] == [S.NEEDS_DECISION]
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


UNSURE = make_understanding(confidence=0.2)
ELSEWHERE = {
    "rules": FILES["rules.yaml"].replace("    send_to: streets\n", "    tell: railway\n"),
    "departments": FILES["departments.yaml"]
    + "contacts:\n  railway: {name: Bahn AG, reach: 'https://bahn.example'}\n",
}


def test_whoever_was_told_that_a_person_looks_hears_who_got_it_in_the_end(town: Town) -> None:
    town.write("Ampel aus?", UNSURE)
    town.settle()
    assert "sieht sie sich ein Mensch an" in town.said[0]
    desk.correct(1, "staff:vera", category="traffic_light")
    town.settle()
    assert len(town.said) == 2
    assert "Zuständig: Tiefbauamt. Wir rechnen mit einer Rückmeldung bis" in town.said[1]


@pytest.mark.parametrize("before", [UNSURE, make_understanding(category="illegal_dumping")])
def test_whoever_was_told_anything_before_hears_that_the_city_does_not_act(
    town: Town, tmp_path: Path, before: Understanding
) -> None:
    change_city(tmp_path, **ELSEWHERE)
    town.write("Am Gleis", before)
    town.settle()
    desk.correct(1, "staff:vera", category="traffic_light")
    town.settle()
    assert town.case().status is S.REJECTED
    assert ["Bahn AG" in said for said in town.said] == [False, True]


def test_a_first_word_nobody_has_released_gives_way_to_the_one_that_says_more(
    town: Town, tmp_path: Path
) -> None:
    change_city(tmp_path, city=FILES["city.yaml"] + "  steps: {reply: suggest}\n")
    town.write("Ampel aus?", UNSURE)
    town.settle()
    desk.correct(1, "staff:vera", category="traffic_light")
    town.settle()
    assert [(reply.variant, reply.state) for reply in town.case().replies] == [
        ("held", SendState.DROPPED),
        ("report", SendState.NEEDS_DECISION),
    ]


def test_whoever_was_acknowledged_is_not_told_that_a_person_looks(town: Town, tmp_path: Path) -> None:
    held = FILES["rules.yaml"].replace("    send_to: cleaning\n", "    send_to: cleaning\n    hold: true\n")
    change_city(tmp_path, rules=held)
    town.write("Ampel aus")
    town.settle()
    desk.correct(1, "staff:vera", category="illegal_dumping")
    town.settle()
    assert (town.case().status, len(town.said)) == (S.NEEDS_DECISION, 1)


@pytest.mark.parametrize("days", [13, 14])
def test_a_citizen_who_does_not_answer_for_two_weeks_is_shown_to_a_person(town: Town, days: int) -> None:
    town.write("Ampel aus", make_understanding(location=None))
    town.settle()
    assert town.case().status is S.NEEDS_INFO
    town.flow(days * 86_400)
    assert search.counts()["now"] == (days > 13)

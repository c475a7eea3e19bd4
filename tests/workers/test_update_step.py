"""A department's word reaches the citizen: the fixed sentence at once, free words when they may."""

import pytest

from bridge.domain import Cause, SendState, TicketStatus
from bridge.tickets.book import desk, updates
from tests.workers.scripted import Town

WORDS = "Am Dienstag kommt jemand."


@pytest.fixture
def handed_over(town: Town) -> Town:
    town.write("Ampel aus")
    town.settle()
    assert town.case().status is TicketStatus.DELIVERED
    return town


def say(town: Town, status: TicketStatus, words: str = "", by: str = "streets") -> None:
    key = f"{status} {words} {len(town.case().changes)}"
    assert updates.hear(1, by, key, status=status, words=words, actor=f"department:{by}")
    town.flow()


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (TicketStatus.ACCEPTED, "angenommen"),
        (TicketStatus.IN_PROGRESS, "in Arbeit"),
        (TicketStatus.SCHEDULED, "eingeplant"),
        (TicketStatus.RESOLVED, "erledigt"),
    ],
)
def test_the_fixed_sentence_for_a_state_goes_out_at_once(
    handed_over: Town, status: TicketStatus, told: str
) -> None:
    say(handed_over, status)
    assert handed_over.case().status is status
    assert told in handed_over.said[-1]


def test_free_words_wait_for_the_press_desk(handed_over: Town) -> None:
    say(handed_over, TicketStatus.RESOLVED, WORDS)
    case = handed_over.case()
    assert "erledigt" in handed_over.said[-1]
    assert not any(WORDS in said for said in handed_over.said)
    waiting = [reply for reply in case.replies if reply.state is SendState.NEEDS_DECISION]
    assert [(reply.cause, WORDS in reply.text) for reply in waiting] == [(Cause.STAFF, True)]
    desk.release_reply(waiting[0].id, "staff:vera")
    handed_over.flow()
    assert WORDS in handed_over.said[-1]


def test_a_department_that_speaks_directly_speaks_at_once(handed_over: Town) -> None:
    desk.correct(1, "staff:vera", department="cleaning")
    handed_over.flow()
    say(handed_over, TicketStatus.IN_PROGRESS, WORDS, by="cleaning")
    assert WORDS in handed_over.said[-1]
    say(handed_over, TicketStatus.IN_PROGRESS, "Es dauert länger.", by="cleaning")
    assert "Es dauert länger." in handed_over.said[-1]


@pytest.mark.parametrize("personal", ["Tel. 030 23125000", "Herr Muster kommt.", "Auto ZZ-ZZ 0000"])
@pytest.mark.parametrize("by", ["cleaning", "press"])
def test_personal_data_wait_for_a_person_whoever_speaks(handed_over: Town, personal: str, by: str) -> None:
    desk.correct(1, "staff:vera", department="cleaning")
    handed_over.flow()
    say(handed_over, TicketStatus.RESOLVED, personal, by=by)
    assert "erledigt" in handed_over.said[-1]
    assert not any(personal in said for said in handed_over.said)
    assert handed_over.case().replies[-1].state is SendState.NEEDS_DECISION


def test_a_reason_of_the_press_desk_goes_out_with_the_state(handed_over: Town) -> None:
    say(handed_over, TicketStatus.REJECTED, "Der Weg ist privat.", by="press")
    assert "Der Weg ist privat." in handed_over.said[-1]
    assert len(handed_over.said) == 2


def test_not_ours_is_for_staff_only(handed_over: Town) -> None:
    say(handed_over, TicketStatus.NEEDS_DECISION, "Das ist Sache der Bahn.")
    assert len(handed_over.said) == 1
    assert len(handed_over.case().replies) == 1


def test_a_word_that_cannot_be_applied_tells_the_citizen_nothing(handed_over: Town) -> None:
    say(handed_over, TicketStatus.RESOLVED)
    say(handed_over, TicketStatus.ACCEPTED, WORDS)
    assert len(handed_over.said) == 2
    assert handed_over.case().news_at


def test_a_closed_ticket_is_handed_over_no_more(town: Town) -> None:
    town.write("Ampel aus")
    town.flow()
    say(town, TicketStatus.DUPLICATE, by="press")
    town.flow(60)
    assert town.script.mails == []

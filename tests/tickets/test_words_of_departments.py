"""A department's word is stored once and takes effect once, or is shown to staff."""

import pytest

from bridge.domain import Cause, DecisionReason, SendState, Step, TicketStatus
from bridge.tickets import claims, search
from bridge.tickets.book import updates
from bridge.tickets.book.tickets import Draft
from bridge.tickets.tables import StatusUpdateRow, TicketRow
from bridge.tickets.views import Case
from tests.tickets import story

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def case() -> Case:
    case = story.open_ticket(story.connect())
    return story.route(case, story.draft(case, Cause.QUESTION))


def hear(case: Case, status: TicketStatus, words: str = "", department: str = "streets") -> bool:
    key = f"{status}-{words}-{department}"
    actor = f"department:{department}"
    return updates.hear(case.id, department, key, status=status, words=words, actor=actor)


def apply(case: Case, status: TicketStatus, words: str = "", *drafts: Draft, by: str = "streets") -> bool:
    assert hear(case, status, words, by)
    return updates.apply(story.only(Step.UPDATE), drafts)


def told(case: Case) -> Draft:
    return story.draft(case, Cause.STATUS, cause_id="1", text="Es ist erledigt.")


def test_a_word_heard_twice_counts_once(case: Case) -> None:
    assert hear(case, TicketStatus.ACCEPTED)
    assert not hear(case, TicketStatus.ACCEPTED)
    assert hear(case, TicketStatus.ACCEPTED, department="cleaning")
    assert len(story.rows(StatusUpdateRow)) == 2


def test_a_word_moves_the_ticket_and_tells_the_citizen(case: Case) -> None:
    assert apply(case, TicketStatus.IN_PROGRESS, "Am Dienstag.", told(case))
    case = story.again(case)
    assert (case.status, case.changes[-1].words) == (TicketStatus.IN_PROGRESS, "Am Dienstag.")
    assert case.changes[-1].actor == "department:streets"
    assert case.replies[-1].cause is Cause.STATUS
    assert Step.UPDATE not in claims.due_steps()


def test_not_ours_waits_for_a_person_with_the_reason(case: Case) -> None:
    assert apply(case, TicketStatus.NEEDS_DECISION, "Das ist Sache der Bahn.")
    case = story.again(case)
    assert (case.status, case.reason) == (TicketStatus.NEEDS_DECISION, DecisionReason.REFUSED)
    assert case.changes[-1].words == "Das ist Sache der Bahn."


def test_closing_drops_what_is_still_to_be_asked_or_handed_over(case: Case) -> None:
    apply(case, TicketStatus.RESOLVED, "", told(case), by="press")
    case = story.again(case)
    assert case.closed_at
    assert [d.state for d in case.deliveries] == [SendState.DROPPED]
    assert [r.state for r in case.replies] == [SendState.DROPPED, SendState.PENDING]
    assert claims.due_steps() == [Step.POLL, Step.REPLY]


def test_a_move_that_is_not_allowed_is_shown_to_staff(case: Case) -> None:
    apply(case, TicketStatus.RESOLVED)
    assert not apply(case, TicketStatus.ACCEPTED, "Wir fangen an.", told(case))
    case = story.again(case)
    assert case.status is TicketStatus.RESOLVED
    assert case.replies[-1].cause is not Cause.STATUS
    assert (case.history[-1].what, case.history[-1].detail["words"]) == ("not applied", "Wir fangen an.")
    assert [line.id for line in search.listing("now").lines] == [case.id]
    assert search.set_aside() == []


def test_an_office_no_longer_in_charge_changes_nothing(case: Case) -> None:
    assert not apply(case, TicketStatus.RESOLVED, by="cleaning")
    assert story.again(case).status is TicketStatus.ROUTED
    assert story.again(case).history[-1].what == "not applied"


def test_more_words_under_the_same_state_are_kept_and_told(case: Case) -> None:
    apply(case, TicketStatus.IN_PROGRESS)
    assert apply(case, TicketStatus.IN_PROGRESS, "Dauert länger.", told(case))
    case = story.again(case)
    assert [c.status for c in case.changes].count(TicketStatus.IN_PROGRESS) == 1
    assert (case.history[-1].what, case.history[-1].detail) == ("said", {"words": "Dauert länger."})
    assert case.replies[-1].text == "Es ist erledigt."


def test_reopening_is_the_only_way_back(case: Case) -> None:
    apply(case, TicketStatus.REJECTED, by="press")
    assert apply(case, TicketStatus.REOPENED, by="press")
    case = story.again(case)
    assert (case.status, case.closed_at) == (TicketStatus.REOPENED, None)


def test_very_long_words_are_cut_and_not_refused(case: Case) -> None:
    hear(case, TicketStatus.ACCEPTED, " " + "x" * 6000)
    assert len(story.rows(StatusUpdateRow)[0].words) == 5000
    assert story.rows(TicketRow)[0].status is TicketStatus.ROUTED

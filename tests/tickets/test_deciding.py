"""What was decided is written once, with all that follows from it."""

import pytest

from bridge.domain import Automation, Cause, DecisionReason, SendState, Step, TicketStatus
from bridge.tickets import claims
from bridge.tickets.book import deliveries, desk, tickets
from bridge.tickets.book.tickets import Parcel
from bridge.tickets.claims import LostClaimError
from bridge.tickets.session import writing
from bridge.tickets.tables import StaffRow, TicketRow
from bridge.tickets.views import Case
from tests.tickets import story

pytestmark = pytest.mark.usefixtures("database")
STREETS = Parcel(department="streets", reason="routed")
CLEANING = Parcel(department="cleaning", reason="routed")


@pytest.fixture
def case() -> Case:
    return story.open_ticket(story.connect(), id="1")


def wake(case: Case) -> None:
    with writing() as session:
        claims.wake(session.get_one(TicketRow, case.id), Step.ROUTE)


def reroute(case: Case, *drafts: tickets.Draft, **changed: object) -> Case:
    wake(case)
    return story.route(case, *drafts, **changed)


def test_a_decision_is_written_with_its_reason_replies_and_hand_overs(case: Case) -> None:
    case = story.route(case, story.draft(case))
    assert (case.status, case.department, case.rule) == (TicketStatus.ROUTED, "streets", "streets")
    assert [h.what for h in case.history] == ["understood", "routed"]
    assert case.history[-1].detail["because"] == case.because
    assert [r.state for r in case.replies] + [d.state for d in case.deliveries] == [SendState.PENDING] * 2
    assert Step.ROUTE not in claims.due_steps()


def test_the_acknowledgement_is_never_repeated(case: Case) -> None:
    ack = story.draft(case)
    case = story.route(case, ack)
    case = reroute(case, ack.model_copy(update={"text": "Danke noch einmal"}), department="cleaning")
    assert [reply.text for reply in case.replies] == [ack.text]


@pytest.mark.parametrize("status", [TicketStatus.ROUTED, TicketStatus.NEEDS_DECISION])
def test_an_unsent_question_is_dropped_when_it_is_no_longer_needed(case: Case, status: TicketStatus) -> None:
    question = story.draft(case, Cause.QUESTION, cause_id="1")
    case = story.route(case, question, status=TicketStatus.NEEDS_INFO, asked=True, parcels=())
    case = reroute(case, status=status)
    assert [r.state for r in case.replies] == [SendState.DROPPED]
    assert Step.REPLY not in claims.due_steps()


def test_a_question_just_asked_survives_a_second_quick_message(case: Case) -> None:
    question = story.draft(case, Cause.QUESTION, cause_id="1")
    case = story.route(case, question, status=TicketStatus.NEEDS_INFO, asked=True, parcels=())
    case = reroute(case, status=TicketStatus.NEEDS_INFO, parcels=())
    assert (case.questions, [r.state for r in case.replies]) == (1, [SendState.PENDING])


def test_another_department_drops_the_unsent_hand_over(case: Case) -> None:
    story.route(case)
    case = reroute(case, department="cleaning", rule="cleaning", parcels=(CLEANING,))
    states = {d.department: d.state for d in case.deliveries}
    assert states == {"streets": SendState.DROPPED, "cleaning": SendState.PENDING}
    assert [h.what for h in case.history] == ["understood", "routed", "routed"]


def test_a_ticket_that_comes_back_is_handed_over_after_all(case: Case) -> None:
    story.route(case)
    reroute(case, department="cleaning", parcels=(CLEANING,))
    case = reroute(case)
    states = {d.department: d.state for d in case.deliveries}
    assert states == {"streets": SendState.PENDING, "cleaning": SendState.DROPPED}


def test_a_hand_over_already_claimed_does_not_leave_for_the_wrong_department(case: Case) -> None:
    story.route(case)
    claim = story.only(Step.DELIVER)
    reroute(case, department="cleaning", parcels=(CLEANING,))
    with pytest.raises(LostClaimError):
        deliveries.begin(claim)


@pytest.mark.parametrize(
    ("automation", "state"),
    [
        (Automation.AUTOMATIC, SendState.PENDING),
        (Automation.SUGGEST, SendState.NEEDS_DECISION),
        (Automation.SHADOW, SendState.DROPPED),
    ],
)
def test_only_automatic_sends_by_itself(case: Case, automation: Automation, state: SendState) -> None:
    story.person()
    parcel = STREETS.model_copy(update={"automation": automation})
    case = story.route(case, story.draft(case, automation=automation), parcels=(parcel,))
    assert [case.replies[0].state, case.deliveries[0].state] == [state, state]
    leaves = {Step.REPLY, Step.DELIVER} & set(claims.due_steps())
    assert bool(leaves) is (automation is Automation.AUTOMATIC)
    asked = story.rows(StaffRow)[0].step is Step.NOTIFY
    assert asked is (automation is Automation.SUGGEST)


def test_a_correction_while_a_worker_routes_wins(case: Case) -> None:
    claim = story.only(Step.ROUTE)
    desk.correct(case.id, "staff:vera", department="cleaning")
    with pytest.raises(LostClaimError):
        tickets.decide(claim, tickets.Decision(status=TicketStatus.ROUTED, department="streets"))
    assert story.again(case).status is TicketStatus.RECEIVED
    assert story.only(Step.ROUTE)


def test_a_ticket_nobody_can_route_waits_for_a_person(case: Case) -> None:
    story.person()
    tickets.give_up(story.only(Step.ROUTE), "KeyError: 'text'")
    case = story.again(case)
    assert (case.status, case.reason) == (TicketStatus.NEEDS_DECISION, DecisionReason.UNCLEAR)
    assert case.changes[-1].words == "KeyError: 'text'"
    assert story.only(Step.NOTIFY)

"""What came back is seen: for good it waits for a person, for now it is only noted."""

import pytest

from bridge.domain import PermanentError, SendState, Step, TicketStatus
from bridge.tickets.book import deliveries, desk
from bridge.tickets.book.tickets import Parcel
from bridge.tickets.tables import DeliveryRow, StaffRow
from bridge.tickets.views import Case
from tests.tickets import story

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def case() -> Case:
    """A ticket whose department took the mail."""
    case = story.route(story.open_ticket(story.connect()))
    claim = story.only(Step.DELIVER)
    assert deliveries.begin(claim)
    deliveries.sent(claim, story.receipt())
    return story.again(case)


def test_a_mail_that_came_back_for_good_waits_for_a_person(case: Case) -> None:
    story.person()
    deliveries.bounced(case.deliveries[0].id, permanent=True, words="550 5.1.1 no such mailbox")
    now = story.again(case)
    assert now.status is TicketStatus.UNDELIVERABLE
    assert (now.deliveries[0].state, now.deliveries[0].bounce) == (
        SendState.NEEDS_DECISION,
        "550 5.1.1 no such mailbox",
    )
    assert story.rows(StaffRow)[0].step is Step.NOTIFY


def test_a_mail_that_only_waits_somewhere_is_noted(case: Case) -> None:
    deliveries.bounced(case.deliveries[0].id, permanent=False, words="4.4.7 delayed")
    now = story.again(case)
    assert (now.status, now.deliveries[0].state) == (TicketStatus.DELIVERED, SendState.SENT)
    assert now.deliveries[0].bounce == "4.4.7 delayed"


def test_a_bounce_for_a_ticket_already_at_work_leaves_it_there(case: Case) -> None:
    story.change(DeliveryRow, case.deliveries[0].id, reason="reminder")
    deliveries.bounced(case.deliveries[0].id, permanent=True, words="550")
    assert story.again(case).status is TicketStatus.DELIVERED
    assert story.again(case).deliveries[0].state is SendState.NEEDS_DECISION


def test_a_bounce_from_an_office_that_had_it_before_says_nothing_about_the_one_that_has_it_now(
    case: Case,
) -> None:
    desk.correct(case.id, "staff:vera", department="cleaning")
    story.route(case, department="cleaning", parcels=(Parcel(department="cleaning", reason="routed"),))
    claim = story.only(Step.DELIVER)
    assert deliveries.begin(claim)
    deliveries.sent(claim, story.receipt())
    deliveries.bounced(case.deliveries[0].id, permanent=True, words="550")
    now = story.again(case)
    assert now.status is TicketStatus.DELIVERED
    assert [d.state for d in now.deliveries] == [SendState.NEEDS_DECISION, SendState.SENT]


def test_a_bounce_of_nothing_we_sent_changes_nothing(case: Case) -> None:
    deliveries.bounced(case.deliveries[0].id + 1, permanent=True, words="550")
    assert story.again(case).status is TicketStatus.DELIVERED


def test_what_came_back_may_go_to_another_address(case: Case) -> None:
    deliveries.bounced(case.deliveries[0].id, permanent=True, words="550")
    desk.deliver_again(case.deliveries[0].id, "staff:vera", "vertretung@musterstadt.example")
    task = deliveries.begin(story.only(Step.DELIVER))
    assert task
    assert (task.address, story.again(case).deliveries[0].bounce) == ("vertretung@musterstadt.example", "")


def test_a_second_bounce_of_the_same_mail_does_not_undo_a_decision(case: Case) -> None:
    deliveries.bounced(case.deliveries[0].id, permanent=True, words="550")
    desk.drop_delivery(case.deliveries[0].id, "staff:vera")
    deliveries.bounced(case.deliveries[0].id, permanent=True, words="550")
    assert story.again(case).deliveries[0].state is SendState.DROPPED
    with pytest.raises(PermanentError):
        desk.deliver_again(case.deliveries[0].id, "staff:vera")


def test_a_list_comes_back_as_a_whole(case: Case) -> None:
    other = story.route(story.open_ticket(1, author=story.BEN))
    claim = story.only(Step.DELIVER)
    assert deliveries.begin(claim)
    deliveries.sent(claim, story.receipt())
    for row in story.rows(DeliveryRow):
        story.change(DeliveryRow, row.id or 0, listed_in="list-1")
    deliveries.bounced(case.deliveries[0].id, permanent=True, words="550")
    assert {story.again(each).status for each in (case, other)} == {TicketStatus.UNDELIVERABLE}

"""Hand-overs are retried by plan under one identity, and their failure is a state that staff see."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from bridge.delivery import Channel
from bridge.domain import Attachment, Automation, SendState, Step, TicketStatus
from bridge.tickets import claims, search, switches
from bridge.tickets.book import attachments, deliveries, desk
from bridge.tickets.book.deliveries import Task
from bridge.tickets.book.tickets import Parcel
from bridge.tickets.claims import Claim
from bridge.tickets.tables import StaffRow
from bridge.tickets.types import utcnow
from bridge.tickets.views import Case, DeliveryView
from tests.tickets import story

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(utcnow(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def case(clock: object) -> Case:
    return story.route(story.open_ticket(story.connect()))


def parcel(case: Case) -> DeliveryView:
    return story.again(case).deliveries[-1]


def attempt() -> tuple[Claim, Task]:
    claim = story.only(Step.DELIVER)
    task = deliveries.begin(claim)
    assert task
    return claim, task


def test_a_hand_over_made_is_a_ticket_delivered(case: Case) -> None:
    claim, task = attempt()
    assert (task.department, task.reason, task.revision) == ("streets", "routed", 0)
    assert parcel(case).state is SendState.SENDING
    deliveries.sent(claim, story.receipt())
    assert parcel(case).state is SendState.SENT
    assert story.again(case).status is TicketStatus.DELIVERED


def test_retries_follow_the_plan_under_one_identity_and_end_undeliverable(
    case: Case, clock: time_machine.Traveller
) -> None:
    story.person()
    identities = set()
    for seconds in Channel.retry_seconds:
        claim, task = attempt()
        identities.add(task.message_id)
        deliveries.not_sent(claim, None, "the mail server is away", Channel.retry_seconds)
        assert parcel(case).state is SendState.PENDING
        clock.shift(seconds - 1)
        assert Step.DELIVER not in claims.due_steps()
        clock.shift(1)
    deliveries.not_sent(attempt()[0], None, "the mail server is away", Channel.retry_seconds)
    assert len(identities) == 1
    assert parcel(case).state is SendState.NEEDS_DECISION
    assert story.again(case).status is TicketStatus.UNDELIVERABLE
    assert story.rows(StaffRow)[0].step is Step.NOTIFY
    assert [line.waiting_deliveries for line in search.listing("now").lines] == [1]


def test_the_server_may_ask_for_more_patience(case: Case, clock: time_machine.Traveller) -> None:
    deliveries.not_sent(attempt()[0], 900, "greylisted", Channel.retry_seconds)
    clock.shift(899)
    assert Step.DELIVER not in claims.due_steps()
    clock.shift(1)
    assert Step.DELIVER in claims.due_steps()


def test_a_refused_hand_over_is_undeliverable_and_can_be_tried_anew(case: Case) -> None:
    claim, first = attempt()
    deliveries.refused(claim, "no such mailbox")
    assert story.again(case).status is TicketStatus.UNDELIVERABLE
    desk.release_delivery(parcel(case).id, "staff:vera")
    assert story.again(case).status is TicketStatus.ROUTED
    claim, second = attempt()
    assert first.message_id == second.message_id
    deliveries.sent(claim, story.receipt())
    assert story.again(case).status is TicketStatus.DELIVERED


def test_a_hand_over_that_kills_every_process_ends_undeliverable(
    case: Case, clock: time_machine.Traveller
) -> None:
    for _ in range(20):
        clock.shift(61)
        for claim in claims.claim(Step.DELIVER, 1):
            deliveries.begin(claim)
    assert story.again(case).status is TicketStatus.UNDELIVERABLE


def test_a_correction_goes_under_a_new_identity_that_answers_the_first(case: Case) -> None:
    claim, first = attempt()
    deliveries.sent(claim, story.receipt())
    desk.correct(case.id, "staff:vera", category="road_damage")
    story.route(case)
    _, second = attempt()
    assert (second.revision, second.earlier) == (1, (first.message_id,))
    assert second.message_id != first.message_id


def test_waiting_for_pictures_costs_no_try_and_ends(clock: time_machine.Traveller) -> None:
    picture = Attachment(url="https://marktplatz.example/1.jpg")
    case = story.route(story.open_ticket(story.connect(), attachments=(picture,)))
    for _ in range(20):
        assert deliveries.begin(story.only(Step.DELIVER)) is None
        assert parcel(case).state is SendState.PENDING
        clock.shift(1)
    claim = story.only(Step.DELIVER)
    assert claim.tries == 1
    claims.release(claim)
    clock.shift(41)
    assert attempt()


def test_a_picture_that_came_or_never_will_holds_nothing_up(clock: time_machine.Traveller) -> None:
    pictures = tuple(Attachment(url=f"https://marktplatz.example/{n}.jpg") for n in range(2))
    story.route(story.open_ticket(story.connect(), attachments=pictures))
    first, second = claims.claim(Step.FETCH, 2)
    attachments.stored(first, "a.jpg")
    attachments.gave_up(second, "not a picture")
    assert attempt()
    assert attachments.files() == {"a.jpg"}
    assert [item.what for item in search.set_aside()] == ["picture"]


def test_the_pause_gives_hand_overs_back_untried(case: Case) -> None:
    claim = story.only(Step.DELIVER)
    switches.pause("staff:vera")
    assert deliveries.begin(claim) is None
    assert Step.DELIVER not in claims.due_steps()
    switches.resume()
    assert (parcel(case).state, story.only(Step.DELIVER).tries) == (SendState.PENDING, 1)


def test_what_was_being_sent_when_its_worker_died_does_not_go_to_an_office_no_longer_in_charge(
    case: Case, clock: time_machine.Traveller
) -> None:
    attempt()
    desk.correct(case.id, "staff:vera", department="cleaning")
    story.route(case, department="cleaning", parcels=(Parcel(department="cleaning", reason="routed"),))
    clock.shift(timedelta(seconds=61))
    tasks = [deliveries.begin(claim) for _ in range(2) for claim in claims.claim(Step.DELIVER, 5)]
    assert [task.department for task in tasks if task] == ["cleaning"]
    assert [d.state for d in story.again(case).deliveries] == [SendState.DROPPED, SendState.SENDING]


def test_what_was_on_its_way_when_the_ticket_moved_is_not_delivered_to_the_next_office(case: Case) -> None:
    claim, _ = attempt()
    desk.correct(case.id, "staff:vera", department="cleaning")
    held = Parcel(department="cleaning", reason="routed", automation=Automation.SUGGEST)
    story.route(case, department="cleaning", parcels=(held,))
    deliveries.sent(claim, story.receipt())
    assert story.again(case).status is TicketStatus.ROUTED
    assert [d.state for d in story.again(case).deliveries] == [SendState.SENT, SendState.NEEDS_DECISION]


def test_an_alarm_waits_for_no_picture(clock: time_machine.Traveller) -> None:
    picture = Attachment(url="https://marktplatz.example/1.jpg")
    case = story.open_ticket(story.connect(), attachments=(picture,))
    story.route(case, department="press", parcels=(Parcel(department="on_call", reason="alarm"),))
    assert attempt()


def test_an_alarm_that_cannot_be_delivered_leaves_the_ticket_where_it_stands() -> None:
    case = story.open_ticket(story.connect())
    alarm = Parcel(department="on_call", reason="alarm")
    case = story.route(case, status=TicketStatus.NEEDS_DECISION, department="press", parcels=(alarm,))
    deliveries.refused(attempt()[0], "no such mailbox")
    assert story.again(case).status is TicketStatus.NEEDS_DECISION
    assert [line.waiting_deliveries for line in search.listing("now").lines] == [1]

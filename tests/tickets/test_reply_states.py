"""The states of a reply: nothing is ever repeated blindly, and every end has a name."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine

from bridge.domain import (
    Automation,
    Cause,
    DecisionReason,
    SendState,
    Step,
    TicketStatus,
    Visibility,
    Withdrawal,
)
from bridge.tickets import claims, search, switches
from bridge.tickets.book import deliveries, desk, replies
from bridge.tickets.book.tickets import write_reply
from bridge.tickets.claims import Claim, LostClaimError
from bridge.tickets.session import writing
from bridge.tickets.tables import SentReplyRow, StaffRow
from bridge.tickets.types import utcnow
from bridge.tickets.views import Case, ReplyView
from tests.tickets import story

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(utcnow()) as traveller:
        yield traveller


@pytest.fixture
def account() -> int:
    return story.connect()


@pytest.fixture
def case(clock: object, account: int) -> Case:
    case = story.open_ticket(account, id="1", visibility=Visibility.PUBLIC)
    late = utcnow() + timedelta(hours=48)
    return story.route(case, story.draft(case, best_before=late))


def reply(case: Case) -> ReplyView:
    return story.again(case).replies[0]


def attempt() -> Claim:
    claim = story.only(Step.REPLY)
    assert replies.begin(claim)
    return claim


def test_a_task_carries_who_is_answered_where_and_the_key(case: Case) -> None:
    task = replies.begin(story.only(Step.REPLY))
    assert task
    assert not task.look_first
    assert task.reply.in_reply_to == "1"
    assert task.reply.recipient.handle == "ada@marktplatz.example"
    assert task.reply.visibility is Visibility.UNLISTED
    assert task.reply.idempotency_key == story.rows(SentReplyRow)[0].idempotency_key
    assert task.reply.first_attempt_at


OUTCOMES: list[tuple[str, Callable[[Claim], None], SendState, bool]] = [
    ("sent", lambda c: replies.sent(c, story.receipt()), SendState.SENT, False),
    ("surely not sent", lambda c: replies.not_sent(c, 5, "429"), SendState.PENDING, True),
    ("unknown", lambda c: replies.unknown(c, "time-out"), SendState.UNKNOWN, True),
    ("unreadable", lambda c: replies.cannot_look(c, 5, "503"), SendState.UNKNOWN, True),
    ("refused", lambda c: replies.refused(c, "422"), SendState.NEEDS_DECISION, False),
]


@pytest.mark.parametrize(("write", "state", "due"), [o[1:] for o in OUTCOMES], ids=[o[0] for o in OUTCOMES])
def test_every_outcome_has_its_state(
    case: Case,
    clock: time_machine.Traveller,
    write: Callable[[Claim], None],
    state: SendState,
    due: bool,
) -> None:
    write(attempt())
    assert reply(case).state is state
    assert Step.REPLY not in claims.due_steps()
    clock.shift(121)
    assert (Step.REPLY in claims.due_steps()) is due


def test_what_was_surely_not_sent_is_simply_sent_again(case: Case, clock: time_machine.Traveller) -> None:
    replies.not_sent(attempt(), 5, "429")
    clock.shift(6)
    task = replies.begin(story.only(Step.REPLY))
    assert task
    assert not task.look_first


def test_after_any_unknown_outcome_every_attempt_looks_first(
    case: Case, clock: time_machine.Traveller
) -> None:
    replies.unknown(attempt(), "time-out")
    for write in (replies.not_sent, replies.cannot_look, replies.not_sent):
        clock.shift(121)
        claim = story.only(Step.REPLY)
        task = replies.begin(claim)
        assert task
        assert task.look_first
        write(claim, 5, "429")


def test_an_attempt_that_died_is_looked_for_and_not_before_a_late_post_could_show(
    case: Case, clock: time_machine.Traveller
) -> None:
    attempt()
    clock.shift(61)
    assert replies.begin(story.only(Step.REPLY)) is None
    assert reply(case).state is SendState.UNKNOWN
    clock.shift(100)
    assert Step.REPLY not in claims.due_steps()
    clock.shift(21)
    task = replies.begin(story.only(Step.REPLY))
    assert task
    assert task.look_first


def test_three_unknown_outcomes_stop_the_ticket_until_a_person_has_looked(
    case: Case, clock: time_machine.Traveller
) -> None:
    story.person()
    for _ in range(3):
        clock.shift(121)
        replies.unknown(attempt(), "time-out")
    clock.shift(10_000)
    assert Step.REPLY not in claims.due_steps()
    case = story.again(case)
    assert (case.status, case.reason) == (TicketStatus.NEEDS_DECISION, DecisionReason.UNKNOWN_OUTCOME)
    assert reply(case).state is SendState.UNKNOWN
    assert story.rows(StaffRow)[0].step is Step.NOTIFY
    assert [line.waiting_replies for line in search.listing("now").lines] == [1]


def test_a_ticket_handed_over_while_it_was_stopped_goes_on_as_delivered(
    case: Case, clock: time_machine.Traveller
) -> None:
    for _ in range(3):
        clock.shift(121)
        replies.unknown(attempt(), "time-out")
    claim = story.only(Step.DELIVER)
    assert deliveries.begin(claim)
    deliveries.sent(claim, story.receipt())
    assert story.again(case).reason is DecisionReason.UNKNOWN_OUTCOME
    desk.settle_reply(reply(case).id, "staff:vera", arrived=True)
    assert story.again(case).status is TicketStatus.DELIVERED


def test_an_unknown_reply_found_in_the_thread_is_sent(case: Case, clock: time_machine.Traveller) -> None:
    replies.unknown(attempt(), "time-out")
    clock.shift(121)
    replies.sent(attempt(), story.receipt("55"))
    assert (reply(case).state, reply(case).url) == (SendState.SENT, "https://marktplatz.example/55")


def test_a_refusal_after_an_unknown_outcome_is_still_unknown(
    case: Case, clock: time_machine.Traveller
) -> None:
    replies.unknown(attempt(), "time-out")
    clock.shift(121)
    replies.refused(attempt(), "403 duplicate content")
    assert reply(case).state is SendState.UNKNOWN
    assert story.again(case).reason is DecisionReason.UNKNOWN_OUTCOME


def test_endless_trouble_ends_with_a_person(case: Case, clock: time_machine.Traveller) -> None:
    for _ in range(replies.MOST_TRIES):
        replies.not_sent(attempt(), 5, "the server is away")
        clock.shift(6)
    assert (reply(case).state, reply(case).error) == (SendState.NEEDS_DECISION, "the server is away")


def test_an_unreadable_thread_ends_with_a_person_who_looks(case: Case, clock: time_machine.Traveller) -> None:
    replies.unknown(attempt(), "time-out")
    for _ in range(replies.MOST_TRIES - 1):
        clock.shift(121)
        replies.cannot_look(attempt(), 5, "503")
    assert reply(case).state is SendState.UNKNOWN
    assert story.again(case).reason is DecisionReason.UNKNOWN_OUTCOME


def test_a_reply_that_kills_every_process_ends_with_a_person(
    case: Case, clock: time_machine.Traveller
) -> None:
    for _ in range(2 * replies.MOST_TRIES):
        clock.shift(200)
        for claim in claims.claim(Step.REPLY, 1):
            replies.begin(claim)
    assert reply(case).state is SendState.UNKNOWN
    assert Step.REPLY not in claims.due_steps()


def test_what_is_too_old_waits_for_a_person_who_may_still_send_it(
    case: Case, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(hours=49))
    assert replies.begin(story.only(Step.REPLY)) is None
    assert reply(case).state is SendState.NEEDS_DECISION
    desk.release_reply(reply(case).id, "staff:vera")
    assert attempt()


def test_a_suggestion_does_not_grow_too_old_before_its_release(clock: time_machine.Traveller) -> None:
    case = story.open_ticket(story.connect())
    late = utcnow() + timedelta(hours=48)
    story.route(case, story.draft(case, automation=Automation.SUGGEST, best_before=late))
    clock.shift(timedelta(days=5))
    desk.release_reply(reply(case).id, "staff:vera")
    assert attempt()


@pytest.mark.parametrize("unknown", [False, True])
def test_a_reply_to_a_message_taken_back_is_dropped(
    case: Case, account: int, clock: time_machine.Traveller, unknown: bool
) -> None:
    claim = attempt()
    if unknown:
        replies.unknown(claim, "time-out")
    else:
        replies.not_sent(claim, 5, "429")
    story.enter(account, Withdrawal(external_id="1"))
    clock.shift(121)
    for again in claims.claim(Step.REPLY, 1):
        assert replies.begin(again)
        assert not replies.not_found(again)
    assert reply(case).state is SendState.DROPPED


def test_the_pause_gives_replies_back_untried(case: Case) -> None:
    claim = story.only(Step.REPLY)
    switches.pause("staff:vera")
    assert replies.begin(claim) is None
    switches.resume()
    assert (reply(case).state, story.only(Step.REPLY).tries) == (SendState.PENDING, 1)


def test_the_pause_pressed_while_we_looked_stops_the_repetition(
    case: Case, clock: time_machine.Traveller
) -> None:
    replies.unknown(attempt(), "time-out")
    clock.shift(121)
    claim = attempt()
    switches.pause("staff:vera")
    assert not replies.not_found(claim)
    switches.resume()
    task = replies.begin(story.only(Step.REPLY))
    assert task
    assert task.look_first


def test_a_worker_that_comes_too_late_does_not_call_a_sent_reply_unsent(
    case: Case, clock: time_machine.Traveller
) -> None:
    slow = attempt()
    clock.shift(61)
    replies.begin(story.only(Step.REPLY))
    with pytest.raises(LostClaimError):
        replies.not_sent(slow, 5, "429")
    with pytest.raises(LostClaimError):
        replies.begin(slow)


def test_an_emergency_text_has_a_reply_of_its_own_beside_the_acknowledgement(case: Case) -> None:
    with writing() as session:
        assert write_reply(session, story.draft(case, Cause.EMERGENCY), case.id)
        assert write_reply(session, story.draft(case, Cause.EMERGENCY), case.id) is None

"""What staff do takes effect at once, is in the history, and never happens twice."""

from collections.abc import Callable

import pytest

from bridge.domain import (
    Automation,
    Cause,
    DecisionReason,
    Kind,
    PermanentError,
    Point,
    SendState,
    Step,
    TicketStatus,
    Visibility,
    Withdrawal,
)
from bridge.tickets import claims, search
from bridge.tickets.book import deliveries, desk, messages, replies
from bridge.tickets.book.tickets import Parcel
from bridge.tickets.tables import MessageRow, SentReplyRow, TicketRow
from bridge.tickets.views import Case
from tests.factories import make_location, make_understanding
from tests.tickets import story

pytestmark = pytest.mark.usefixtures("database")
VERA = "staff:vera"


@pytest.fixture
def account() -> int:
    return story.connect()


@pytest.fixture
def case(account: int) -> Case:
    """A ticket whose reply and hand-over wait for a release."""
    case = story.open_ticket(account, id="1")
    waiting = story.draft(case, automation=Automation.SUGGEST)
    parcel = Parcel(department="streets", reason="routed", automation=Automation.SUGGEST)
    return story.route(case, waiting, parcels=(parcel,))


def unclear(case: Case) -> int:
    """A reply that may have been posted and waits for somebody to look; its id."""
    desk.release_reply(case.replies[0].id, VERA)
    claim = story.only(Step.REPLY)
    replies.begin(claim)
    story.change(SentReplyRow, claim.id, unknowns=2)
    replies.unknown(claim, "time-out")
    return claim.id


def test_a_correction_is_certain_and_routes_again(case: Case) -> None:
    place = make_location(label="Nordplatz", confidence=0.2)
    desk.correct(case.id, VERA, category="road_damage", location=place, department="cleaning")
    case = story.again(case)
    assert (case.category, case.confidence, case.fixed_department) == ("road_damage", 1.0, "cleaning")
    assert case.location == place.model_copy(update={"confidence": 1.0})
    assert (case.history[-1].what, case.history[-1].actor) == ("corrected", VERA)
    assert (case.revision, case.seen_at is not None) == (0, True)
    assert story.only(Step.ROUTE).id == case.id


def test_what_was_handed_over_before_gets_a_correction(case: Case) -> None:
    desk.release_delivery(case.deliveries[0].id, VERA)
    claim = story.only(Step.DELIVER)
    deliveries.begin(claim)
    deliveries.sent(claim, story.receipt())
    desk.correct(case.id, VERA, category="road_damage")
    assert story.again(case).revision == 1


@pytest.mark.parametrize(
    ("kind", "then"), [(Kind.QUESTION, Kind.REPORT), (Kind.EMERGENCY, Kind.EMERGENCY)], ids=str
)
def test_whoever_gets_a_category_is_a_report_but_for_emergencies(case: Case, kind: Kind, then: Kind) -> None:
    story.change(TicketRow, case.id, kind=kind)
    desk.correct(case.id, VERA, category="road_damage")
    assert story.again(case).kind is then


def test_an_answer_is_sent_without_a_release_and_settles_the_news(case: Case) -> None:
    story.change(TicketRow, case.id, news_at=case.opened_at)
    assert desk.answer(case.id, VERA, "  Morgen kommt jemand. ") == 1
    case = story.again(case)
    reply = case.replies[-1]
    assert (reply.cause, reply.state, reply.text) == (Cause.STAFF, SendState.PENDING, "Morgen kommt jemand.")
    assert reply.visibility is Visibility.UNLISTED
    assert case.news_at is None
    assert desk.answer(case.id, VERA, "Morgen kommt jemand.") == 1


def test_a_direct_message_is_never_answered_in_public(account: int) -> None:
    case = story.open_ticket(account, visibility=Visibility.DIRECT)
    desk.answer(case.id, VERA, "Danke")
    assert story.again(case).replies[0].visibility is Visibility.DIRECT


def test_nobody_is_told_that_an_answer_left_where_nobody_can_be_answered(account: int, case: Case) -> None:
    story.enter(account, Withdrawal(external_id="1"))
    with pytest.raises(PermanentError, match="nobody to answer"):
        desk.answer(case.id, VERA, "Danke")
    with pytest.raises(PermanentError):
        desk.answer(case.id, VERA, "   ")


def test_a_waiting_reply_is_released_perhaps_reworded(case: Case) -> None:
    reply = case.replies[0]
    desk.release_reply(reply.id, VERA, "Besser gesagt.")
    task = replies.begin(story.only(Step.REPLY))
    assert task
    assert (task.reply.text, task.look_first) == ("Besser gesagt.", False)


def test_a_waiting_hand_over_is_released(case: Case) -> None:
    desk.release_delivery(case.deliveries[0].id, VERA)
    assert deliveries.begin(story.only(Step.DELIVER))


@pytest.mark.parametrize(
    ("act", "state"),
    [
        (lambda case: desk.drop_reply(case.replies[0].id, VERA), SendState.DROPPED),
        (lambda case: desk.mark_sent(case.replies[0].id, VERA), SendState.SENT),
        (lambda case: desk.release_reply(case.replies[0].id, VERA), SendState.PENDING),
        (lambda case: desk.drop_delivery(case.deliveries[0].id, VERA), SendState.DROPPED),
        (lambda case: desk.release_delivery(case.deliveries[0].id, VERA), SendState.PENDING),
    ],
    ids=["drop reply", "by hand", "release reply", "drop hand-over", "release hand-over"],
)
def test_what_was_decided_cannot_be_decided_again(
    case: Case, act: Callable[[Case], None], state: SendState
) -> None:
    act(case)
    decided = story.again(case)
    assert state in {decided.replies[0].state, decided.deliveries[0].state}
    assert decided.history[-1].actor == VERA
    with pytest.raises(PermanentError, match="decided meanwhile"):
        act(case)


def test_an_unclear_reply_that_is_there_is_never_sent_again(case: Case) -> None:
    desk.settle_reply(unclear(case), VERA, arrived=True)
    case = story.again(case)
    assert case.replies[0].state is SendState.SENT
    assert (case.status, case.reason) == (TicketStatus.ROUTED, None)
    assert Step.REPLY not in claims.due_steps()


def test_an_unclear_reply_that_is_still_looked_for_can_be_settled_too(case: Case) -> None:
    desk.release_reply(case.replies[0].id, VERA)
    claim = story.only(Step.REPLY)
    replies.begin(claim)
    replies.unknown(claim, "time-out")
    desk.settle_reply(claim.id, VERA, arrived=True)
    assert [row.step for row in story.rows(SentReplyRow)] == [None]


def test_an_unclear_reply_that_is_not_there_is_sent_again_under_its_key(case: Case) -> None:
    reply_id = unclear(case)
    key = story.rows(SentReplyRow)[0].idempotency_key
    assert story.again(case).reason is DecisionReason.UNKNOWN_OUTCOME
    desk.settle_reply(reply_id, VERA, arrived=False)
    assert story.again(case).status is TicketStatus.ROUTED
    task = replies.begin(story.only(Step.REPLY))
    assert task
    assert (task.reply.idempotency_key, task.look_first) == (key, False)


def test_an_unclear_reply_cannot_be_released_blindly(case: Case) -> None:
    with pytest.raises(PermanentError):
        desk.release_reply(unclear(case), VERA)


def test_a_note_stays_among_staff(case: Case) -> None:
    desk.note(case.id, VERA, " Frau Vera ruft an. ")
    noted = story.again(case)
    assert noted.history[-1].detail == {"text": "Frau Vera ruft an."}
    assert len(noted.replies) == len(case.replies)


def test_whoever_has_seen_the_news_takes_them_off_the_list(account: int) -> None:
    case = story.open_ticket(account, make_understanding(kind=Kind.EMERGENCY))
    assert [line.id for line in search.listing("now").lines] == [case.id]
    desk.seen(case.id, VERA)
    assert search.listing("now").total == 0


def test_a_phone_call_becomes_a_ticket_whose_answer_is_given_by_hand() -> None:
    point = Point(lat=51.01, lon=12.01)
    message_id = desk.enter_by_hand(VERA, source="Telefon", text="Ampel aus", author="Ada", point=point)
    (row,) = story.rows(MessageRow)
    assert (row.lat, row.visibility, search.ticket_of_message(message_id)) == (51.01, Visibility.DIRECT, None)
    assert messages.words(story.only(Step.UNDERSTAND)).point == point
    story.change(MessageRow, message_id, lease_until=None)
    story.understood()
    messages.open_or_join(story.only(Step.OPEN), story.OPENING)
    ticket_id = search.ticket_of_message(message_id)
    assert ticket_id
    desk.answer(ticket_id, VERA, "Danke für Ihren Anruf.")
    (reply,) = story.again(ticket_id).replies
    assert (reply.by_hand, reply.state) == (True, SendState.NEEDS_DECISION)
    desk.mark_sent(reply.id, VERA)
    assert story.again(ticket_id).replies[0].state is SendState.SENT


def test_two_calls_taken_down_at_once_are_two_conversations() -> None:
    for name in ("Ada", "Ben"):
        desk.enter_by_hand(VERA, source="Telefon", text="Ampel aus", author=name)
    assert len({row.conversation_id for row in story.rows(MessageRow)}) == 2
    assert len({row.city_account_id for row in story.rows(MessageRow)}) == 1

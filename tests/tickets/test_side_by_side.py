"""Two at the same time do what one after the other would have done: nothing lost, nothing doubled."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from bridge.domain import (
    InboundMessage,
    PermanentError,
    PlatformEvent,
    SendState,
    Step,
    TicketStatus,
    Withdrawal,
)
from bridge.tickets import claims, switches
from bridge.tickets.book import accounts, deliveries, desk, events, messages, replies, staff, tickets, updates
from bridge.tickets.book.tickets import Decision, Parcel
from bridge.tickets.claims import LostClaimError
from bridge.tickets.session import reading
from bridge.tickets.tables import (
    CityAccountRow,
    ConversationRow,
    DeliveryRow,
    MessageRow,
    RawEventRow,
    ReporterRow,
    SentReplyRow,
    StaffRow,
    StatusUpdateRow,
    TicketRow,
)
from bridge.tickets.types import utcnow
from bridge.tickets.views import Case
from tests.tickets import story
from tests.tickets.overlap import overlap

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def account() -> int:
    return story.connect()


@pytest.fixture
def case(account: int) -> Case:
    return story.open_ticket(account, id="1")


def entering(account: int, found: InboundMessage | Withdrawal) -> Callable[[], bool]:
    """The receiving of one event, ready to be done."""
    events.store_events(account, (PlatformEvent(key=f"{found!r}"[:200], payload="{}"),))
    claim = story.only(Step.RECEIVE)
    return lambda: events.enter(claim, [found])


def understood(account: int, *posts: InboundMessage) -> list[claims.Claim]:
    """Messages ready to be opened, each claimed."""
    for post in posts:
        assert story.enter(account, post)
        story.understood()
    return claims.claim(Step.OPEN, 10)


def ours(text: str = "Wir kümmern uns.", **changed: Any) -> InboundMessage:
    """A post of our own below Ada's."""
    given = {"author": story.US, "by_us": True, "in_reply_to": "1", "conversation_id": "1"}
    return story.post(text, **given | changed)


def deciding(case: Case, **changed: Any) -> Callable[[], None]:
    """The routing of the due ticket with its acknowledgement, ready to be done."""
    claim = story.only(Step.ROUTE)
    given = {"status": TicketStatus.ROUTED, "department": "streets", "drafts": (story.draft(case),)}
    return lambda: tickets.decide(claim, Decision(**given | changed))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"id": "1"}, {"id": "2"}),
        ({"id": "1"}, {"id": "2", "author": story.BEN, "conversation_id": "1"}),
    ],
    ids=["of one person", "in one conversation"],
)
def test_two_messages_open_one_ticket(account: int, first: dict[str, Any], second: dict[str, Any]) -> None:
    one, two = understood(account, story.post(**first), story.post(**second))
    opened = overlap(
        lambda: messages.open_or_join(one, story.OPENING), lambda: messages.open_or_join(two, story.OPENING)
    )
    assert [each.result() for each in opened] == ["opened", "joined"]
    assert len(story.rows(TicketRow)) == 1


def test_two_colleagues_open_one_ticket_of_a_message(account: int) -> None:
    assert story.enter(account, story.post())
    (message,) = story.rows(MessageRow)

    def press() -> int:
        return desk.open_from_message(message.id or 0, "staff:vera", story.OPENING)

    one, two = overlap(press, press)
    assert one.result() == two.result()
    assert len(story.rows(TicketRow)) == 1


def test_two_first_messages_of_a_person_find_one_reporter_and_one_conversation(account: int) -> None:
    first = entering(account, story.post(id="1"))
    one, two = overlap(first, entering(account, story.post(id="2", conversation_id="1")))
    assert one.result()
    assert two.result()
    assert [len(story.rows(table)) for table in (ReporterRow, ConversationRow, MessageRow)] == [1, 1, 2]


def test_two_events_of_one_message_enter_it_once(account: int) -> None:
    post = story.post(id="1")
    first = entering(account, post)
    newer = post.model_copy(update={"text": "Die Ampel geht wieder", "edited_at": datetime.now(UTC)})
    one, two = overlap(first, entering(account, newer))
    assert one.result()
    assert two.result()
    assert [row.text for row in story.rows(MessageRow)] == ["Die Ampel geht wieder"]


def test_an_edit_brings_back_no_words_that_were_deleted(account: int) -> None:
    post = story.post(id="1")
    assert story.enter(account, post)
    newer = post.model_copy(update={"text": "anders", "edited_at": datetime.now(UTC)})
    gone = entering(account, Withdrawal(external_id="1"))
    one, two = overlap(gone, entering(account, newer))
    assert not one.result()
    assert not two.result()
    assert [row.text for row in story.rows(MessageRow)] == [""]


def test_a_ticket_halts_when_its_last_two_messages_are_deleted_at_once(account: int, case: Case) -> None:
    assert story.arrive(account, story.post(id="2", conversation_id="1", in_reply_to="1")) == "joined"
    first = entering(account, Withdrawal(external_id="1"))
    overlap(first, entering(account, Withdrawal(external_id="2")))
    assert story.again(case).status is TicketStatus.NEEDS_DECISION


def test_a_page_of_events_told_in_two_orders_is_stored_once(account: int) -> None:
    page = tuple(PlatformEvent(key=key, payload="{}") for key in "abc")
    one, two = overlap(
        lambda: events.store_events(account, page), lambda: events.store_events(account, page[::-1])
    )
    assert (one.result(), two.result()) == (3, 0)
    assert len(story.rows(RawEventRow)) == 3


def test_events_known_already_use_up_no_row_ids(account: int) -> None:
    for key in "aaab":
        events.store_events(account, (PlatformEvent(key=key, payload="{}"),))
    assert [row.id for row in story.rows(RawEventRow)] == [1, 2]


def test_a_word_heard_twice_is_kept_once(case: Case) -> None:
    def hear() -> bool:
        status = TicketStatus.RESOLVED
        return updates.hear(case.id, "streets", "mail-1", status=status, words="", actor="department:streets")

    one, two = overlap(hear, hear)
    assert (one.result(), two.result()) == (True, False)
    assert len(story.rows(StatusUpdateRow)) == 1


def test_a_correction_beside_a_decision_routes_again(case: Case) -> None:
    one, two = overlap(deciding(case), lambda: desk.correct(case.id, "staff:vera", department="cleaning"))
    one.result()
    two.result()
    assert story.again(case).fixed_department == "cleaning"
    assert story.only(Step.ROUTE).id == case.id


def test_a_decision_beside_a_correction_is_not_written(case: Case) -> None:
    decide = deciding(case)
    one, two = overlap(lambda: desk.correct(case.id, "staff:vera", department="cleaning"), decide)
    one.result()
    assert isinstance(two.exception(), LostClaimError)
    assert story.rows(SentReplyRow) == []
    assert story.only(Step.ROUTE).id == case.id


def test_a_colleagues_answer_stops_an_acknowledgement_written_in_that_moment(
    account: int, case: Case
) -> None:
    decide = deciding(case)
    one, two = overlap(decide, entering(account, ours()))
    one.result()
    two.result()
    assert [row.state for row in story.rows(SentReplyRow)] == [SendState.DROPPED]


def test_an_acknowledgement_is_not_written_beside_a_colleagues_answer(account: int, case: Case) -> None:
    decide = deciding(case)
    one, two = overlap(entering(account, ours()), decide)
    one.result()
    two.result()
    assert [row.state for row in story.rows(SentReplyRow)] == [SendState.DROPPED]


def test_a_reply_seen_in_the_thread_before_its_receipt_is_written_stays_sent_once(
    account: int, case: Case
) -> None:
    story.route(case, story.draft(case), parcels=())
    sending = story.only(Step.REPLY)
    task = replies.begin(sending)
    assert task
    seen = ours(task.reply.text, id="55")
    one, two = overlap(lambda: replies.sent(sending, story.receipt("55")), entering(account, seen))
    one.result()
    two.result()
    (row,) = story.rows(SentReplyRow)
    assert (row.state, row.external_id, row.step) == (SendState.SENT, "55", None)
    assert len(story.rows(MessageRow)) == 1


@pytest.mark.parametrize("act", ["release", "drop"])
def test_what_one_colleague_decided_another_cannot(case: Case, act: str) -> None:
    suggested = story.draft(case, automation="suggest")
    story.route(case, suggested, parcels=())
    (reply,) = story.rows(SentReplyRow)
    second = desk.release_reply if act == "release" else desk.drop_reply
    one, two = overlap(
        lambda: desk.release_reply(reply.id or 0, "staff:vera"), lambda: second(reply.id or 0, "staff:ben")
    )
    one.result()
    assert isinstance(two.exception(), PermanentError)
    assert story.rows(SentReplyRow)[0].state is SendState.PENDING


def test_a_ticket_that_goes_elsewhere_while_its_mail_is_refused_ends_in_no_ring(case: Case) -> None:
    story.route(case)
    sending = story.only(Step.DELIVER)
    assert deliveries.begin(sending)
    desk.correct(case.id, "staff:vera", department="cleaning")
    parcel = Parcel(department="cleaning", reason="routed")
    elsewhere = deciding(case, department="cleaning", drafts=(), parcels=(parcel,))
    one, two = overlap(elsewhere, lambda: deliveries.refused(sending, "550 nobody here"))
    one.result()
    assert two.exception() is None or isinstance(two.exception(), LostClaimError)
    assert {row.department for row in story.rows(DeliveryRow)} == {"streets", "cleaning"}


@pytest.mark.parametrize("notice_first", [True, False])
def test_what_needs_a_person_while_a_notice_is_sent_is_told_next(case: Case, notice_first: bool) -> None:
    story.person()
    desk.correct(case.id, "staff:vera", category="road_damage")
    story.change(StaffRow, 1, step=Step.NOTIFY, due_at=utcnow() - timedelta(seconds=1))
    notice = story.only(Step.NOTIFY)
    until = utcnow() - timedelta(seconds=1)
    decide = deciding(case, status=TicketStatus.NEEDS_DECISION, reason="unclear", drafts=())
    both: list[Callable[[], None]] = [decide, lambda: staff.noticed(notice, until)]
    for each in overlap(*(both[::-1] if notice_first else both)):
        each.result()
    assert claims.due_steps().count(Step.NOTIFY) == 1


def test_two_tickers_at_the_very_start_are_one() -> None:
    one, two = overlap(
        lambda: switches.hold_lease("ticker", "one", 5), lambda: switches.hold_lease("ticker", "two", 5)
    )
    assert (one.result(), two.result()) == (True, False)


def test_two_colleagues_press_pause() -> None:
    for each in overlap(lambda: switches.pause("staff:vera"), lambda: switches.pause("staff:ben")):
        each.result()
    assert switches.paused_by() == "staff:ben"


def test_an_account_connected_twice_is_one() -> None:
    one, two = overlap(story.connect, story.connect)
    assert one.result() == two.result()
    assert len(story.rows(CityAccountRow)) == 1
    assert accounts.get(one.result()).handle == "stadt"


def test_a_claim_and_what_wakes_its_row_never_share_it(account: int, case: Case) -> None:
    one, two = overlap(
        lambda: desk.correct(case.id, "staff:vera", category="road_damage"),
        lambda: claims.claim(Step.ROUTE, 10),
    )
    one.result()
    held = [*two.result(), *claims.claim(Step.ROUTE, 10)]
    written = 0
    for claim in held:
        try:
            claims.finish(claim)
            written += 1
        except LostClaimError:
            pass
    assert written == 1


def test_whoever_reads_sees_one_moment(case: Case) -> None:
    with reading() as session:
        assert len(session.exec(select(TicketRow)).all()) == 1
        desk.seen(case.id, "staff:vera")
        session.expire_all()
        assert session.get_one(TicketRow, case.id).seen_at is None
    assert story.again(case).seen_at

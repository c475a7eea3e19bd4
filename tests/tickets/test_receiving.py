"""What platforms tell is stored raw and once, and then read into messages, edits and withdrawals."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bridge.domain import (
    Attachment,
    Cause,
    Kind,
    PlatformEvent,
    Point,
    SendState,
    Step,
    TicketStatus,
    Withdrawal,
)
from bridge.tickets import claims
from bridge.tickets.book import accounts, attachments, events, messages
from bridge.tickets.book.tickets import Parcel
from bridge.tickets.claims import LostClaimError
from bridge.tickets.session import writing
from bridge.tickets.tables import (
    AttachmentRow,
    CityAccountRow,
    ConversationRow,
    HistoryRow,
    MessageRow,
    RawEventRow,
    ReporterRow,
)
from tests.factories import make_understanding
from tests.tickets import story

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def account() -> int:
    return story.connect()


def page(*keys: str) -> tuple[PlatformEvent, ...]:
    return tuple(PlatformEvent(key=key, payload=f"payload of {key}") for key in keys)


def test_the_cursor_moves_with_the_events_or_not_at_all(account: int) -> None:
    claim = story.only(Step.POLL)
    assert events.store_page(claim, page("a", "b"), "after b", 30) == 2
    assert accounts.get(account).cursor == "after b"
    with writing() as session:
        claims.wake(session.get_one(CityAccountRow, account), Step.POLL)
    with pytest.raises(LostClaimError):
        events.store_page(claim, page("c"), "after c", 30)
    assert accounts.get(account).cursor == "after b"
    assert [row.key for row in story.rows(RawEventRow)] == ["a", "b"]


def test_overlapping_pages_store_each_event_once(account: int) -> None:
    assert events.store_events(account, page("a", "b")) == 2
    assert events.store_events(account, page("b", "c", "c")) == 1


def test_the_same_page_from_sixteen_threads_fifty_times_stores_each_event_once(account: int) -> None:
    keys, new, barrier = [str(number) for number in range(20)], [], threading.Barrier(16)

    def deliver(times: int) -> None:
        barrier.wait()
        new.extend(events.store_events(account, page(*keys)) for _ in range(times))

    threads = [threading.Thread(target=deliver, args=(4 if n < 2 else 3,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(new), sum(new)) == (50, 20)
    assert len(story.rows(RawEventRow)) == 20


def test_two_accounts_may_have_events_of_the_same_key(account: int) -> None:
    other = accounts.connect("mastodon", "https://other.example", "stadt", "1", "t", limit=1, poll_seconds=1)
    assert events.store_events(account, page("a")) + events.store_events(other, page("a")) == 2


@given(
    text=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=300)
)
@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_words_are_kept_letter_by_letter(account: int, text: str) -> None:
    assert story.enter(account, story.post(text))
    assert story.rows(MessageRow)[-1].text == text
    story.understood(make_understanding(kind=Kind.IRRELEVANT))
    messages.open_or_join(story.only(Step.OPEN), story.OPENING)


def test_a_message_brings_its_author_conversation_place_and_pictures(account: int) -> None:
    picture = Attachment(url="https://marktplatz.example/1.jpg", description="die Ampel")
    point = Point(lat=51.01, lon=12.01)
    assert story.enter(account, story.post(attachments=(picture, picture), point=point))
    (row,) = story.rows(MessageRow)
    assert (row.lat, row.lon, row.step) == (51.01, 12.01, Step.UNDERSTAND)
    assert [r.handle for r in story.rows(ReporterRow)] == ["ada@marktplatz.example"]
    assert [a.description for a in story.rows(AttachmentRow)] == ["die Ampel"]


def test_answers_stand_in_the_conversation_of_what_they_answer(account: int) -> None:
    story.enter(account, story.post(id="1"))
    story.enter(account, story.post(id="2", conversation_id="1", in_reply_to="1"))
    story.enter(account, story.post(id="3", conversation_id="unknown", in_reply_to="2"))
    assert len({row.conversation_id for row in story.rows(MessageRow)}) == 1
    assert len(story.rows(ConversationRow)) == 1


@pytest.mark.parametrize(
    "changed",
    [{"addressed": False}, {"author": story.ADA.model_copy(update={"bot": True})}],
    ids=["named in passing", "a bot"],
)
def test_what_does_not_speak_to_us_is_stored_and_left_alone(account: int, changed: dict[str, object]) -> None:
    assert not story.enter(account, story.post(**changed))
    (row,) = story.rows(MessageRow)
    assert row.step is None
    edit = story.post("anders", id=row.external_id, edited_at=datetime.now(UTC), **changed)
    assert not story.enter(account, edit)
    assert story.rows(MessageRow)[0].text == "anders"
    assert story.rows(MessageRow)[0].step is None


def test_an_edit_that_begins_to_speak_to_us_is_understood(account: int) -> None:
    story.enter(account, story.post(id="1", addressed=False))
    assert story.enter(account, story.post("@stadt die Ampel", id="1", edited_at=datetime.now(UTC)))
    assert story.only(Step.UNDERSTAND)


def test_an_edit_counts_once_and_an_older_one_not_at_all(account: int) -> None:
    now = datetime.now(UTC)
    story.open_ticket(account, id="1")
    assert story.enter(account, story.post("neu", id="1", edited_at=now))
    assert not story.enter(account, story.post("neu", id="1", edited_at=now))
    assert not story.enter(account, story.post("alt", id="1", edited_at=now - timedelta(minutes=1)))
    assert not story.enter(account, story.post("neu", id="1", edited_at=now + timedelta(minutes=1)))
    assert story.rows(MessageRow)[0].text == "neu"


def test_an_edit_after_opening_is_news_is_understood_anew_and_may_complete_the_place(account: int) -> None:
    case = story.open_ticket(account, make_understanding(location=None), id="1")
    picture = Attachment(url="https://marktplatz.example/2.jpg")
    story.route(case, status=TicketStatus.NEEDS_INFO, parcels=())
    edit = story.post("Ampel Haupt-/Ringstraße", id="1", edited_at=datetime.now(UTC), attachments=(picture,))
    assert story.enter(account, edit)
    assert story.again(case).news_at
    story.understood()
    assert messages.open_or_join(story.only(Step.OPEN), story.OPENING) == "joined"
    case = story.again(case)
    assert case.location
    assert case.text == "Ampel Haupt-/Ringstraße"
    assert story.only(Step.FETCH)
    assert story.only(Step.ROUTE).id == case.id
    assert len(case.messages) == 1


def test_a_withdrawal_forgets_words_place_pictures_and_payload(account: int) -> None:
    picture = Attachment(url="https://marktplatz.example/1.jpg")
    secret = make_understanding(licence_plates=("ZZ-ZZ 0000",))
    case = story.open_ticket(
        account,
        secret,
        id="1",
        text="ZZ-ZZ 0000 parkt falsch",
        spoiler_text="Achtung",
        attachments=(picture,),
        point=Point(lat=51, lon=12),
        url="https://marktplatz.example/@ada/1",
    )
    story.enter(account, Withdrawal(external_id="1"))
    (row,) = story.rows(MessageRow)
    assert (row.text, row.spoiler_text, row.lat, row.url, row.understanding) == ("", "", None, None, None)
    assert row.withdrawn_at
    assert story.rows(AttachmentRow) == []
    assert {event.payload for event in story.rows(RawEventRow) if event.about == "1"} == {""}
    assert not any("ZZ-ZZ" in str(entry.detail) for entry in story.rows(HistoryRow))
    assert story.again(case).text == ""
    assert story.again(case).threads == ()


def test_what_was_taken_back_stays_so_whatever_is_told_later(account: int) -> None:
    story.enter(account, story.post("geheim", id="1"))
    story.enter(account, Withdrawal(external_id="1"), Withdrawal(external_id="1"))
    assert not story.enter(account, story.post("geheim", id="1"))
    assert not story.enter(account, story.post("geheim!", id="1", edited_at=datetime.now(UTC)))
    assert story.rows(MessageRow)[0].text == ""
    assert claims.due_steps() == [Step.POLL]


def test_a_withdrawal_of_something_unknown_changes_nothing(account: int) -> None:
    assert not story.enter(account, Withdrawal(external_id="never seen"))
    assert story.rows(MessageRow) == []


@pytest.mark.parametrize("step", [Step.UNDERSTAND, Step.OPEN])
def test_a_withdrawal_ends_the_work_on_its_message(account: int, step: Step) -> None:
    story.enter(account, story.post(id="1"))
    if step is Step.OPEN:
        story.understood()
    claim = story.only(step)
    story.enter(account, Withdrawal(external_id="1"))
    with pytest.raises(LostClaimError):
        messages.understood(claim, story.CLEAR)
    assert claims.due_steps() == [Step.POLL]


def test_a_withdrawal_stops_the_replies_and_hand_overs_that_wait(account: int) -> None:
    case = story.open_ticket(account, id="1")
    case = story.route(case, story.draft(case))
    story.enter(account, Withdrawal(external_id="1"))
    case = story.again(case)
    assert [reply.state for reply in case.replies] == [SendState.DROPPED]
    assert [delivery.state for delivery in case.deliveries] == [SendState.DROPPED]
    assert case.status is TicketStatus.NEEDS_DECISION
    assert claims.due_steps() == [Step.POLL]


def test_a_withdrawal_leaves_what_else_the_reporter_wrote(account: int) -> None:
    case = story.open_ticket(account, id="1")
    story.arrive(account, story.post("Und der Taster klemmt", id="2", conversation_id="1", in_reply_to="1"))
    story.route(case)
    story.enter(account, Withdrawal(external_id="1"))
    case = story.again(case)
    assert case.text == "Und der Taster klemmt"
    assert [delivery.state for delivery in case.deliveries] == [SendState.PENDING]
    assert case.status is TicketStatus.ROUTED


def test_a_withdrawn_emergency_still_alarms(account: int) -> None:
    case = story.open_ticket(account, make_understanding(kind=Kind.EMERGENCY), id="1")
    alarm = Parcel(department="on_call", reason="alarm")
    case = story.route(case, story.draft(case, Cause.EMERGENCY), parcels=(alarm,), department="press")
    story.enter(account, Withdrawal(external_id="1"))
    assert [delivery.state for delivery in story.again(case).deliveries] == [SendState.PENDING]


def test_pictures_of_a_withdrawn_message_are_not_kept(account: int) -> None:
    picture = Attachment(url="https://marktplatz.example/1.jpg")
    story.open_ticket(account, id="1", attachments=(picture,))
    claim = story.only(Step.FETCH)
    assert attachments.wanted(claim)
    story.enter(account, Withdrawal(external_id="1"))
    assert attachments.wanted(claim) is None
    with pytest.raises(LostClaimError):
        attachments.stored(claim, "x.jpg")

"""What a message becomes: a ticket, a part of one, or nothing that anybody answers."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from bridge.domain import (
    Attachment,
    Flag,
    InboundMessage,
    Kind,
    PermanentError,
    Precision,
    Step,
    TicketStatus,
    Withdrawal,
)
from bridge.tickets import claims, search
from bridge.tickets.book import attachments, messages
from bridge.tickets.session import writing
from bridge.tickets.tables import HistoryRow, StaffRow, TicketConversationRow, TicketRow
from bridge.tickets.views import Case
from tests.factories import make_location, make_understanding
from tests.tickets import story

pytestmark = pytest.mark.usefixtures("database")
PLACELESS = make_understanding(location=None)
EMERGENCY = make_understanding(kind=Kind.EMERGENCY, category=None)


@pytest.fixture
def account() -> int:
    return story.connect()


@pytest.fixture
def case(account: int) -> Case:
    return story.open_ticket(account, id="1")


def in_thread(text: str = "Noch etwas", **changed: object) -> InboundMessage:
    return story.post(text, **{"conversation_id": "1", "in_reply_to": "1"} | changed)


@pytest.mark.parametrize(
    ("kind", "becomes"),
    [
        (Kind.REPORT, "opened"),
        (Kind.QUESTION, "opened"),
        (Kind.FEEDBACK, "opened"),
        (Kind.EMERGENCY, "opened"),
        (Kind.ABUSE, "put away"),
        (Kind.IRRELEVANT, "put away"),
    ],
)
def test_every_kind_becomes_what_the_table_says(account: int, kind: Kind, becomes: str) -> None:
    assert story.arrive(account, story.post(), make_understanding(kind=kind)) == becomes
    assert len(story.rows(TicketRow)) == (becomes == "opened")
    listed = [m.kind for m in (*search.moderation(), *search.folded())]
    assert listed == ([kind] if becomes == "put away" else [])
    assert (Step.ROUTE in claims.due_steps()) == (becomes == "opened")


def test_a_ticket_has_a_reference_a_code_a_place_and_an_explanation(case: Case) -> None:
    assert case.reference == f"MU-{case.opened_at.year}-{case.id:05d}"
    assert search.find_reference(f" {case.reference.lower()} ") == case.id
    found = search.case_by_code(case.code)
    assert found == case
    assert case.location == make_location()
    assert [c.status for c in case.changes] == [TicketStatus.RECEIVED]
    assert [h.what for h in case.history] == ["understood"]


@pytest.mark.parametrize(
    ("kind", "fetched"), [(Kind.REPORT, True), (Kind.IRRELEVANT, True), (Kind.ABUSE, False)]
)
def test_pictures_are_fetched_unless_the_message_is_abuse(account: int, kind: Kind, fetched: bool) -> None:
    pictures = tuple(
        Attachment(url=f"https://marktplatz.example/{k}", kind=k) for k in ("image", "video", "audio")
    )
    story.enter(account, story.post(attachments=pictures))
    story.understood(make_understanding(kind=kind))
    assert len(claims.claim(Step.FETCH, 10)) == fetched


def test_a_picture_of_what_an_edit_made_abuse_is_not_fetched(account: int) -> None:
    picture = Attachment(url="https://marktplatz.example/1.jpg")
    story.enter(account, story.post(id="1", attachments=(picture,)))
    story.understood()
    claim = story.only(Step.FETCH)
    story.enter(account, story.post("anders", id="1", edited_at=datetime.now(UTC)))
    story.understood(make_understanding(kind=Kind.ABUSE))
    assert attachments.wanted(claim) is None


@pytest.mark.parametrize("apart", [0, 3, 10])
def test_quick_messages_of_one_person_join_one_ticket(account: int, case: Case, apart: int) -> None:
    soon = case.messages[0].written_at + timedelta(seconds=apart)
    assert story.arrive(account, story.post("Nachtrag", written_at=soon)) == "joined"
    assert len(story.again(case).threads) == 2


@pytest.mark.parametrize(
    "changed", [{"author": story.BEN}, {"written_at": datetime(2020, 1, 1, tzinfo=UTC)}], ids=["other", "old"]
)
def test_others_and_slow_writers_get_their_own_ticket(
    account: int, case: Case, changed: dict[str, object]
) -> None:
    assert story.arrive(account, story.post("Nachtrag", **changed)) == "opened"


def test_a_backlog_does_not_join_what_was_written_hours_apart(account: int) -> None:
    long_ago = datetime.now(UTC) - timedelta(hours=5)
    for hours in range(3):
        written = long_ago + timedelta(hours=hours)
        assert story.arrive(account, story.post(str(hours), written_at=written)) == "opened"


@pytest.mark.parametrize("kind", list(Kind))
def test_a_later_message_in_a_known_conversation_never_opens_a_ticket(
    account: int, case: Case, kind: Kind
) -> None:
    late = datetime.now(UTC) + timedelta(hours=1)
    for author in (story.ADA, story.BEN):
        message = in_thread(author=author, written_at=late)
        assert story.arrive(account, message, make_understanding(kind=kind)) == "joined"
    assert len(story.rows(TicketRow)) == 1
    assert story.again(case).news_at
    assert [m.from_reporter for m in story.again(case).messages] == [True, True, False]


def test_somebody_else_completes_nothing_and_gets_no_thread(account: int) -> None:
    case = story.open_ticket(account, PLACELESS, id="1")
    story.route(case, status=TicketStatus.NEEDS_INFO, parcels=())
    story.arrive(account, in_thread(author=story.BEN))
    case = story.again(case)
    assert case.location is None
    assert {thread.handle for thread in case.threads} == {"ada@marktplatz.example"}
    assert Step.ROUTE not in claims.due_steps()
    assert case.text == "Die Ampel ist aus"


@pytest.mark.parametrize("status", [TicketStatus.NEEDS_INFO, TicketStatus.ROUTED])
def test_the_reporter_completes_the_place_in_the_thread(account: int, status: TicketStatus) -> None:
    case = story.open_ticket(account, PLACELESS, id="1")
    story.route(case, status=status, parcels=())
    later = datetime.now(UTC) + timedelta(hours=1)
    story.arrive(account, in_thread(written_at=later), make_understanding(category=None, confidence=0.1))
    case = story.again(case)
    assert case.location == make_location()
    assert case.category == "traffic_light"
    assert story.only(Step.ROUTE).id == case.id


@pytest.mark.parametrize(("confidence", "taken"), [(0.95, True), (0.9, False), (0.3, False)])
def test_only_a_more_trusted_place_replaces_the_known_one(
    account: int, case: Case, confidence: float, taken: bool
) -> None:
    other = make_location(label="Nordplatz", precision=Precision.PLACE, confidence=confidence)
    story.arrive(account, in_thread(), make_understanding(location=other))
    location = story.again(case).location
    assert location
    assert (location.label == "Nordplatz") is taken


def test_flags_of_later_messages_are_kept(account: int, case: Case) -> None:
    story.arrive(account, in_thread(), make_understanding(flags=(Flag.THREAT,)))
    assert story.again(case).flags == ("threat",)


@pytest.mark.parametrize(
    "status",
    [
        TicketStatus.ROUTED,
        TicketStatus.DELIVERED,
        TicketStatus.ACCEPTED,
        TicketStatus.NEEDS_DECISION,
        TicketStatus.UNDELIVERABLE,
        TicketStatus.RESOLVED,
        TicketStatus.DUPLICATE,
    ],
)
def test_an_emergency_joined_later_is_routed_at_once_wherever_the_ticket_stands(
    account: int, case: Case, status: TicketStatus
) -> None:
    story.route(case)
    now = datetime.now(UTC)
    story.change(TicketRow, case.id, status=status, seen_at=now, closed_at=now)
    story.arrive(account, in_thread("Hier brennt es!"), EMERGENCY)
    case = story.again(case)
    assert (case.kind, case.seen_at) == (Kind.EMERGENCY, None)
    assert case.status not in {TicketStatus.RESOLVED, TicketStatus.DUPLICATE}
    assert story.only(Step.ROUTE).id == case.id


def test_an_emergency_told_by_somebody_else_alerts_staff_and_changes_nothing(
    account: int, case: Case
) -> None:
    story.route(case)
    story.person()
    story.arrive(account, in_thread("Hier brennt es!", author=story.BEN), EMERGENCY)
    assert story.again(case).kind is Kind.REPORT
    assert Step.NOTIFY in claims.due_steps()
    assert [row.step for row in story.rows(StaffRow)] == [Step.NOTIFY]


def test_an_emergency_stays_one_whatever_is_said_later(account: int) -> None:
    case = story.open_ticket(account, EMERGENCY, id="1")
    story.arrive(account, in_thread("Dort ist auch die Ampel aus"))
    assert story.again(case).kind is Kind.EMERGENCY


@pytest.mark.parametrize("status", [TicketStatus.DELIVERED, TicketStatus.IN_PROGRESS, TicketStatus.RESOLVED])
def test_what_comes_while_somebody_works_or_after_the_end_is_news_only(
    account: int, case: Case, status: TicketStatus
) -> None:
    story.route(case)
    story.change(TicketRow, case.id, status=status)
    story.arrive(account, in_thread())
    assert story.again(case).status is status
    assert Step.ROUTE not in claims.due_steps()
    assert case.id in {line.id for line in search.listing("now").lines}


def test_one_message_in_a_thread_of_two_tickets_reaches_both(account: int, case: Case) -> None:
    story.arrive(account, story.post(id="9", author=story.BEN, conversation_id="9"))
    other = story.latest()

    with writing() as session:
        session.add(
            TicketConversationRow(ticket_id=other.id, conversation_id=case.messages[0].conversation_id)
        )
    story.arrive(account, in_thread(author=story.BEN))
    assert len(story.again(case).messages) == 1
    assert len(story.again(other).messages) == 2


@pytest.mark.parametrize("changed", [{"addressed": False}, {}], ids=["never understood", "irrelevant"])
def test_staff_make_a_ticket_of_what_was_put_away(account: int, changed: dict[str, object]) -> None:
    picture = Attachment(url="https://marktplatz.example/1.jpg")
    if story.enter(account, story.post(attachments=(picture,), **changed)):
        story.understood(make_understanding(kind=Kind.IRRELEVANT, category=None, location=None))
        messages.open_or_join(story.only(Step.OPEN), story.OPENING)
    (folded,) = search.folded()
    ticket_id = messages.open_by_staff(folded.id, "staff:vera", story.OPENING)
    assert messages.open_by_staff(folded.id, "staff:vera", story.OPENING) == ticket_id
    assert story.again(ticket_id).kind is Kind.REPORT
    assert search.ticket_of_message(folded.id) == ticket_id
    assert search.folded() == []
    assert story.only(Step.FETCH)


def test_staff_make_no_ticket_of_what_its_author_took_back(account: int) -> None:

    story.enter(account, story.post(id="1", addressed=False))
    story.enter(account, Withdrawal(external_id="1"))
    with pytest.raises(PermanentError, match="took this message back"):
        messages.open_by_staff(search.folded()[0].id, "staff:vera", story.OPENING)


def test_the_history_never_keeps_a_citizens_words(account: int) -> None:
    evidence = make_understanding().model_copy(update={"licence_plates": ("ZZ-ZZ 0000",)})
    with time_machine.travel(datetime(2026, 11, 20, tzinfo=UTC)):
        story.open_ticket(account, evidence, text="ZZ-ZZ 0000 steht da")
    assert "ZZ-ZZ" not in "".join(str(row.detail) for row in story.rows(HistoryRow))

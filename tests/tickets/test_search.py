"""What the desk finds: views, filters, words, and what needs a person."""

from datetime import timedelta

import pytest
import time_machine

from bridge.domain import Automation, Kind, SendState, TicketStatus
from bridge.tickets import search
from bridge.tickets.book.tickets import Parcel
from bridge.tickets.tables import DeliveryRow, SentReplyRow, TicketRow
from bridge.tickets.types import utcnow
from bridge.tickets.views import Case
from tests.factories import make_location, make_understanding
from tests.tickets import story

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def account() -> int:
    return story.connect()


@pytest.fixture
def case(account: int) -> Case:
    case = story.open_ticket(account, id="1")
    return story.route(case, story.draft(case))


def views_of(case: Case) -> set[str]:
    return {view for view in search.VIEWS if case.id in {line.id for line in search.listing(view).lines}}


@pytest.mark.parametrize(
    ("changed", "views"),
    [
        ({}, {"department", "all"}),
        ({"status": "delivered"}, {"department", "all"}),
        ({"status": "accepted"}, {"department", "all"}),
        ({"status": "received", "department": None}, {"all"}),
        ({"status": "needs_info"}, {"citizen", "all"}),
        ({"status": "needs_decision"}, {"now", "all"}),
        ({"status": "undeliverable"}, {"now", "all"}),
        ({"status": "reopened"}, {"now", "all"}),
        ({"department": "press"}, {"now", "all"}),
        ({"kind": Kind.EMERGENCY}, {"now", "department", "all"}),
        ({"kind": Kind.EMERGENCY, "seen_at": utcnow()}, {"department", "all"}),
        ({"news_at": utcnow()}, {"now", "department", "all"}),
        ({"status": "resolved"}, {"closed"}),
        ({"status": "rejected", "department": "press"}, {"closed"}),
        ({"status": "duplicate", "news_at": utcnow()}, {"closed", "now"}),
    ],
)
def test_a_ticket_stands_in_the_views_it_belongs_to(
    case: Case, changed: dict[str, object], views: set[str]
) -> None:
    if "status" in changed:
        changed = changed | {"status": TicketStatus(str(changed["status"]))}
    story.change(TicketRow, case.id, **changed)
    assert views_of(case) == views
    assert {view for view, count in search.counts().items() if count} == views


@pytest.mark.parametrize("status", [TicketStatus.DELIVERED, TicketStatus.RESOLVED])
@pytest.mark.parametrize("waiting", ["released", "looked for", "hand-over"])
def test_what_waits_for_a_person_is_seen_even_on_closed_tickets(
    case: Case, status: TicketStatus, waiting: str
) -> None:
    story.change(TicketRow, case.id, status=status)
    assert "now" not in views_of(case)
    if waiting == "hand-over":
        story.change(DeliveryRow, case.deliveries[0].id, state=SendState.NEEDS_DECISION, step=None)
    else:
        state = SendState.UNKNOWN if waiting == "looked for" else SendState.NEEDS_DECISION
        story.change(SentReplyRow, case.replies[0].id, state=state, step=None)
    assert "now" in views_of(case)


def test_a_reply_we_still_look_for_ourselves_needs_nobody(case: Case) -> None:
    story.change(SentReplyRow, case.replies[0].id, state=SendState.UNKNOWN)
    assert "now" not in views_of(case)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ampel", True),
        ("ÖFTER", True),
        ("öfter", True),
        ("@ada", True),
        ("ADA@markt", True),
        ("hauptstraße", True),
        ("MU-", True),
        ("%", False),
        ("_", False),
        ("Schlagloch", False),
        ("  ", True),
    ],
)
def test_words_are_found_in_any_case(account: int, words: str, found: bool) -> None:
    story.open_ticket(account, text="Öfter ist die Ampel aus")
    assert search.listing("all", text=words).total == found


def test_places_with_umlauts_are_found_in_any_case(account: int) -> None:
    place = make_location(label="Österreicher Straße")
    story.open_ticket(account, make_understanding(location=place))
    assert search.listing("all", text="österreicher").total == 1
    assert search.listing("all", text="ÖSTERREICHER").total == 1


@pytest.mark.parametrize(
    "fitting",
    [
        {"platform": "mastodon"},
        {"department": "streets"},
        {"district": "Nord"},
        {"category": "traffic_light"},
    ],
    ids=str,
)
def test_filters_keep_what_fits(case: Case, fitting: dict[str, str]) -> None:
    assert search.listing("all", **fitting).total == 1  # type: ignore[arg-type]
    other = dict.fromkeys(fitting, "other")
    assert search.listing("all", **other).total == 0  # type: ignore[arg-type]


def test_emergencies_come_first_then_the_oldest_and_pages_do_not_overlap(account: int) -> None:
    for number in range(5):
        author = story.ADA.model_copy(update={"external_id": str(100 + number)})
        kind = Kind.EMERGENCY if number == 3 else Kind.REPORT
        story.open_ticket(account, make_understanding(kind=kind), author=author)
    pages = [search.listing("all", limit=2, offset=offset) for offset in (0, 2, 4)]
    assert [line.id for page in pages for line in page.lines] == [4, 1, 2, 3, 5]
    assert {page.total for page in pages} == {5}


def test_a_line_says_what_the_list_needs(case: Case) -> None:
    (line,) = search.listing("all").lines
    assert (line.reference, line.place, line.reporter) == (
        case.reference,
        "Hauptstraße / Ringstraße",
        "ada@marktplatz.example",
    )
    assert (line.text, line.waiting_replies, line.waiting_deliveries) == ("Die Ampel ist aus", 0, 0)


def test_a_notice_names_what_came_to_need_a_person_since_the_last_one(account: int) -> None:
    case = story.open_ticket(account)
    parcel = Parcel(department="streets", reason="routed", automation=Automation.SUGGEST)
    story.route(case, parcels=(parcel,))
    assert [line.id for line in search.decisions_since(None, utcnow())] == [case.id]
    told = utcnow()
    assert search.decisions_since(told, utcnow()) == []
    with time_machine.travel(utcnow() + timedelta(minutes=1)):
        story.change(TicketRow, case.id, changed_at=utcnow())
        assert [line.id for line in search.decisions_since(told, utcnow())] == [case.id]


def test_nothing_is_found_where_there_is_nothing() -> None:
    assert search.case(1) is None
    assert search.case_by_code("ABCD2345") is None
    assert search.find_reference("MU-2026-00001") is None
    assert search.ticket_of_message(1) is None
    assert search.counts() == dict.fromkeys(search.VIEWS, 0)

"""Who is late, what is owed until when and who sent something back is seen on the desk and the pages."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from bridge import links
from bridge.domain import ClockKind, DecisionReason, Priority, TicketStatus
from bridge.hours import spoken_day
from bridge.tickets import search
from bridge.tickets.session import writing
from bridge.tickets.tables import ClockRow
from bridge.tickets.types import utcnow
from bridge.web.frame import city
from tests.web import seed

S = TicketStatus
LATER, PAST = timedelta(days=3), timedelta(days=-1)


@pytest.fixture
def client(case_book: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    browser = seed.make_client(tmp_path, monkeypatch)
    seed.sign_in(browser)
    yield browser
    seed.end()


def add(clock: ClockKind | None = None, ends_in: timedelta = LATER, **changed: Any) -> str:
    """A ticket at the streets with one clock; returns its reference."""
    stopped, level = changed.pop("left_seconds", None), changed.pop("level", 0)
    given = {"status": S.DELIVERED, "department": "streets", "category": "traffic_light"}
    reference = seed.add_ticket(**given | changed)
    if clock:
        with writing() as session:
            session.add(
                ClockRow(
                    ticket_id=search.find_reference(reference),
                    department="streets",
                    kind=clock,
                    level=level,
                    started_at=utcnow() - timedelta(days=9),
                    ends_at=utcnow() + ends_in,
                    left_seconds=stopped,
                )
            )
    return reference


def day(span: timedelta) -> str:
    return spoken_day(utcnow() + span, city().zone)


def test_only_what_is_late_stands_in_the_view_for_it(client: FlaskClient) -> None:
    late = add(ClockKind.OUTCOME, PAST)
    silent = add(ClockKind.ANSWER, PAST, level=2)
    add(ClockKind.OUTCOME, LATER)
    add(ClockKind.ANSWER, PAST, level=1)
    add(ClockKind.OUTCOME, PAST, left_seconds=0, status=S.NEEDS_INFO)
    page = client.get("/?sicht=overdue").text
    assert late in page
    assert silent in page
    assert page.count('class="row"') == 2
    assert page.count("Überfällig</span>") == 1
    assert page.count("Ohne Antwort</span>") == 1


def test_an_empty_view_of_what_is_late_says_so(client: FlaskClient) -> None:
    assert "Kein Amt ist im Verzug." in client.get("/?sicht=overdue").text


def test_what_presses_comes_first_and_says_so(client: FlaskClient) -> None:
    early, urgent = add(), add(priority=Priority.HIGH)
    page = client.get("/?sicht=all").text
    assert page.index(urgent) < page.index(early)
    assert page.count("Dringend</span>") == 1


def test_a_ticket_says_what_is_owed_until_when(client: FlaskClient) -> None:
    promised = utcnow() + timedelta(days=8)
    reference = add(ClockKind.OUTCOME, LATER, promised_at=promised, refusals=2, private=True)
    page = client.get(f"/anliegen/{reference}").text
    assert f"bis {day(LATER)}" in page
    assert day(timedelta(days=8)) in page
    assert "<dt>Rückgaben</dt><dd>2</dd>" in page
    assert "Kein Ort in öffentlichen Antworten." in page
    stopped = add(ClockKind.OUTCOME, LATER, left_seconds=60, status=S.NEEDS_INFO)
    assert "Die Frist ruht." in client.get(f"/anliegen/{stopped}").text


def test_a_returned_ticket_offers_the_next_office_with_one_press(client: FlaskClient) -> None:
    given = {"status": S.NEEDS_DECISION, "reason": DecisionReason.REFUSED, "refused_by": ["streets"]}
    page = client.get(f"/anliegen/{add(**given, department='cleaning')}").text
    assert "Nicht zuständig, sagt: Tiefbauamt." in page
    assert "Weitergeben an: Stadtreinigung" in page
    page = client.get(f"/anliegen/{add(**given, department='press')}").text
    assert "Bitte bestimmen Sie das Amt." in page
    assert "Weitergeben an:" not in page


def test_the_departments_page_says_until_when_and_thanks_who_sent_it_back(client: FlaskClient) -> None:
    ticket = search.find_reference(add(ClockKind.ANSWER, LATER))
    assert ticket
    page = client.get(links.answer_url(ticket, "streets").removeprefix(seed.LOCAL)).text
    assert f"Bitte antworten Sie bis <b>{day(LATER)}</b>" in page
    assert "Rückfrage" in page
    back = search.find_reference(add(refused_by=["streets"], department="cleaning"))
    assert back
    answer = client.get(links.answer_url(back, "streets").removeprefix(seed.LOCAL))
    assert answer.status_code == 410
    assert "Danke. Dieses Anliegen liegt nicht mehr bei Ihnen." in answer.text


@pytest.mark.parametrize(
    ("status", "promised", "told"),
    [
        (S.DELIVERED, LATER, True),
        (S.DELIVERED, PAST, False),
        (S.NEEDS_INFO, LATER, False),
        (S.RESOLVED, LATER, False),
        (S.DELIVERED, None, False),
    ],
)
def test_the_citizen_sees_until_when_news_is_expected(
    client: FlaskClient, status: S, promised: timedelta | None, told: bool
) -> None:
    at: datetime | None = utcnow() + promised if promised else None
    case = search.case(search.find_reference(add(status=status, promised_at=at)) or 0)
    assert case
    german, english = (client.get(f"/s/{case.code}?lang={language}").text for language in ("de", "en"))
    assert ("Wir rechnen mit einer Rückmeldung bis" in german) is told
    assert ("We expect to hear back by" in english) is told


def test_a_person_may_say_how_urgent_it_is(client: FlaskClient) -> None:
    reference = add()
    seed.press(client, f"/anliegen/{reference}/dringlichkeit", priority="high")
    case = search.case(search.find_reference(reference) or 0)
    assert case
    assert case.priority is Priority.HIGH
    assert case.history[-1].what == "corrected"

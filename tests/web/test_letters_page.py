"""The desk's post: what waits can be read, taken, given to a ticket or put away, each with one press."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from bridge import links, queues
from bridge.domain import Step, TicketStatus, Verdict
from bridge.settings import settings
from bridge.tickets import letterbox, search
from bridge.tickets.session import reading
from bridge.tickets.tables import LetterRow, StatusUpdateRow, UpdatePhotoRow
from tests.web import seed
from workers import read


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[Step]:
    steps: list[Step] = []
    monkeypatch.setattr(queues, "ring", steps.append)
    return steps


def heard() -> list[StatusUpdateRow]:
    with reading() as session:
        return list(session.exec(select(StatusUpdateRow)).all())


def test_a_letter_is_shown_with_why_it_waits(client: FlaskClient) -> None:
    reference = seed.add_ticket(status=TicketStatus.DELIVERED)
    seed.add_letter(reference, words="Der Mast steht <b>wieder</b>.")
    page = client.get("/post").text
    for shown in (
        "tiefbau@musterstadt.example",
        "Freie Worte",
        reference,
        "&lt;b&gt;wieder",
        "Erledigt",
        "<b>1</b>",
    ):
        assert shown in page
    assert "Der Mast steht" in client.get(f"/anliegen/{reference}").text


def test_a_letter_is_taken_as_the_offices_word(client: FlaskClient, rung: list[Step]) -> None:
    reference = seed.add_ticket(status=TicketStatus.DELIVERED)
    letter = seed.add_letter(reference, files=["a.jpg"])
    assert (
        "Übernommen als „Erledigt“" in seed.press(client, f"/post/{letter}/uebernehmen", answer="done").text
    )
    (update,) = heard()
    assert (update.department, update.status, update.words) == (
        "streets",
        TicketStatus.RESOLVED,
        "Steht wieder.",
    )
    assert rung == [Step.UPDATE]
    with reading() as session:
        assert [photo.file for photo in session.exec(select(UpdatePhotoRow)).all()] == ["a.jpg"]
    assert "Hier liegt nichts" in client.get("/post").text


def test_the_answer_itself_is_not_repeated_to_the_citizen(client: FlaskClient) -> None:
    reference = seed.add_ticket(status=TicketStatus.DELIVERED)
    letter = seed.add_letter(reference, words="erledigt", verdict=Verdict.CONFIRM, answer="done")
    seed.press(client, f"/post/{letter}/uebernehmen", answer="done")
    assert [update.words for update in heard()] == [""]


def test_nothing_is_taken_twice(client: FlaskClient) -> None:
    letter = seed.add_letter(seed.add_ticket(status=TicketStatus.DELIVERED))
    for _ in range(2):
        page = seed.press(client, f"/post/{letter}/uebernehmen", answer="in_progress").text
    assert "inzwischen entschieden" in page
    assert len(heard()) == 1


def test_a_late_letter_is_not_taken_for_the_word_of_the_next_office(client: FlaskClient) -> None:
    letter = seed.add_letter(seed.add_ticket(status=TicketStatus.DELIVERED), department="cleaning")
    page = seed.press(client, f"/post/{letter}/uebernehmen", answer="not_ours").text
    assert "geht bei diesem Stand nicht mehr" in page
    assert heard() == []


def test_a_letter_is_given_to_a_ticket_by_its_number(client: FlaskClient) -> None:
    reference = seed.add_ticket(status=TicketStatus.DELIVERED)
    letter = seed.add_letter(None, subject=f"Zu {reference.lower()}")
    assert f'value="{reference}"' in client.get("/post").text
    assert "gibt es nicht" in seed.press(client, f"/post/{letter}/zuordnen", reference="MU-1999-00001").text
    assert "Zugeordnet" in seed.press(client, f"/post/{letter}/zuordnen", reference=reference).text
    (view,) = letterbox.waiting()
    assert (view.reference, view.department, view.verdict) == (reference, "streets", Verdict.NOTE)


def test_a_letter_is_put_away_and_leads_back_to_its_ticket(client: FlaskClient) -> None:
    reference = seed.add_ticket()
    letter = seed.add_letter(reference)
    page = seed.press(client, f"/post/{letter}/weglegen", **{"from": "ticket"})
    assert reference in page.text
    assert "Weggelegt" in page.text
    assert letterbox.waiting() == []


def test_what_was_taken_for_a_machine_can_be_given_to_a_ticket(client: FlaskClient) -> None:
    reference = seed.add_ticket(status=TicketStatus.DELIVERED)
    letter = seed.add_letter(None, verdict=Verdict.STOPPED, because="Es ist eine Massensendung (Precedence).")
    page = client.get("/post").text
    assert "Massensendung" in page
    assert "Hier liegt nichts" in page
    assert "Zugeordnet" in seed.press(client, f"/post/{letter}/zuordnen", reference=reference).text
    assert [view.reference for view in letterbox.waiting()] == [reference]


def test_a_letter_about_a_closed_ticket_offers_no_answer(client: FlaskClient) -> None:
    letter = seed.add_letter(seed.add_ticket(status=TicketStatus.RESOLVED))
    assert "Übernehmen als" not in client.get("/post").text
    assert "inzwischen entschieden" in seed.press(client, f"/post/{letter}/uebernehmen", answer="done").text
    assert heard() == []


@pytest.mark.parametrize("act", ["uebernehmen", "zuordnen", "weglegen"])
def test_what_is_not_there_is_no_act(client: FlaskClient, act: str) -> None:
    page = seed.press(client, f"/post/999/{act}", answer="done", reference=seed.add_ticket())
    assert "inzwischen entschieden" in page.text


MAIL = (
    b"From: tiefbau@musterstadt.example\r\nTo: melder@musterstadt.example\r\nSubject: x\r\n\r\nerledigt\r\n"
)
TOKEN = seed.GATEWAY


@pytest.fixture
def gateway() -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKEN}"}


def kept() -> list[bytes]:
    with reading() as session:
        return [row.raw for row in session.exec(select(LetterRow)).all()]


@pytest.mark.parametrize("kind", ["message/rfc822", "application/x-www-form-urlencoded", "text/plain", ""])
def test_a_gateway_brings_a_mail_however_it_calls_it(
    client: FlaskClient, gateway: dict[str, str], rung: list[Step], kind: str
) -> None:
    for _ in range(2):
        told = client.post("/hooks/mail", data=MAIL, headers=gateway, content_type=kind)
        assert told.status_code == 200
    assert kept() == [MAIL]
    assert rung == [Step.READ, Step.READ]


@pytest.mark.parametrize("field", ["message", "email", "body-mime"])
def test_a_gateway_may_send_a_form(client: FlaskClient, gateway: dict[str, str], field: str) -> None:
    assert (
        client.post(
            "/hooks/mail", data={field: MAIL.decode()}, headers=gateway, content_type="multipart/form-data"
        ).status_code
        == 200
    )
    assert (
        client.post(
            "/hooks/mail", data={field: (BytesIO(MAIL + b"2"), "mail.eml")}, headers=gateway
        ).status_code
        == 200
    )
    assert kept() == [MAIL, MAIL + b"2"]


@pytest.mark.parametrize(
    "head", ["", "Bearer", "Bearer falsch", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer \xe4"]
)
def test_nobody_else_brings_anything(client: FlaskClient, gateway: dict[str, str], head: str) -> None:
    told = client.post("/hooks/mail", data=MAIL, headers={"Authorization": head})
    assert (told.status_code, told.headers["WWW-Authenticate"], kept()) == (401, "Bearer", [])


def test_without_a_token_the_door_is_shut(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIDGE_MAIL_GATEWAY_TOKEN", "")
    settings.cache_clear()
    assert client.post("/hooks/mail", data=MAIL, headers={"Authorization": "Bearer "}).status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 422), (b"x" * 2000, 422), (b"A: b\r\n\r\n" + b"x" * 5_000_000, 413), (b"A: b" * 2_000_000, 413)],
)
def test_what_is_no_mail_or_too_much_is_refused(
    client: FlaskClient, gateway: dict[str, str], body: bytes, status: int
) -> None:
    assert client.post("/hooks/mail", data=body, headers=gateway).status_code == status
    assert kept() == []


def test_an_answer_by_the_gateway_takes_effect(client: FlaskClient, gateway: dict[str, str]) -> None:
    reference = seed.add_ticket(status=TicketStatus.DELIVERED)
    ticket = search.find_reference(reference)
    assert ticket
    to = links.answer_address("melder@musterstadt.example", ticket, "streets").encode()
    client.post("/hooks/mail", data=MAIL.replace(b"melder@musterstadt.example", to), headers=gateway)
    read.run()
    assert [(update.ticket_id, update.status) for update in heard()] == [(ticket, TicketStatus.RESOLVED)]

"""The department's page: it shows the matter, and only a pressed button answers."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlmodel import select
from werkzeug.test import TestResponse

from bridge.answers import ANSWERS
from bridge.domain import TicketStatus
from bridge.settings import settings
from bridge.tickets import switches
from bridge.tickets.session import reading
from bridge.tickets.tables import StatusUpdateRow
from bridge.tickets.types import utcnow
from tests.factories import FILES, make_location
from tests.web import public_seed as seed

OWN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def client(case_book: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    yield seed.make_client(tmp_path, monkeypatch)
    seed.end()


def press(client: FlaskClient, path: str, answer: str, words: str = "", **changed: Any) -> TestResponse:
    once = re.search(r'name="once" value="([^"]+)"', client.get(path).text)
    form = {"answer": answer, "words": words, "once": once.group(1) if once else "none"}
    return client.post(path, data=form | changed.pop("data", {}), headers=changed.pop("headers", OWN))


def heard() -> list[StatusUpdateRow]:
    with reading() as db:
        return list(db.exec(select(StatusUpdateRow)).all())


def test_the_page_shows_what_a_department_needs(client: FlaskClient) -> None:
    page = client.get(seed.path_of(seed.make_ticket()))
    assert page.status_code == 200
    for shown in (
        seed.REFERENCE,
        "Ampel defekt",
        seed.WORDS,
        "Hauptstraße 17b",
        "Nord",
        "Tiefbauamt",
        "<svg",
    ):
        assert shown in page.text
    assert "Fr., 20.11.2026, 15:04 Uhr" in page.text
    assert seed.DEPARTMENT_WORDS in page.text
    assert all(answer.label in page.text for answer in ANSWERS.values())


def test_the_page_names_nobody(client: FlaskClient) -> None:
    page = client.get(seed.path_of(seed.make_ticket())).text
    assert seed.HANDLE not in page
    assert seed.NAME not in page


def test_nobody_else_may_know_keep_or_frame_the_page(client: FlaskClient) -> None:
    page = client.get(seed.path_of(seed.make_ticket()))
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in page.headers


@pytest.mark.parametrize("headers", [{}, {"Sec-Purpose": "prefetch"}, {"Purpose": "preview"}])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_mail_scanner_that_opens_every_link_changes_nothing(
    client: FlaskClient, method: str, headers: dict[str, str]
) -> None:
    ticket = seed.make_ticket()
    before = seed.everything()
    for answer in ("", *ANSWERS):
        for _ in range(50):
            link = seed.path_of(ticket, answer=answer)
            assert client.open(link, method=method, headers=headers).status_code == 200
    assert seed.everything() == before


def test_no_page_carries_a_script_that_could_press_for_somebody(client: FlaskClient) -> None:
    page = client.get(seed.path_of(seed.make_ticket(), answer="done")).text
    assert "<script" not in page
    assert not re.search(r"<[^>]*\son\w+\s*=", page)
    assert "http-equiv" not in page


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_link_opens_its_answer_and_no_other(client: FlaskClient, answer: str) -> None:
    page = client.get(seed.path_of(seed.make_ticket(), answer=answer)).text
    opened = re.findall(r'<details name="antwort" open>\s*<summary>(.*?)</summary>', page)
    assert opened == [ANSWERS[answer].label]


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_press_is_heard_as_this_department_and_thanked_for(client: FlaskClient, answer: str) -> None:
    path = seed.path_of(seed.make_ticket())
    pressed = press(client, path, answer, "Wir kommen am Dienstag.\r\nFrüh.")
    assert pressed.status_code == 303
    (row,) = heard()
    assert (row.department, row.actor) == ("streets", "department:streets")
    assert (row.status, row.words) == (ANSWERS[answer].status, "Wir kommen am Dienstag.\nFrüh.")
    thanks = client.get(pressed.location).text
    assert f"Ihre Antwort „{ANSWERS[answer].label}“ ist angekommen." in thanks


def test_pressing_twice_is_heard_once(client: FlaskClient) -> None:
    path = seed.path_of(seed.make_ticket())
    once = {"once": "6f1c1a52-3d1c-4f0e-9a55-0d1f8a3f7a01"}
    for _ in range(2):
        assert press(client, path, "done", "Fertig.", data=once).status_code == 303
    assert len(heard()) == 1


def test_going_back_and_saying_something_else_is_heard_as_well(client: FlaskClient) -> None:
    path = seed.path_of(seed.make_ticket())
    once = {"once": "6f1c1a52-3d1c-4f0e-9a55-0d1f8a3f7a01"}
    for answer, words in (("accept", ""), ("accept", "Morgen."), ("done", "")):
        press(client, path, answer, words, data=once)
    assert [row.status for row in heard()] == [
        TicketStatus.ACCEPTED,
        TicketStatus.ACCEPTED,
        TicketStatus.RESOLVED,
    ]


@pytest.mark.parametrize("answer", [name for name, answer in ANSWERS.items() if answer.must_say])
@pytest.mark.parametrize("words", ["", " \r\n ", "\u200b\u2028"])
def test_an_answer_that_needs_words_is_not_taken_without(
    client: FlaskClient, answer: str, words: str
) -> None:
    page = press(client, seed.path_of(seed.make_ticket()), answer, words)
    assert page.status_code == 422
    assert "Bitte schreiben Sie hier ein paar Worte." in page.text
    assert heard() == []


def test_too_many_words_come_back_to_be_shortened(client: FlaskClient) -> None:
    page = press(client, seed.path_of(seed.make_ticket()), "done", "lang " * 500)
    assert page.status_code == 422
    assert "2000 Zeichen" in page.text
    assert "lang lang" in page.text
    assert heard() == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://melder.musterstadt.example"}, 403),
        ({"Origin": "https://melder.musterstadt.example"}, 303),
        ({"Origin": "https://boese.example"}, 403),
        ({"Origin": "null"}, 303),
        ({}, 303),
    ],
)
def test_only_our_own_page_may_answer(client: FlaskClient, headers: dict[str, str], status: int) -> None:
    assert press(client, seed.path_of(seed.make_ticket()), "done", headers=headers).status_code == status
    assert len(heard()) == (status == 303)


@pytest.mark.parametrize("data", [{"answer": "delete"}, {"answer": ""}, {"once": ""}, {"once": "1"}])
def test_a_form_that_is_not_ours_is_refused(client: FlaskClient, data: dict[str, str]) -> None:
    pressed = press(client, seed.path_of(seed.make_ticket()), "done", data=data)
    assert pressed.status_code in (400, 409)
    assert heard() == []


@pytest.mark.parametrize("status", TicketStatus)
def test_only_answers_that_may_follow_are_offered_and_taken(
    client: FlaskClient, status: TicketStatus
) -> None:
    path = seed.path_of(seed.make_ticket(status))
    page = client.get(path)
    assert page.status_code == 200
    for name, answer in ANSWERS.items():
        offered = f"<summary>{answer.label}</summary>" in page.text
        assert press(client, path, name, "Worte").status_code == (303 if offered else 409)


def test_a_closed_matter_says_so_and_keeps_what_was_typed(client: FlaskClient) -> None:
    path = seed.path_of(seed.make_ticket(TicketStatus.RESOLVED, closed_at=utcnow()))
    assert "Dieses Anliegen ist abgeschlossen." in client.get(path).text
    late = press(client, path, "in_progress", "Wir sind noch dabei.")
    assert late.status_code == 409
    assert "Es wurde nichts geändert." in late.text
    assert "Wir sind noch dabei." in late.text


@pytest.mark.parametrize("token", ["x", "é🚲", "WzEsInN0cmVldHMiXQ.aaaa.bbbb", "a" * 3000])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_wrong_link_is_told_in_a_friendly_way(client: FlaskClient, method: str, token: str) -> None:
    page = client.open(f"/amt/{token}", method=method, headers=OWN)
    assert page.status_code == 404
    assert method == "HEAD" or "Dieser Link gilt nicht oder nicht mehr." in page.text


def test_a_link_expires(client: FlaskClient) -> None:
    path = seed.path_of(seed.make_ticket())
    with time_machine.travel(utcnow() + timedelta(days=181)):
        assert client.get(path).status_code == 404


def test_a_department_sees_nothing_of_a_matter_that_has_moved_on(client: FlaskClient) -> None:
    path = seed.path_of(seed.make_ticket(department="cleaning"), "streets")
    page = client.get(path)
    assert page.status_code == 410
    assert seed.WORDS not in page.text
    assert client.post(path, data={"answer": "done"}, headers=OWN).status_code == 410
    assert client.get(seed.path_of(999)).status_code == 410


def test_a_photo_is_shown_through_its_own_link_only(client: FlaskClient) -> None:
    path = seed.path_of(seed.make_ticket())
    folder = settings().data_folder / "photos"
    folder.mkdir(parents=True)
    (folder / "eins.jpg").write_bytes(b"\xff\xd8picture")
    (address,) = set(re.findall(r'src="([^"]+/foto/[^"]+)"', client.get(path).text))
    picture = client.get(address)
    assert (picture.status_code, picture.mimetype) == (200, "image/jpeg")
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert picture.headers["Cache-Control"] == "no-store"
    picture.close()
    # The second attachment has no copy of ours, the third does not exist.
    assert client.get(f"{path}/foto/2").status_code == 404
    assert client.get(f"{path}/foto/3").status_code == 404
    assert client.get("/amt/x/foto/1").status_code == 404


@pytest.mark.parametrize(
    ("department", "told"),
    [
        ("streets", "liest es zuerst die Pressestelle"),
        ("cleaning", "bekommt dazu jetzt eine kurze Nachricht"),
    ],
)
def test_thanks_tell_who_reads_the_departments_own_words(
    client: FlaskClient, department: str, told: str
) -> None:
    path = seed.path_of(seed.make_ticket(department=department), department)
    page = client.get(f"{path}?danke=in_progress").text
    assert "Auf der Statusseite steht jetzt: „Ihr Hinweis ist in Arbeit.“" in page
    assert told in page
    assert ("liest es zuerst" in page) == (department == "streets")


def test_thanks_promise_no_message_while_everything_is_paused(client: FlaskClient) -> None:
    path = seed.path_of(seed.make_ticket())
    switches.pause("staff:vera")
    assert "entscheidet die Pressestelle" in client.get(f"{path}?danke=done").text


@given(words=st.text(max_size=60))
@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_words_are_taken_or_refused_but_never_break_the_page(client: FlaskClient, words: str) -> None:
    path = seed.path_of(1)
    if client.get(path).status_code == 410:
        path = seed.path_of(seed.make_ticket())
    words = words.encode("utf-8", "replace").decode()
    assert press(client, path, "not_ours", words).status_code in (303, 422)


def test_what_citizens_write_stays_text(client: FlaskClient) -> None:
    hostile = "</blockquote><script>alert(1)</script>{{ 7*7 }}\u202e<img src=x onerror=alert(1)>"
    ticket = seed.make_ticket(text=hostile, because=hostile, location=make_location(label=hostile))
    page = client.get(seed.path_of(ticket)).text
    assert "<script" not in page
    assert "<img src=x" not in page
    assert "{{ 7*7 }}" in page


@pytest.mark.parametrize(("text", "shown"), [(seed.WORDS, False), ("Die Ampel ist aus", True)])
def test_an_office_outside_of_the_city_reads_nothing_personal_here(
    case_book: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, shown: bool
) -> None:
    offices = FILES["departments.yaml"].replace("streets: {", "streets: {outside: true, ")
    client = seed.make_client(tmp_path, monkeypatch, departments=offices)
    path = seed.path_of(seed.make_ticket(text=text))
    page = client.get(path).text
    assert (text in page) is shown
    assert ("Der Text steht in Ihrer E-Mail" in page) is not shown
    assert "/foto/" not in page
    assert client.get(f"{path}/foto/1").status_code == 404
    seed.end()

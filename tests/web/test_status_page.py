"""The citizen's page: it tells what has become of the matter, and nothing about the person."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bridge.domain import Kind, TicketStatus
from bridge.tickets.book import staff
from bridge.web import status, status_words
from tests.web import public_seed as seed

PERSONAL = (
    "Beispielfrau",
    "marktplatz",
    "Ampel steht",
    "ZZ-ZZ",
    "17b",
    "Hauptstraße",
    "Muster repariert",
    "Dienstag",
)


@pytest.fixture
def client(case_book: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    monkeypatch.setattr(status, "wrong_codes", status.Throttle("test", limit=30, seconds=600))
    yield seed.make_client(tmp_path, monkeypatch)
    seed.end()


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("state", TicketStatus)
def test_no_state_shows_anything_personal(client: FlaskClient, state: TicketStatus, language: str) -> None:
    seed.make_ticket(state)
    page = client.get(f"/s/{seed.CODE}?lang={language}")
    assert page.status_code == 200
    assert seed.REFERENCE in page.text
    assert "Nord" in page.text
    for personal in PERSONAL:
        assert personal not in page.text


def test_a_private_matter_names_no_district(client: FlaskClient) -> None:
    seed.make_ticket(private=True)
    assert "Nord" not in client.get(f"/s/{seed.CODE}").text


@pytest.mark.parametrize(
    ("state", "headline"),
    [
        (TicketStatus.RECEIVED, "Ihr Hinweis ist angekommen."),
        (TicketStatus.DELIVERED, "Ihr Hinweis ist beim Tiefbauamt."),
        (TicketStatus.IN_PROGRESS, "Ihr Hinweis ist in Arbeit."),
        (TicketStatus.RESOLVED, "Ihr Hinweis ist erledigt."),
        (TicketStatus.NEEDS_INFO, "Wir haben eine Rückfrage an Sie."),
    ],
)
def test_the_heading_is_the_answer(client: FlaskClient, state: TicketStatus, headline: str) -> None:
    seed.make_ticket(state)
    assert f"<h1>{headline}</h1>" in client.get(f"/s/{seed.CODE}").text


@pytest.mark.parametrize(
    ("department", "where"),
    [
        ("Verkehrs- und Tiefbauamt", "beim Verkehrs- und Tiefbauamt"),
        ("Amt für Stadtgrün und Gewässer", "beim Amt für Stadtgrün und Gewässer"),
        ("Stadtreinigung", "bei der Stadtreinigung"),
        ("Pressestelle", "bei der Pressestelle"),
        ("Wasserwerke", "bei der zuständigen Stelle: Wasserwerke"),
    ],
)
def test_a_department_gets_its_article_or_none(department: str, where: str) -> None:
    told, _ = status_words.answer("de", Kind.QUESTION, TicketStatus.DELIVERED, department)
    assert told == f"Ihre Frage ist {where}."


@pytest.mark.parametrize("language", status_words.LANGUAGES)
@pytest.mark.parametrize("state", TicketStatus)
def test_every_state_has_its_sentences(state: TicketStatus, language: str) -> None:
    for sentence in status_words.answer(language, Kind.FEEDBACK, state, "Tiefbauamt"):
        assert sentence
        assert "{" not in sentence


@pytest.mark.parametrize(
    ("state", "now", "ahead"),
    [
        (TicketStatus.NEEDS_DECISION, "Eingegangen", 3),
        (TicketStatus.DELIVERED, "Weitergegeben an Tiefbauamt", 2),
        (TicketStatus.ACCEPTED, "Angenommen", 1),
        (TicketStatus.SCHEDULED, "Eingeplant", 1),
        (TicketStatus.RESOLVED, "Erledigt", 0),
        (TicketStatus.DUPLICATE, "Schon gemeldet", 0),
        (TicketStatus.REOPENED, "Eingegangen", 3),
    ],
)
def test_the_steps_show_how_far_it_is_and_when(
    client: FlaskClient, state: TicketStatus, now: str, ahead: int
) -> None:
    seed.make_ticket(state)
    page = client.get(f"/s/{seed.CODE}").text
    (current,) = (item for item in page.split("<li ")[1:] if "aria-current" in item)
    assert f"<b>{now}</b>" in current
    assert "Fr., 20.11.2026, 15:04 Uhr" in current
    assert page.count("noch offen") == ahead


def test_a_department_that_refused_is_not_named_as_the_next_step(client: FlaskClient) -> None:
    seed.make_ticket(TicketStatus.NEEDS_DECISION)
    assert "Tiefbauamt" not in client.get(f"/s/{seed.CODE}").text


def test_moments_are_on_the_citys_clock_in_english_too(client: FlaskClient) -> None:
    seed.make_ticket()
    page = client.get(f"/s/{seed.CODE}?lang=en").text
    assert '<html lang="en">' in page
    assert "20.11.2026, 15:04" in page
    assert "Broken traffic light" in page


@pytest.mark.parametrize("language", ["fr", "", "<b>"])
def test_an_unknown_language_gets_german(client: FlaskClient, language: str) -> None:
    seed.make_ticket()
    page = client.get(f"/s/{seed.CODE}", query_string={"lang": language}).text
    assert '<html lang="de">' in page


@pytest.mark.parametrize("typed", ["abcd2345", "ABCD-2345", "abcd 2345", " AbCd–23 45 ", "ABCD2345."])
def test_a_code_may_be_typed_as_people_type(client: FlaskClient, typed: str) -> None:
    seed.make_ticket()
    assert client.get(f"/s/{typed}").status_code == 200


def test_the_page_is_kept_by_nobody_and_keeps_nothing(client: FlaskClient) -> None:
    seed.make_ticket()
    page = client.get(f"/s/{seed.CODE}")
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "Set-Cookie" not in page.headers
    assert "<script" not in page.text


@pytest.mark.parametrize("kind", [Kind.REPORT, Kind.EMERGENCY, Kind.QUESTION, Kind.FEEDBACK])
def test_every_page_says_whom_to_call_in_danger_and_who_is_behind_it(client: FlaskClient, kind: Kind) -> None:
    seed.make_ticket(kind=kind, category=None, location=None)
    page = client.get(f"/s/{seed.CODE}").text
    for link in ("impressum", "datenschutz", "barrierefreiheit"):
        assert f'href="https://musterstadt.example/{link}"' in page
    assert "112" in page


@pytest.mark.parametrize("code", ["ABCD2346", "x", "ABCD23456", "0" * 500, "<script>", "%00", "é🚲"])
def test_every_wrong_code_gets_the_same_page(client: FlaskClient, code: str) -> None:
    seed.make_ticket()
    page, other = client.get(f"/s/{code}"), client.get("/s/ZZZZZZZZ")
    assert (page.status_code, page.text) == (404, other.text)
    assert page.headers["Cache-Control"] == "no-store"


def test_guessing_ends_after_thirty_wrong_codes(client: FlaskClient) -> None:
    seed.make_ticket()
    staff.add("vera", "Vera", password="a long password")
    for guess in range(30):
        assert client.get(f"/s/ZZZZZZ{guess:02}").status_code == 404
    assert client.get(f"/s/{seed.CODE}").status_code == 429
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get(f"/s/{seed.CODE}", environ_base=elsewhere).status_code == 200


def test_right_codes_are_never_counted(client: FlaskClient) -> None:
    seed.make_ticket()
    for _ in range(40):
        assert client.get(f"/s/{seed.CODE}").status_code == 200


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("192.0.2.7", "192.0.2.8", False),
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.8", False),
        ("", "somewhere", False),
    ],
)
def test_guesses_count_by_the_line_they_come_from(one: str, other: str, together: bool) -> None:
    assert (status._visitor(one) == status._visitor(other)) is together

"""One ticket: everything said is shown, every act happens at once, and nobody answers twice unknowingly."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlmodel import select

from bridge import queues
from bridge.domain import Cause, Evidence, SendState, Step, TicketStatus, Visibility
from bridge.tickets import search
from bridge.tickets.book import desk
from bridge.tickets.session import reading
from bridge.tickets.tables import MessageRow, StatusUpdateRow
from bridge.tickets.types import utcnow
from bridge.tickets.views import Case
from tests.factories import make_location, make_understanding
from tests.web import seed

PLACES = "name,kind,lat,lon\nLindenpark,park,51.02,12.02\n"


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[Step]:
    steps: list[Step] = []
    monkeypatch.setattr(queues, "ring", steps.append)
    return steps


@pytest.fixture
def client(
    case_book: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rung: list[Step]
) -> Iterator[FlaskClient]:
    browser = seed.make_client(tmp_path, monkeypatch)
    (tmp_path / "musterstadt" / "places.csv").write_text(PLACES, encoding="utf-8")
    seed.sign_in(browser)
    yield browser
    seed.end()


def case_of(reference: str) -> Case:
    case = search.case(search.find_reference(reference) or 0)
    assert case
    return case


def version(client: FlaskClient, reference: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', client.get(f"/anliegen/{reference}").text)
    assert found
    return found.group(1)


def test_the_conversation_shows_everybody_in_order(client: FlaskClient) -> None:
    reference = seed.add_ticket("Die Ampel ist aus")
    seed.add_reply(reference, "Danke, Nummer eins", SendState.SENT, sent_at=utcnow())
    seed.press(client, f"/anliegen/{reference}/notiz", words="Mit dem Amt telefoniert")
    page = client.get(f"/anliegen/{reference}").text
    thread = page[page.index('id="faden"') : page.index("</ol>", page.index('id="faden"'))]
    assert re.findall(r'class="bubble (\w+)"', thread) == ["citizen", "city", "note"]
    assert re.search(r"<b>intern</b> <span>vera</span>", thread)
    assert "gesendet" in thread


def test_why_shows_rule_words_and_how_sure(client: FlaskClient) -> None:
    seen = Evidence(
        about="category", value="traffic_light", because="Wort der Kategorie", words="Ampel … aus"
    )
    meaning = make_understanding(
        evidence=(seen,), candidates=(make_location(), make_location(label="Ringstraße", confidence=0.4))
    )
    reference = seed.add_ticket(message={"understanding": meaning})
    page = client.get(f"/anliegen/{reference}").text
    for shown in ("Das Tiefbauamt hält", "<code>streets</code>", "Ampel … aus", "Wort der Kategorie", "40 %"):
        assert shown in page
    assert "<svg" in page[page.index("<figure") :]


@pytest.mark.parametrize(
    ("visibility", "label"),
    [
        (Visibility.PUBLIC, "Öffentlich antworten auf Mastodon"),
        (Visibility.UNLISTED, "Öffentlich antworten auf Mastodon"),
        (Visibility.FOLLOWERS, "Direkt antworten auf Mastodon: nur ada@marktplatz.example liest es"),
        (Visibility.DIRECT, "Direkt antworten auf Mastodon: nur ada@marktplatz.example liest es"),
    ],
)
def test_the_reply_box_says_who_will_read_it(client: FlaskClient, visibility: Visibility, label: str) -> None:
    reference = seed.add_ticket(message={"visibility": visibility})
    assert f"<span>{label}</span>" in client.get(f"/anliegen/{reference}").text


def test_an_answer_goes_out_once(client: FlaskClient, rung: list[Step]) -> None:
    reference = seed.add_ticket()
    form = {"text": "Wir kümmern uns.", "version": version(client, reference)}
    assert "Ihre Antwort ist unterwegs." in seed.press(client, f"/anliegen/{reference}/antwort", **form).text
    assert [r.text for r in case_of(reference).replies] == ["Wir kümmern uns."]
    assert rung == [Step.REPLY]
    again = seed.press(client, f"/anliegen/{reference}/antwort", **form)
    assert again.status_code == 409
    assert len(case_of(reference).replies) == 1


def test_an_answer_after_somebody_elses_is_kept_and_not_sent(client: FlaskClient) -> None:
    reference = seed.add_ticket()
    old = version(client, reference)
    desk.answer(case_of(reference).id, "staff:tom", "Tom war schneller.")
    page = seed.press(client, f"/anliegen/{reference}/antwort", text="Mein langer Text", version=old)
    assert page.status_code == 409
    assert "Mein langer Text</textarea>" in page.text
    assert "Tom war schneller." in page.text
    new = re.search(r'name="version" value="(\d+)"', page.text)
    assert new
    seed.press(client, f"/anliegen/{reference}/antwort", text="Mein langer Text", version=new.group(1))
    assert [r.text for r in case_of(reference).replies] == ["Tom war schneller.", "Mein langer Text"]


def test_a_note_never_becomes_a_reply(client: FlaskClient, rung: list[Step]) -> None:
    reference = seed.add_ticket()
    seed.press(client, f"/anliegen/{reference}/notiz", words="Nur für uns", text="Nur für uns")
    assert case_of(reference).replies == ()
    assert rung == []


@pytest.mark.parametrize(
    ("before", "act", "after", "rings"),
    [
        (SendState.NEEDS_DECISION, "freigeben", SendState.PENDING, [Step.REPLY]),
        (SendState.NEEDS_DECISION, "verwerfen", SendState.DROPPED, []),
        (SendState.UNKNOWN, "angekommen", SendState.SENT, []),
        (SendState.UNKNOWN, "nicht-angekommen", SendState.PENDING, [Step.REPLY]),
        (SendState.NEEDS_DECISION, "uebergeben", SendState.SENT, []),
        (SendState.SENT, "freigeben", SendState.SENT, []),
        (SendState.DROPPED, "nicht-angekommen", SendState.DROPPED, []),
    ],
)
def test_a_waiting_reply_is_decided_by_one_button(
    client: FlaskClient, rung: list[Step], before: SendState, act: str, after: SendState, rings: list[Step]
) -> None:
    reference = seed.add_ticket()
    reply = seed.add_reply(reference, "Vorschlag", before)
    assert seed.press(client, f"/anliegen/{reference}/antwort/{reply}/{act}").status_code == 200
    assert case_of(reference).replies[0].state is after
    assert rung == rings


def test_a_proposal_can_be_reworded(client: FlaskClient) -> None:
    reference = seed.add_ticket()
    reply = seed.add_reply(reference, "Vorschlag", cause=Cause.STATUS)
    seed.press(client, f"/anliegen/{reference}/antwort/{reply}/freigeben", text="Besser gesagt")
    assert case_of(reference).replies[0].text == "Besser gesagt"


@pytest.mark.parametrize(
    ("act", "state", "rings"),
    [("freigeben", SendState.PENDING, [Step.DELIVER]), ("verwerfen", SendState.DROPPED, [])],
)
def test_a_hand_over_is_released_or_dropped(
    client: FlaskClient, rung: list[Step], act: str, state: SendState, rings: list[Step]
) -> None:
    reference = seed.add_ticket(status=TicketStatus.UNDELIVERABLE)
    delivery = seed.add_delivery(reference, error="550 no such mailbox")
    assert "550 no such mailbox" in client.get(f"/anliegen/{reference}").text
    seed.press(client, f"/anliegen/{reference}/uebergabe/{delivery}/{act}")
    assert case_of(reference).deliveries[0].state is state
    assert rung == rings


def test_replies_of_other_tickets_are_out_of_reach(client: FlaskClient) -> None:
    mine, other = seed.add_ticket(), seed.add_ticket()
    reply, delivery = seed.add_reply(other, "fremd"), seed.add_delivery(other)
    assert seed.press(client, f"/anliegen/{mine}/antwort/{reply}/freigeben").status_code == 404
    assert seed.press(client, f"/anliegen/{mine}/uebergabe/{delivery}/freigeben").status_code == 404


def test_category_and_department_are_corrected_and_routed_anew(client: FlaskClient, rung: list[Step]) -> None:
    reference = seed.add_ticket()
    seed.press(client, f"/anliegen/{reference}/kategorie", category="illegal_dumping")
    seed.press(client, f"/anliegen/{reference}/amt", department="cleaning")
    case = case_of(reference)
    assert (case.category, case.confidence, case.fixed_department) == ("illegal_dumping", 1.0, "cleaning")
    assert rung == [Step.ROUTE, Step.ROUTE]


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("kategorie", {"category": "unsinn"}),
        ("dringlichkeit", {"priority": "sofort"}),
        ("amt", {"department": "unsinn"}),
        ("ort", {"asked": "", "label": ""}),
        ("ort", {"asked": "Lindenpark", "label": "Anderswo", "precision": "place"}),
        ("stand", {"status": "delivered"}),
        ("stand", {"status": "unsinn"}),
    ],
)
def test_what_the_page_never_offered_is_refused(
    client: FlaskClient, act: str, fields: dict[str, str]
) -> None:
    reference = seed.add_ticket()
    before = case_of(reference)
    assert seed.press(client, f"/anliegen/{reference}/{act}", **fields).status_code == 400
    assert case_of(reference) == before


def test_a_place_is_searched_and_picked(client: FlaskClient, rung: list[Step]) -> None:
    reference = seed.add_ticket(location=None)
    assert "Lindenpark" in client.get(f"/anliegen/{reference}?ort=linden").text
    seed.press(client, f"/anliegen/{reference}/ort", asked="linden", label="Lindenpark", precision="place")
    location = case_of(reference).location
    assert location
    assert (location.label, location.lat, location.confidence) == ("Lindenpark", 51.02, 1.0)
    assert rung == [Step.ROUTE]


def test_a_place_no_map_knows_is_taken_as_typed(client: FlaskClient) -> None:
    reference = seed.add_ticket(location=None)
    seed.press(client, f"/anliegen/{reference}/ort", asked="hinter der alten Mühle")
    location = case_of(reference).location
    assert location
    assert (location.label, location.point) == ("hinter der alten Mühle", None)


@pytest.mark.parametrize(
    ("status", "words", "heard"),
    [
        ("resolved", "", True),
        ("resolved", "Läuft wieder.", True),
        ("duplicate", "", True),
        ("rejected", "", False),
        ("rejected", "Das ist Privatgrund.", True),
        ("reopened", "", False),
    ],
)
def test_closing_says_why_where_it_must(
    client: FlaskClient, rung: list[Step], status: str, words: str, heard: bool
) -> None:
    reference = seed.add_ticket()
    seed.press(client, f"/anliegen/{reference}/stand", status=status, words=words)
    with reading() as db:
        updates = [(u.status, u.words, u.actor) for u in db.exec(select(StatusUpdateRow)).all()]
    assert updates == ([(status, words, "staff:vera")] if heard else [])
    assert rung == ([Step.UPDATE] if heard else [])


def test_a_closed_ticket_can_only_be_reopened(client: FlaskClient) -> None:
    reference = seed.add_ticket(status=TicketStatus.RESOLVED, closed_at=utcnow())
    page = client.get(f"/anliegen/{reference}").text
    assert "Wieder öffnen" in page
    assert "Was ist daraus geworden?" not in page


def test_photos_are_for_staff_only(client: FlaskClient) -> None:
    reference, written = seed.add_ticket(), BytesIO()
    Image.new("RGB", (4, 4)).save(written, "JPEG")
    seed.add_photo(reference, "a.jpg", written.getvalue())
    assert '<img class="photo" src="/foto/a.jpg"' in client.get(f"/anliegen/{reference}").text
    with client.get("/foto/a.jpg") as photo:
        assert (photo.mimetype, photo.headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert client.get("/foto/..%2Fbridge.db").status_code == 404
    client.delete_cookie("staff")
    assert client.get("/foto/a.jpg").status_code == 302


def test_an_unknown_reference_is_not_found(client: FlaskClient) -> None:
    assert client.get("/anliegen/MU-2026-99999").status_code == 404


def test_a_phone_call_becomes_a_ticket_in_two_steps(client: FlaskClient, rung: list[Step]) -> None:
    form = {"source": "Telefon", "words": "Auf dem Spielplatz liegt Glas", "author": "Frau Muster"}
    page = seed.press(client, "/von-hand", **form)
    assert "Wird gelesen" in page.text
    assert page.headers["Refresh"].startswith("1; url=/von-hand/")
    assert rung == [Step.UNDERSTAND]
    with reading() as db:
        message = db.exec(select(MessageRow)).one()
    assert (message.text, message.visibility) == ("Auf dem Spielplatz liegt Glas", Visibility.DIRECT)


def test_nobody_is_answered_who_took_everything_back(client: FlaskClient) -> None:
    reference = seed.add_ticket(message={"withdrawn_at": utcnow()})
    assert "Öffentlich antworten" not in client.get(f"/anliegen/{reference}").text
    page = seed.press(client, f"/anliegen/{reference}/antwort", text="Danke", version="0")
    assert "Hier gibt es niemanden mehr" in page.text
    assert case_of(reference).replies == ()


def test_what_was_typed_by_hand_is_answered_by_hand(client: FlaskClient, rung: list[Step]) -> None:
    reference = seed.add_ticket(
        message={"platform": "by_hand", "base_url": "x", "visibility": Visibility.DIRECT}
    )
    assert "Antwort zum Zurückgeben" in client.get(f"/anliegen/{reference}").text
    seed.press(
        client, f"/anliegen/{reference}/antwort", text="Ist gefegt.", version=version(client, reference)
    )
    page = client.get(f"/anliegen/{reference}").text
    assert re.search(r'<textarea class="copy"[^>]*>Ist gefegt\.</textarea>', page)
    seed.press(client, f"/anliegen/{reference}/antwort/{case_of(reference).replies[0].id}/uebergeben")
    assert case_of(reference).replies[0].state is SendState.SENT


@pytest.mark.parametrize(
    "fields",
    [
        {"source": "Telefon", "words": ""},
        {"source": "Brieftaube", "words": "Hallo"},
        {"source": "Beitrag im Netz", "words": "Hallo", "url": "javascript:alert(1)"},
    ],
)
def test_a_half_filled_form_keeps_what_was_typed(client: FlaskClient, fields: dict[str, str]) -> None:
    page = seed.press(client, "/von-hand", author="Frau Muster", **fields)
    assert page.status_code == 422
    assert 'value="Frau Muster"' in page.text

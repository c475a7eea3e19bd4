"""The list: what needs a person is there, the address says what is shown, and strangers' words stay words."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bridge.domain import DecisionReason, Flag, Kind, SendState, TicketStatus, Visibility
from bridge.tickets import switches
from bridge.tickets.session import writing
from bridge.tickets.tables import CityAccountRow, RawEventRow
from bridge.tickets.types import utcnow
from bridge.web import words
from tests.factories import make_understanding
from tests.web import seed

HOSTILE = """<script>alert(1)</script><img src=x onerror=alert(2)>"'{{ 7*7 }}</textarea></title>"""
ALIVE = re.compile(r"<script>alert|<img src=x|>49<")


@pytest.fixture
def client(case_book: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    browser = seed.make_client(tmp_path, monkeypatch)
    seed.sign_in(browser)
    yield browser
    seed.end()


def rows(page: str) -> list[str]:
    return re.findall(r'<a class="title" href="/anliegen/([^"]+)"', page)


def test_the_first_view_is_what_needs_a_person(client: FlaskClient) -> None:
    held = seed.add_ticket(status=TicketStatus.NEEDS_DECISION, reason=DecisionReason.HELD)
    away = seed.add_ticket(status=TicketStatus.DELIVERED)
    page = client.get("/").text
    assert rows(page) == [held]
    assert "<title>(1) Pult – Stadtbrücke</title>" in page
    assert "Entscheiden: zurückgehalten" in page
    assert rows(client.get("/?sicht=department").text) == [away]
    assert set(rows(client.get("/?sicht=all").text)) == {held, away}


def test_a_row_says_what_where_who_and_how_long(client: FlaskClient) -> None:
    seed.add_ticket(
        "Die Ampel ist aus", message={"visibility": Visibility.DIRECT}, flags=[Flag.INSULT], news_at=utcnow()
    )
    page = client.get("/").text
    for shown in (
        "Ampel defekt · Hauptstraße / Ringstraße",
        "Die Ampel ist aus",
        "Direktnachricht",
        "Mastodon",
        "Nord",
        "Beleidigung",
        "Beim Amt",
        "Neue Nachricht",
        "Tiefbauamt",
        "seit 12 Minuten",
    ):
        assert shown in page


@pytest.mark.parametrize("state", TicketStatus)
def test_every_state_has_a_word_and_an_icon(client: FlaskClient, state: TicketStatus) -> None:
    closed = utcnow() if state in {"resolved", "rejected", "duplicate"} else None
    seed.add_ticket(status=state, closed_at=closed)
    page = client.get("/?sicht=closed" if closed else "/?sicht=all").text
    chip = re.search(r'<span class="chip \w+">(.+?)</span>', page)
    assert chip
    assert "<path d=" in chip.group(1)
    assert words.STATUS[state].word in chip.group(1)


def test_an_emergency_is_red_until_somebody_has_seen_it(client: FlaskClient) -> None:
    seed.add_ticket(kind=Kind.EMERGENCY, category=None, status=TicketStatus.NEEDS_DECISION)
    assert "Notfall prüfen" in client.get("/").text
    seed.press(client, f"/anliegen/{rows(client.get('/').text)[0]}/gesehen")
    assert "Notfall prüfen" not in client.get("/").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("suche=Sperrmüll", 1),
        ("suche=nichts davon", 0),
        ("kategorie=illegal_dumping", 1),
        ("amt=cleaning", 1),
        ("ortsteil=Nord", 2),
        ("plattform=mastodon", 2),
        ("plattform=bluesky", 0),
        ("kategorie=illegal_dumping&amt=streets", 0),
        ("seite=99", 0),
        ("seite=unsinn&sicht=all", 2),
    ],
)
def test_filters_stand_in_the_address(client: FlaskClient, query: str, found: int) -> None:
    seed.add_ticket("Die Ampel ist aus")
    seed.add_ticket("Hier liegt Sperrmüll", category="illegal_dumping", department="cleaning")
    page = client.get(f"/?sicht=all&{query}")
    assert page.status_code == 200
    assert len(rows(page.text)) == found


def test_a_filter_that_finds_nothing_offers_the_way_back(client: FlaskClient) -> None:
    assert "Kein Treffer." in client.get("/?suche=xyz").text
    assert "Nichts zu tun." in client.get("/").text


def test_long_lists_have_pages(client: FlaskClient) -> None:
    for _ in range(51):
        seed.add_ticket()
    first, second = client.get("/?sicht=all").text, client.get("/?sicht=all&seite=2").text
    assert (len(rows(first)), len(rows(second))) == (50, 1)
    assert "Seite 1 von 2" in first


def test_a_page_that_asks_again_hears_that_nothing_changed(client: FlaskClient) -> None:
    seed.add_ticket()
    tag = client.get("/?sicht=all").headers["ETag"]
    assert client.get("/?sicht=all", headers={"If-None-Match": tag}).status_code == 304
    seed.add_ticket()
    assert client.get("/?sicht=all", headers={"If-None-Match": tag}).status_code == 200


def test_abuse_waits_behind_a_click(client: FlaskClient) -> None:
    seed.add_message("Schimpfwort", understanding=make_understanding(kind=Kind.ABUSE, flags=(Flag.INSULT,)))
    page = client.get("/netiquette").text
    assert re.search(r"<details class=\"veil\"><summary>Wortlaut zeigen</summary><p[^>]*>Schimpfwort", page)
    assert "Beleidigung" in page
    assert "Alles geprüft." not in page


def test_a_message_put_away_becomes_a_ticket_by_hand(client: FlaskClient) -> None:
    message = seed.add_message("Schönes Loch", understanding=make_understanding(kind=Kind.IRRELEVANT))
    assert "Schönes Loch" in client.get("/abgelegt").text
    page = seed.press(client, f"/nachricht/{message}/anliegen")
    assert "Das ist jetzt ein Anliegen." in page.text
    assert "Schönes Loch" in page.text
    assert "Hier liegt nichts." in client.get("/abgelegt").text


def test_troubles_name_accounts_offices_and_what_stayed(client: FlaskClient) -> None:
    reference = seed.add_ticket(status=TicketStatus.UNDELIVERABLE)
    with writing() as db:
        account = CityAccountRow(platform="mastodon", handle="stadt", error="401 Unauthorized")
        db.add(account)
        db.flush()
        db.add(RawEventRow(city_account_id=account.id, key="k", payload="?", error="no JSON"))
    page = client.get("/stoerungen").text
    assert "401 Unauthorized" in page
    assert f'href="/anliegen/{reference}"' in page
    assert "no JSON" in page


def test_the_pause_stands_on_every_page_with_who_did_it(client: FlaskClient) -> None:
    assert "angehalten" in seed.press(client, "/anhalten", onward="/netiquette").text
    assert switches.paused_by() == "staff:vera"
    for path in ("/", "/netiquette", "/von-hand"):
        assert "Alles Ausgehende ist angehalten</strong> von vera" in client.get(path).text
    page = seed.press(client, "/weiter", onward="//fremd.example")
    assert page.request.path == "/"
    assert "Es wird wieder gesendet." in page.text
    assert switches.paused_by() is None


def test_strangers_words_are_never_markup(client: FlaskClient) -> None:
    abuse = make_understanding(kind=Kind.ABUSE, category=None)
    seed.add_message(HOSTILE, understanding=abuse, handle=HOSTILE, url="javascript:alert(3)")
    seed.add_message(HOSTILE, understanding=make_understanding(kind=Kind.IRRELEVANT), handle=HOSTILE)
    reference = seed.add_ticket(
        HOSTILE, message={"handle": HOSTILE, "url": "javascript:alert(3)"}, because=HOSTILE, flags=[HOSTILE]
    )
    seed.add_reply(reference, HOSTILE, error=HOSTILE)
    seed.add_reply(reference, HOSTILE, SendState.SENT, url="javascript:alert(3)", sent_at=utcnow())
    seed.add_delivery(reference, error=HOSTILE)
    seed.press(client, f"/anliegen/{reference}/notiz", words=HOSTILE)
    for path in (
        "/?sicht=all",
        "/netiquette",
        "/abgelegt",
        f"/anliegen/{reference}",
        f"/anliegen/{reference}?ort={HOSTILE}",
    ):
        page = client.get(path)
        assert page.status_code == 200
        assert not ALIVE.search(page.text), path
        assert "javascript:" not in page.text, path


def test_pages_bring_no_script_or_style_of_their_own(client: FlaskClient) -> None:
    reference = seed.add_ticket()
    for path in (
        "/",
        f"/anliegen/{reference}",
        "/von-hand",
        "/netiquette",
        "/abgelegt",
        "/stoerungen",
        "/anmelden",
    ):
        page = client.get(path)
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]+src=)", page.text), path
        assert not re.search(r'(?:src|<link[^>]+href)="(?:https?:)?//', page.text), path


def test_staff_pages_are_kept_out_of_caches_and_referrers(client: FlaskClient) -> None:
    page = client.get("/")
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"


def test_every_page_carries_what_the_law_asks_for(client: FlaskClient) -> None:
    page = client.get("/").text
    for name in ("impressum", "datenschutz", "barrierefreiheit"):
        assert f'href="https://musterstadt.example/{name}"' in page

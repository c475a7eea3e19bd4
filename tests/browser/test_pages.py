"""Every page can be read and used by everybody: by day and night, on a desk and on a telephone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bridge import links
from bridge.delivery.email import compose
from bridge.domain import SendState
from tests.browser.town import Town, department_path, open_desk, open_town, ticket_path
from tests.browser.watch import LOOKS, NARROW, Look, Watched
from tests.delivery.contract import handover
from tests.web import seed

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def town(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    with pytest.MonkeyPatch.context() as monkeypatch, open_town(folder, monkeypatch) as opened:
        yield opened


some_looks_now_all_in_the_long_run = pytest.mark.parametrize(
    "looks", [LOOKS[::3], pytest.param(LOOKS, marks=pytest.mark.long)], ids=["some", "all"]
)


def wrong_with(watched: Watched, looks: list[Look], urls: dict[str, str]) -> dict[str, list[str]]:
    """What is wrong with each page, by its name."""
    found = {}
    for name, url in urls.items():
        watched.open(url)
        found[name] = wrong_here(watched, looks)
    return {name: wrong for name, wrong in found.items() if wrong}


def wrong_here(watched: Watched, looks: list[Look]) -> list[str]:
    """What is wrong with the page as it stands."""
    barriers = [barrier for look in looks for barrier in watched.barriers(look)]
    wrong = barriers + watched.wider_than(NARROW) + watched.faults
    watched.faults.clear()
    return wrong


@some_looks_now_all_in_the_long_run
def test_no_page_of_the_desk_shuts_anybody_out(town: Town, watched: Watched, looks: list[Look]) -> None:
    watched.open(links.sign_in_url(seed.LOGIN))
    assert wrong_with(watched, looks, {name: town.desk + path for name, path in town.pages.items()}) == {}


@pytest.mark.long
def test_no_ticket_shuts_anybody_out_in_any_state(town: Town, watched: Watched) -> None:
    watched.open(links.sign_in_url(seed.LOGIN))
    assert wrong_with(watched, LOOKS, {name: town.desk + path for name, path in town.states.items()}) == {}


@some_looks_now_all_in_the_long_run
def test_no_public_page_shuts_anybody_out(town: Town, watched: Watched, looks: list[Look]) -> None:
    assert wrong_with(watched, looks, {name: town.desk + path for name, path in town.public.items()}) == {}


@some_looks_now_all_in_the_long_run
def test_no_page_of_the_square_shuts_anybody_out(town: Town, watched: Watched, looks: list[Look]) -> None:
    assert wrong_with(watched, looks, square_pages(town)) == {}


def square_pages(town: Town) -> dict[str, str]:
    square = town.square
    newest = square.network.newest_roots(square.network.personas[0], 1)[0]
    plain, mail = square.mailbox.keys()
    paths = {
        "a plain letter": f"/postfach/{plain}",
        "a department's mail in its frame": f"/postfach/{mail}",
        "the square": "/",
        "the square, answering": f"/?als=ada&antwort={newest.id}",
        "one conversation": f"/@ada/{newest.id}",
        "a post that is gone": "/@ada/1",
        "the mailbox": "/postfach/",
    }
    return {name: square.url + path for name, path in paths.items()}


@some_looks_now_all_in_the_long_run
def test_a_departments_mail_shuts_nobody_out(watched: Watched, looks: list[Look]) -> None:
    part = compose(handover()).get_body(("html",))
    assert part
    # In its frame no script may run, not even axe.
    watched.page.set_content(
        re.sub(r"cid:[^\"]+", "data:image/gif;base64,R0lGODlhAQABAAAAACw=", part.get_content())
    )
    assert wrong_here(watched, looks) == []


def wrong_password(page: Page, desk: str) -> None:
    page.goto(f"{desk}/anmelden")
    page.get_by_label("Anmeldename").fill(seed.LOGIN)
    page.get_by_label("Passwort").fill("falsch")
    page.get_by_role("button", name="Anmelden").click()


def wrong_address(page: Page, desk: str) -> None:
    page.goto(f"{desk}/von-hand")
    page.get_by_label("Telefon").check()
    page.get_by_label("Was wurde gesagt").fill("Die Ampel ist aus")
    page.get_by_label("Adresse des Beitrags").fill("ftp://stadt.example")
    page.get_by_role("button", name="Anliegen aufnehmen").click()


def late_answer(page: Page, desk: str) -> None:
    reference = seed.add_ticket()
    page.goto(desk + ticket_path(reference))
    seed.add_reply(reference, "Schon beantwortet", SendState.SENT)
    page.locator("[data-draft=antwort]").fill("Wir kommen.")
    page.get_by_role("button", name="Öffentlich antworten").click()


def old_form(page: Page, desk: str) -> None:
    page.goto(desk + ticket_path(seed.add_ticket()))
    page.evaluate("document.querySelectorAll('[name=csrf_token]').forEach((it) => it.value = 'alt')")
    page.get_by_label("Notiz, nur intern").fill("Angerufen")
    page.get_by_role("button", name="Notiz speichern").click()


def silent_department(page: Page, desk: str) -> None:
    page.goto(desk + department_path(seed.add_ticket(), answer="scheduled"))
    page.evaluate("document.querySelectorAll('[required]').forEach((it) => it.required = false)")
    page.get_by_role("button", name="„Eingeplant“ melden").click()


def late_department(page: Page, desk: str) -> None:
    page.goto(desk + department_path(seed.add_ticket(), answer="done"))
    page.evaluate("document.querySelector('[open] [name=answer]').value = 'gibt es nicht'")
    page.get_by_label("Was haben Sie getan").fill("Repariert")
    page.get_by_role("button", name="„Erledigt“ melden").click()


PRESSES = {
    "Name oder Passwort stimmt nicht.": wrong_password,
    "Bitte geben Sie die Adresse mit https:// an.": wrong_address,
    "Inzwischen gibt es eine andere Antwort": late_answer,
    "Bitte noch einmal senden": old_form,
    "Bitte schreiben Sie hier ein paar Worte.": silent_department,
    "Diese Antwort passt nicht mehr": late_department,
}


@some_looks_now_all_in_the_long_run
def test_no_answer_to_a_press_shuts_anybody_out(town: Town, watched: Watched, looks: list[Look]) -> None:
    watched.open(links.sign_in_url(seed.LOGIN))
    for words, press in PRESSES.items():
        press(watched.page, town.desk)
        expect(watched.page.get_by_text(words)).to_be_visible()
        assert wrong_here(watched, looks) == [], words


@some_looks_now_all_in_the_long_run
def test_who_has_no_account_yet_is_not_shut_out_either(
    chromium: Browser,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    watched: Watched,
    looks: list[Look],
) -> None:
    with open_desk(tmp_path, monkeypatch) as address:
        watched.page.set_extra_http_headers({"X-Forwarded-For": "203.0.113.9"})
        watched.open(f"{address}/")
        expect(watched.page.get_by_text("Noch niemand hat ein Konto")).to_be_visible()
        assert wrong_here(watched, looks) == []


def test_a_page_that_shuts_people_out_would_be_noticed(watched: Watched) -> None:
    watched.page.set_content(
        "<p style='color: #aaa; width: 999px'>grau<img src='https://boese.example/x'></p>"
    )
    wrong = " ".join(wrong_here(watched, LOOKS[:1]))
    for fault in (
        "color-contrast",
        "image-alt",
        "html-has-lang",
        "too wide",
        "foreign: https://boese.example/x",
    ):
        assert fault in wrong

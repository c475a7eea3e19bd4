"""The desk by keyboard alone: every act is reached, seen where it is, and leaves nobody lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bridge import links
from bridge.domain import Cause, SendState
from bridge.sandbox.serve import Running, running
from bridge.tickets.book import staff
from bridge.tickets.types import utcnow
from tests.browser.town import department_path, open_desk, ticket_path
from tests.browser.watch import Watched
from tests.web import seed

ACTING = "a[href], button, input:not([type=hidden]), select, textarea, summary"
UNREACHED = """(acting) => {
  const open = [...document.querySelectorAll(acting)].filter((e) => e.checkVisibility());
  const alone = (e) => e.type !== "radio" || e.checked || e === document.querySelector(`[name=${e.name}]`);
  return open.filter((e) => alone(e) && !e.dataset.reached).map((e) => e.outerHTML.slice(0, 120));
}"""
HERE = """() => {
  const e = document.activeElement;
  if (e === document.body) return "";
  e.dataset.reached = "yes";
  const framed = [getComputedStyle(e), getComputedStyle(e, "::after")]
    .some((look) => look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0);
  return framed && e.checkVisibility() ? "seen" : `no focus is seen on ${e.outerHTML.slice(0, 120)}`;
}"""
MOST = 400
"""Presses of Tab after which a page must be over."""


@pytest.fixture
def square(chromium: Browser, tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path, "token-der-stadt") as at_work:
        yield at_work


@pytest.fixture
def desk(chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with open_desk(tmp_path, monkeypatch) as address:
        staff.add(seed.LOGIN, "Vera Beispiel", password=seed.PASSWORD)
        yield address


def full_ticket() -> str:
    """A ticket with everything there is to press."""
    reference = seed.add_ticket(news_at=utcnow())
    seed.add_reply(reference, "Bitte prüfen", cause=Cause.STATUS)
    seed.add_reply(reference, "Kam das an?", SendState.UNKNOWN)
    seed.add_delivery(reference)
    return reference


def tab_through(page: Page) -> list[str]:
    """Press Tab from the beginning to the end; what was not reached, and where the focus was not seen."""
    page.evaluate("document.querySelectorAll('details').forEach((it) => it.open = true)")
    page.evaluate("document.body.focus()")
    found = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if not here:
            break
        found += [here] if here != "seen" else []
    return found + page.evaluate(UNREACHED, ACTING)


def test_tab_reaches_every_act_and_shows_where_it_is(desk: str, watched: Watched) -> None:
    watched.open(links.sign_in_url(seed.LOGIN))
    reference = full_ticket()
    paths = [
        "/",
        "/von-hand",
        "/regeln",
        f"{ticket_path(reference)}?ort=Lindenpark",
        department_path(reference),
    ]
    assert {path: lost for path in paths if (lost := tab_through(watched.open(desk + path)))} == {}


def test_j_k_and_enter_walk_the_list(desk: str, watched: Watched) -> None:
    references = [seed.add_ticket(status="needs_decision") for _ in range(3)]
    page = watched.open(links.sign_in_url(seed.LOGIN))
    titles = page.locator(".row .title")
    expect(titles).to_have_count(len(references))
    for keys, at in (("j", 0), ("jj", 2), ("j", 2), ("k", 1)):
        for key in keys:
            page.keyboard.press(key)
        expect(titles.nth(at)).to_be_focused()
    page.keyboard.press("s")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("jk")
    expect(page.get_by_role("searchbox")).to_have_value("jk")
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    expect(titles.nth(0)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#kopf")).to_be_visible()
    for key, name in (("r", "antwort"), ("n", "notiz")):
        page.keyboard.press(key)
        expect(page.locator(f"[data-draft={name}]")).to_be_focused()
        page.keyboard.press("Escape")
    page.keyboard.press("u")
    expect(titles.first).to_be_visible()


def test_the_focus_stays_where_somebody_works_while_the_page_looks_for_news(
    desk: str, watched: Watched
) -> None:
    watched.open(links.sign_in_url(seed.LOGIN))
    reference = seed.add_ticket(status="needs_decision")
    page = watched.open(f"{desk}/")
    page.keyboard.press("j")
    title = page.locator(".row .title")
    expect(title).to_be_focused()
    seed.add_reply(reference, "Neu")
    seed.add_ticket(status="needs_decision")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".fresh a")).to_have_text("1 neues Anliegen anzeigen")
    expect(title).to_be_focused()


def test_after_an_act_the_next_tab_goes_on_from_the_top_and_the_outcome_is_read_out(
    desk: str, watched: Watched
) -> None:
    watched.open(links.sign_in_url(seed.LOGIN))
    page = watched.open(desk + ticket_path(full_ticket()))
    page.keyboard.press("n")
    page.keyboard.type("Angerufen")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Notiz gespeichert.")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Zum Inhalt")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_on_the_square_nobody_loses_their_place(square: Running, watched: Watched) -> None:
    page = watched.open(f"{square.url}/")
    page.get_by_label("Ada schreibt").press_sequentially("Die Ampel ist aus")
    page.keyboard.press("Control+Enter")
    post = page.locator("article", has_text="Die Ampel ist aus")
    expect(page.get_by_label("Ada schreibt")).to_be_focused()
    post.get_by_role("link", name="Bearbeiten").press("Enter")
    expect(page.get_by_label("Ada schreibt")).to_be_focused()
    page.get_by_role("link", name="Abbrechen").press("Enter")
    expect(page.get_by_label("Ada schreibt")).to_be_focused()
    post.get_by_role("button", name="Löschen").press("Enter")
    expect(post).to_have_count(0)
    expect(page.get_by_role("region", name="Gespräche")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("Gelöscht.")

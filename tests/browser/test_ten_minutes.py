"""The newcomer's ten minutes: a report, its answer, and the whole desk, in a real browser."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.watch import Watched
from tests.journey.whole import Whole, running

pytestmark = pytest.mark.timeout(300)

TEXT = "@stadt Ecke Könneritzstraße/Holbeinstraße ist die Ampel aus"
FREE = "Das neue Steuergerät ist eingebaut."


@pytest.fixture(scope="module")
def whole(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    with running(tmp_path_factory.mktemp("minutes") / "var", port=18_500) as bridge:
        yield bridge


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def told(page: Page, words: str) -> None:
    expect(page.locator(".flash")).to_contain_text(words)


def write_on_the_square(page: Page, text: str, als: str) -> None:
    page.get_by_role("link", name=als, exact=True).click()
    page.get_by_label(f"{als} schreibt").fill(text)
    press(page, "Veröffentlichen")


def test_a_newcomer_sees_the_whole_way_in_ten_minutes(whole: Whole, watched: Watched) -> None:
    page = watched.open(f"{whole.square}/")
    write_on_the_square(page, TEXT, "Ada")
    page.evaluate("window.notReloaded = true")
    thread = page.locator(".conversation").first
    answer = thread.locator("article.city").first
    expect(answer).to_contain_text("Verkehrs- und Tiefbauamt")
    reference = re.search(r"LE-\d{4}-\d{5}", answer.inner_text())
    assert reference
    _follow_the_status_link(page, answer.locator("a[href*='/s/']"), reference[0])
    _answer_as_the_department(page, whole, reference[0])
    expect(thread).to_contain_text("erledigt", ignore_case=True)
    assert page.evaluate("window.notReloaded")
    expect(thread).not_to_contain_text(FREE)
    _work_at_the_desk(watched.open(whole.sign_in), reference[0])
    watched.open(f"{whole.square}/")
    expect(thread).to_contain_text(FREE)
    expect(thread).to_contain_text("Danke für Ihre Geduld.")


def _follow_the_status_link(page: Page, link: Locator, reference: str) -> None:
    with page.context.expect_page() as opened:
        link.click()
    status = opened.value
    expect(status.get_by_role("main")).to_contain_text(reference)
    status.close()


def _answer_as_the_department(page: Page, whole: Whole, reference: str) -> None:
    mailbox = page.context.new_page()
    mailbox.goto(f"{whole.square}/postfach/")
    mailbox.get_by_role("link", name=reference).click()
    with page.context.expect_page() as opened:
        mailbox.frame_locator("iframe").get_by_role("link", name="Erledigt").click()
    office = opened.value
    office.get_by_label("Was haben Sie getan?").fill(FREE)
    press(office, "„Erledigt“ melden")
    expect(office.get_by_role("status")).to_contain_text("Danke")
    mailbox.close()
    office.close()


def _work_at_the_desk(page: Page, reference: str) -> None:
    page.get_by_role("link", name="Abgeschlossen").click()
    page.get_by_role("link", name=re.compile("Ampel defekt")).click()
    expect(page.locator("#kopf")).to_contain_text(reference)
    _correct_category_and_place(page)
    _release_and_answer(page)
    page.get_by_label("Notiz, nur intern").fill("Mit dem Amt telefoniert")
    press(page, "Notiz speichern")
    expect(page.locator("#faden")).to_contain_text("Mit dem Amt telefoniert")


def _correct_category_and_place(page: Page) -> None:
    page.get_by_text("ändern").first.click()
    page.get_by_role("combobox", name="Kategorie").select_option(label="Straßenschaden")
    press(page, "Kategorie setzen")
    told(page, "Kategorie geändert")
    page.locator("#ort summary").click()
    page.get_by_label("Straße, Kreuzung, Haltestelle").fill("Gorkistraße")
    press(page, "Ort suchen")
    page.locator(".offers button").first.click()
    told(page, "Ort gesetzt: Gorkistraße")


def _release_and_answer(page: Page) -> None:
    waiting = page.locator(".waits").filter(has_text=FREE)
    waiting.get_by_role("button", name="Freigeben").click()
    told(page, "Freigegeben")
    page.locator("[data-draft=antwort]").fill("Danke für Ihre Geduld.")
    press(page, "Öffentlich antworten")
    told(page, "Ihre Antwort ist unterwegs.")


def test_staff_close_with_a_reason_and_stop_and_start_everything(whole: Whole, watched: Watched) -> None:
    square = watched.open(f"{whole.square}/")
    write_on_the_square(square, "@stadt In der Gorkistraße 12 liegt Sperrmüll", "Bruno")
    thread = square.locator(".conversation").first
    expect(thread.locator("article.city")).to_have_count(1)
    page = square.context.new_page()
    page.goto(whole.sign_in)
    press(page, "Alles Ausgehende anhalten")
    expect(page.get_by_text("Alles Ausgehende ist angehalten")).to_be_visible()
    page.goto(f"{whole.desk}/?sicht=all&suche=Sperrmüll")
    page.locator(".row .title").first.click()
    page.get_by_role("radio", name="Abgelehnt").check()
    page.get_by_label("Grund oder Worte dazu").fill("Das ist Privatgrund.")
    press(page, "Schließen")
    told(page, "Wird übernommen")
    expect(page.locator("#stand")).to_contain_text("Das ist Privatgrund.")
    expect(thread.locator("article.city")).to_have_count(1)
    press(page, "Weiter senden")
    told(page, "Es wird wieder gesendet.")
    expect(thread.locator("article.city")).to_have_count(2)

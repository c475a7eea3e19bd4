"""Strangers' words in a real browser: nothing of them runs, asks anybody or is even tried."""

from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bridge import links
from bridge.delivery.email import compose
from bridge.domain import Location, Photo, Precision
from bridge.sandbox.records import Draft
from bridge.sandbox.serve import Running, running
from bridge.tickets.book import staff
from tests import hostile
from tests.browser.town import open_desk
from tests.browser.watch import Watched
from tests.delivery.contract import handover, picture
from tests.web import seed
from tests.web.hostile_seed import fill

pytestmark = pytest.mark.timeout(300)

TEXTS = [*hostile.joined(hostile.WORDS), *hostile.LINKS]
ROOM = 400
"""Characters of a post, with some left for what counts longer."""


@pytest.fixture
def desk(chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with open_desk(tmp_path, monkeypatch) as address:
        staff.add(seed.LOGIN, "Vera Beispiel", password=seed.PASSWORD)
        yield address


@pytest.fixture
def square(chromium: Browser, tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path / "square", "token-der-stadt") as at_work:
        yield at_work


def ran_on(watched: Watched, urls: Sequence[str]) -> dict[str, list[str]]:
    """What went wrong on each page, and whether a stranger's script ran there."""
    found = {}
    for url in urls:
        page = watched.open(url)
        page.evaluate("document.querySelectorAll('details').forEach((it) => it.open = true)")
        ran = [f"ran in {frame.url}" for frame in page.frames if frame.evaluate("'__ran' in window")]
        left = [] if page.url == url else [f"led to {page.url}"]
        found[url] = ran + left + watched.faults
        watched.faults.clear()
    return {url: wrong for url, wrong in found.items() if wrong}


def on_the_desk(desk: str, watched: Watched, words: Sequence[str], every: int) -> dict[str, list[str]]:
    watched.open(links.sign_in_url(seed.LOGIN))
    filled = fill(words)
    return ran_on(watched, [desk + path for path in [*filled.all.values(), *filled.each[::every]]])


def test_nothing_strangers_say_runs_on_the_desk(desk: str, watched: Watched) -> None:
    assert on_the_desk(desk, watched, TEXTS, every=7) == {}


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_nothing_from_outside_runs_on_the_desk(desk: str, watched: Watched) -> None:
    assert on_the_desk(desk, watched, hostile.joined(hostile.outside()), every=1) == {}


def test_nothing_strangers_say_runs_on_the_square(square: Running, watched: Watched) -> None:
    assert ran_on(watched, on_the_square(square, hostile.WORDS)) == {}


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_nothing_from_outside_runs_on_the_square(square: Running, watched: Watched) -> None:
    assert ran_on(watched, on_the_square(square, hostile.outside())) == {}


def on_the_square(square: Running, words: Sequence[str]) -> list[str]:
    """Write the words as posts, as names and beside pictures; the pages that show them."""
    network = square.network
    ada = network.personas[0]
    root = network.write(ada, Draft(status="@stadt Der Anfang"))
    for word in words:
        photo = network.upload(ada, picture("PNG", "red"), word)
        text = f"@stadt {word[:ROOM]}"
        network.write(ada, Draft(status=text, in_reply_to_id=root.id, media_ids=(photo.id,)))
    named = network.join("mallory", words[0])
    network.write(named, Draft(status=words[0]))
    keys = [square.mailbox.keep(letter(" ".join(words)[:9000]).as_bytes())]
    letters = [f"/postfach/{key}{part}" for key in keys for part in ("", "/html")]
    pages = ["/", f"/@ada/{root.id}", f"/?als=ada&antwort={root.id}", "/postfach/", *letters]
    return [square.url + path for path in pages]


def letter(word: str) -> EmailMessage:
    place = Location(label=word, precision=Precision.STREET, district=word)
    photo = Photo(name=word, content=picture("JPEG", "red"), description=word)
    return compose(handover(text=word, location=place, photos=(photo,), because=word))


@pytest.mark.parametrize("word", [f"<body>{hostile.HANDLERS[0]}{hostile.SCRIPTS[0]}{hostile.LINKS[18]}"])
def test_a_letter_that_attacks_the_mailbox_gets_nowhere(square: Running, watched: Watched, word: str) -> None:
    foreign = EmailMessage()
    foreign["Subject"], foreign["To"] = "Angriff", "amt@stadt.example"
    foreign.set_content(word, subtype="html")
    foreign.add_attachment(word.encode(), "text", "html", filename="</script>x.html")
    key = square.mailbox.keep(foreign.as_bytes())
    page = watched.open(f"{square.url}/postfach/{key}")
    assert [frame.url for frame in page.frames if frame.evaluate("'__ran' in window")] == []
    assert [fault for fault in watched.faults if not fault.startswith("console: ")] == []
    watched.faults.clear()

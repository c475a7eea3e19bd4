"""Every page can be read and used by everybody: by day and night, on a desk and on a telephone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from bridge import links
from tests.browser.town import Town, open_town
from tests.browser.watch import LOOKS, NARROW, Look, Watched
from tests.web import seed


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
        wrong = [barrier for look in looks for barrier in watched.barriers(look)]
        found[name] = wrong + watched.wider_than(NARROW) + watched.faults
        watched.faults.clear()
    return {name: wrong for name, wrong in found.items() if wrong}


@some_looks_now_all_in_the_long_run
def test_no_page_of_the_desk_shuts_anybody_out(town: Town, watched: Watched, looks: list[Look]) -> None:
    watched.open(links.sign_in_url(seed.LOGIN))
    assert wrong_with(watched, looks, {name: town.desk + path for name, path in town.pages.items()}) == {}


@some_looks_now_all_in_the_long_run
def test_no_public_page_shuts_anybody_out(town: Town, watched: Watched, looks: list[Look]) -> None:
    assert wrong_with(watched, looks, {name: town.desk + path for name, path in town.public.items()}) == {}


@some_looks_now_all_in_the_long_run
def test_no_page_of_the_square_shuts_anybody_out(town: Town, watched: Watched, looks: list[Look]) -> None:
    assert wrong_with(watched, looks, square_pages(town)) == {}


def square_pages(town: Town) -> dict[str, str]:
    square = town.square
    newest = square.network.newest_roots(square.network.personas[0], 1)[0]
    letters = {f"letter {n}": f"/postfach/{key}" for n, key in enumerate(square.mailbox.keys())}
    paths = letters | {
        "the square": "/",
        "the square, answering": f"/?als=ada&antwort={newest.id}",
        "one conversation": f"/@ada/{newest.id}",
        "a post that is gone": "/@ada/1",
        "the mailbox": "/postfach/",
    }
    return {name: square.url + path for name, path in paths.items()}

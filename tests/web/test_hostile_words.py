"""Whatever strangers write stands on our pages as words and never becomes a part of them."""

from collections.abc import Callable, Iterator, Sequence
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests import hostile
from tests.hostile import bones
from tests.web import seed
from tests.web.hostile_seed import fill


@pytest.fixture
def open_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], FlaskClient]]:
    """Opens a fresh desk with Vera signed in."""

    def opened(name: str) -> FlaskClient:
        seed.end()
        (tmp_path / name).mkdir()
        browser = seed.make_client(tmp_path / name, monkeypatch)
        seed.sign_in(browser)
        return browser

    yield opened
    seed.end()


def pages(client: FlaskClient, words: Sequence[str]) -> list[tuple[str, str]]:
    """Path and text of every page that shows these words."""
    filled = fill(words)
    found = [(path, client.get(path)) for path in [*filled.all.values(), *filled.each]]
    assert {path: page.status_code for path, page in found if page.status_code != 200} == {}
    return [(path, page.text) for path, page in found]


def built_by(open_desk: Callable[[str], FlaskClient], words: Sequence[str]) -> dict[str, set[str]]:
    """What these words put on a page that harmless ones do not: elements and attributes, by path."""
    usual = {bone for _, page in pages(open_desk("harmless"), ["Wort", "Satz"]) for bone in bones(page)}
    found = {path: set(bones(page)) - usual for path, page in pages(open_desk("hostile"), words)}
    return {path: strange for path, strange in found.items() if strange}


def test_hostile_words_build_nothing(open_desk: Callable[[str], FlaskClient]) -> None:
    assert built_by(open_desk, [*hostile.joined(hostile.WORDS), *hostile.LINKS]) == {}


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_hostile_words_from_outside_build_nothing(open_desk: Callable[[str], FlaskClient]) -> None:
    assert built_by(open_desk, hostile.joined(hostile.outside())) == {}


def test_no_word_is_lost_on_the_way_to_the_desk(open_desk: Callable[[str], FlaskClient]) -> None:
    client = open_desk("desk")
    page = unescape(client.get(fill(hostile.joined(hostile.WORDS)).all["ticket"]).text)
    assert [word for word in hostile.WORDS if word not in page] == []

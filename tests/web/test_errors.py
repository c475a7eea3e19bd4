"""Whatever goes wrong, visitors read plain German and nothing about our insides."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bridge.tickets import search
from tests.web import public_seed as seed


@pytest.fixture
def client(case_book: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    yield seed.make_client(tmp_path, monkeypatch)
    seed.end()


def test_a_page_that_is_not_there_says_so(client: FlaskClient) -> None:
    page = client.get("/gibt/es/nicht")
    assert page.status_code == 404
    assert "Diese Seite gibt es nicht." in page.text


def test_a_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    page = client.delete(f"/s/{seed.CODE}")
    assert page.status_code == 405
    assert "GET" in page.headers["Allow"]


def test_a_flood_of_a_form_is_refused(client: FlaskClient) -> None:
    path = seed.path_of(seed.make_ticket())
    page = client.post(path, data={"words": "x" * 5_000_000}, headers={"Sec-Fetch-Site": "same-origin"})
    assert page.status_code == 413
    assert "Das ist zu groß." in page.text


def test_a_failure_of_ours_shows_nothing_of_our_insides(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_code: str) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(search, "case_by_code", broken)
    page = client.get(f"/s/{seed.CODE}")
    assert page.status_code == 500
    assert "schiefgegangen" in page.text
    assert "secret inside" not in page.text

"""Who somebody is, seen through the proxies of a city."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.tickets.book import staff
from tests.web.seed import end, make_client

LIMIT = 30


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    end()


@pytest.mark.parametrize(("proxies", "neighbour"), [("1", 404), ("0", 429)])
def test_one_visitor_who_guesses_slows_others_only_where_the_proxy_is_not_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proxies: str, neighbour: int
) -> None:
    monkeypatch.setenv("BRIDGE_TRUSTED_PROXIES", proxies)
    client = make_client(tmp_path, monkeypatch)
    staff.add("vera", "Vera", password="ein langes Passwort")
    for number in range(LIMIT + 1):
        client.get(f"/s/AAAAAA{number // 10 + 22}", headers={"X-Forwarded-For": "198.51.100.7"})
    guess = client.get("/s/BBBBBBBB", headers={"X-Forwarded-For": "198.51.100.8"})
    assert guess.status_code == neighbour

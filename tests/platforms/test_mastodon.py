"""The Mastodon adapter against two servers that speak its API: the sandbox, and one that is not Mastodon."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.platforms import _http, connected
from bridge.platforms.base import Platform
from tests.platforms import small_server, square_server
from tests.platforms.contract import PlatformContract
from tests.platforms.stand_in import StandIn


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_http, "READ_SECONDS", 0.4)


@pytest.fixture
def platform(stand_in: StandIn) -> Platform:
    return connected(connected(stand_in.account).connect())


class TestOnTheSquare(PlatformContract):
    can_repeat = True

    @pytest.fixture
    def stand_in(self, tmp_path: Path) -> Iterator[StandIn]:
        with square_server.on_the_square(tmp_path) as square:
            yield square


class TestOnAnotherServer(PlatformContract):
    @pytest.fixture
    def stand_in(self) -> Iterator[StandIn]:
        with small_server.running() as small:
            yield small

"""The Bluesky adapter against a network that speaks XRPC and refuses what the descriptions refuse."""

from collections.abc import Iterator

import pytest

from bridge.platforms import _http, connected
from bridge.platforms.base import Platform
from tests.platforms import bluesky_server
from tests.platforms.contract import PlatformContract
from tests.platforms.stand_in import StandIn


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_http, "READ_SECONDS", 0.4)


class TestOnANetwork(PlatformContract):
    can_repeat = True

    @pytest.fixture
    def stand_in(self) -> Iterator[StandIn]:
        with bluesky_server.running() as network:
            yield network

    @pytest.fixture
    def platform(self, stand_in: StandIn) -> Platform:
        return connected(connected(stand_in.account).connect())

    def test_an_edit_is_seen_on_looking_again(self, platform: Platform, stand_in: StandIn) -> None:
        """Nobody can change a post here."""
        assert not platform.capabilities.edit_seen

"""What letters are judged by: a key for their tokens."""

from collections.abc import Iterator

import pytest

from bridge.settings import settings


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Tokens need a key."""
    monkeypatch.setenv("BRIDGE_SECRET_KEY", "k" * 40)
    settings.cache_clear()
    yield
    settings.cache_clear()

"""The bell is only a bell: without Redis, or with one that hangs, nobody waits for it."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge import queues
from bridge.domain import Step
from bridge.settings import settings


@pytest.fixture
def hanging(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A Redis that takes every connection and never answers, as a stopped process does."""
    path = tmp_path / "redis.sock"
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(path))
        deaf.listen()
        monkeypatch.setenv("REDIS_URL", f"unix://{path}")
        settings.cache_clear()
        yield
    settings.cache_clear()


@pytest.mark.parametrize("act", [queues.ring, queues.answer])
def test_a_redis_that_hangs_holds_nobody_up(hanging: None, act: object) -> None:
    begin = time.monotonic()
    assert callable(act)
    act(Step.REPLY)
    assert time.monotonic() - begin < 10


@pytest.mark.parametrize("act", [queues.ring, queues.answer])
def test_a_redis_that_is_away_is_no_error(
    act: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", f"unix://{tmp_path / 'nobody.sock'}")
    settings.cache_clear()
    assert callable(act)
    act(Step.REPLY)
    settings.cache_clear()

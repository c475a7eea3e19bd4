"""What any test may ask for."""

import os

import pytest

# Before anybody imports them, so that their failures speak as clearly as those of a test file.
pytest.register_assert_rewrite("tests.delivery.contract", "tests.platforms.contract")

from bridge.web import api, auth, status  # noqa: E402
from bridge.web.open311 import asked  # noqa: E402
from tests.database import case_book, database, postgresql  # noqa: E402

__all__ = ["case_book", "database", "postgresql"]

# Whoever runs the tests may have a real town in their surroundings.
for name in ("DATABASE_URL", "REDIS_URL"):
    os.environ.pop(name, None)


SHOWN = ("tests/web", "tests/cli")
"""Where the case book is only shown: tickets and workers ask both databases the same every time."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Try pages and commands on the second database in the long run only."""
    for item in items:
        if item.nodeid.startswith(SHOWN) and "postgresql" in item.nodeid:
            item.add_marker(pytest.mark.long)


@pytest.fixture(autouse=True)
def nobody_has_guessed_yet() -> None:
    """Without Redis wrong guesses are counted in the process, and one test's must not slow another."""
    for throttle in (api.throttle, asked.throttle, auth.throttle, status.wrong_codes):
        throttle._here.clear()

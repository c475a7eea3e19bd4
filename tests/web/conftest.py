"""What most pages of the desk are tried with."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.web import seed


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    """A browser in which somebody is signed in."""
    browser = seed.make_client(tmp_path, monkeypatch)
    seed.sign_in(browser)
    yield browser
    seed.end()


@pytest.fixture
def ticket(client: FlaskClient) -> str:
    """The reference of an open ticket."""
    return seed.add_ticket()

"""A sandbox for each test: in memory for most, over real sockets where the wire matters."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bridge.sandbox.app import create_sandbox
from bridge.sandbox.network import Network
from bridge.sandbox.serve import Running, running

TOKEN = "token-of-the-city"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    made = create_sandbox(tmp_path, TOKEN)
    yield made
    made.extensions["network"].close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def network(app: Flask) -> Network:
    return app.extensions["network"]


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path, TOKEN) as at_work:
        yield at_work


@pytest.fixture
def city() -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def ada() -> dict[str, str]:
    return {"Authorization": "Bearer uebung-ada"}


@pytest.fixture
def bruno() -> dict[str, str]:
    return {"Authorization": "Bearer uebung-bruno"}

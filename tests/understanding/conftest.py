"""The demo city and its reader, made once."""

from pathlib import Path

import pytest

from bridge.city import City, load_city
from bridge.places import city_gazetteer
from bridge.understanding.reader import Reader


@pytest.fixture(scope="session")
def city() -> City:
    return load_city(Path(__file__).parents[2] / "routing_rules" / "leipzig")


@pytest.fixture(scope="session")
def reader(city: City) -> Reader:
    return Reader(city, city_gazetteer(city))

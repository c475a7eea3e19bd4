"""A typed address is asked of the gazetteer, then of the geocoder, whose troubles are never the page's."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bridge.domain import Precision
from bridge.settings import settings
from bridge.tickets import search
from bridge.tickets.book import locations
from bridge.web import typed
from tests import map_service
from tests.map_service import Service, place
from tests.web import seed

PLACES = "name,kind,lat,lon\nLindenpark,park,51.02,12.02\n"
TROUBLE = "Der Kartendienst antwortet gerade nicht."


@pytest.fixture
def service() -> Iterator[Service]:
    with map_service.serving() as listening:
        listening.places = [place()]
        yield listening


@pytest.fixture
def client(
    case_book: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: Service
) -> Iterator[FlaskClient]:
    monkeypatch.setenv("BRIDGE_GEOCODER", "photon")
    monkeypatch.setenv("BRIDGE_GEOCODER_URL", service.url)
    monkeypatch.setenv("BRIDGE_GEOCODER_CONTACT", map_service.CONTACT)
    monkeypatch.setattr(typed, "TURN_SECONDS", 0.0)
    browser = seed.make_client(tmp_path, monkeypatch)
    (tmp_path / "musterstadt" / "places.csv").write_text(PLACES, encoding="utf-8")
    seed.sign_in(browser)
    yield browser
    seed.end()


def asking(client: FlaskClient, words: str) -> str:
    """The page of a ticket without a place, after somebody typed these words."""
    return client.get(f"/anliegen/{seed.add_ticket(location=None)}?ort={words}").text


def test_an_address_the_gazetteer_does_not_know_is_found_and_picked(
    client: FlaskClient, service: Service
) -> None:
    reference = seed.add_ticket(location=None)
    page = client.get(f"/anliegen/{reference}?ort=Ringstr 12").text
    assert "Ringstraße 12" in page
    assert "© OpenStreetMap contributors" in page
    seed.press(
        client,
        f"/anliegen/{reference}/ort",
        asked="Ringstr 12",
        label="Ringstraße 12",
        precision=Precision.ADDRESS,
    )
    case = search.case(search.find_reference(reference) or 0)
    assert case
    assert case.location
    assert (case.location.lat, case.location.lon, case.location.district) == (51.01, 12.01, "Nord")
    assert len(service.asked) == 1


def test_what_the_gazetteer_knows_is_asked_of_nobody(client: FlaskClient, service: Service) -> None:
    page = asking(client, "Lindenpark")
    assert "Lindenpark" in page
    assert "OpenStreetMap" not in page
    assert service.asked == []


def test_a_name_that_only_resembles_one_of_ours_is_asked_for(client: FlaskClient, service: Service) -> None:
    service.places = [place(key="leisure", value="park", size="leisure", name="Lindenhain am See", number="")]
    assert "Lindenhain am See" in asking(client, "Lindenhain")
    assert len(service.asked) == 1


@pytest.mark.parametrize("trouble", ["500", "403", "garbage", "silent"])
def test_the_geocoders_trouble_is_a_sentence(
    client: FlaskClient, service: Service, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    monkeypatch.setattr(typed, "ANSWER_SECONDS", 0.1)
    service.status = int(trouble) if trouble.isdigit() else 200
    service.raw, service.silent = "<html>" if trouble == "garbage" else "", trouble == "silent"
    page = asking(client, "Ringstr 12")
    assert TROUBLE in page
    assert "„Ringstr 12“ so übernehmen" in page


def test_while_others_ask_the_page_does_not(client: FlaskClient, service: Service) -> None:
    assert locations.take_turn()
    assert TROUBLE in asking(client, "Ringstr 12")
    assert service.asked == []


def test_a_page_waits_a_moment_for_its_turn(
    client: FlaskClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typed, "TURN_SECONDS", 5.0)
    monkeypatch.setattr(locations, "TURN_SECONDS", 0.3)
    assert locations.take_turn()
    begun = time.monotonic()
    assert "Ringstraße 12" in asking(client, "Ringstr 12")
    assert time.monotonic() - begun >= 0.2
    assert len(service.asked) == 1


def test_what_was_asked_before_needs_no_turn(client: FlaskClient, service: Service) -> None:
    asking(client, "Ringstr 12")
    assert not locations.take_turn()
    assert "Ringstraße 12" in asking(client, "Ringstr 12")
    assert len(service.asked) == 1


def test_without_a_geocoder_nobody_is_asked(
    client: FlaskClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIDGE_GEOCODER", "none")
    settings.cache_clear()
    page = asking(client, "Ringstr 12")
    assert "Diesen Ort kennt unser Verzeichnis nicht." in page
    assert service.asked == []

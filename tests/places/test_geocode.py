"""A geocoder is asked within the city and by the rules of its people, and believed with care."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.city import City
from bridge.domain import BridgeError, ConfigError, Location, PermanentError, Point, Precision, TemporaryError
from bridge.places.answers import fitting, read
from bridge.places.geocode import Geocoder, bounds, wording
from bridge.settings import Settings, read_settings
from tests import map_service
from tests.factories import make_city, make_location
from tests.map_service import CONTACT, Service, place, street

BOTH = pytest.mark.parametrize("kind", ["nominatim", "photon"])


class Memory(dict[str, Sequence[Location]]):
    """What was answered, in a dictionary; and the rests that were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.rests: list[float] = []

    def known(self, query: str) -> list[Location] | None:
        return list(self[query]) if query in self else None

    def remember(self, query: str, found: Sequence[Location]) -> None:
        self[query] = found

    def rest(self, seconds: float) -> None:
        self.rests.append(seconds)


@pytest.fixture
def service() -> Iterator[Service]:
    with map_service.serving() as listening:
        yield listening


@pytest.fixture
def city(tmp_path: Path) -> City:
    return make_city(tmp_path)


def door(kind: str, service: Service, city: City, memory: Memory | None = None) -> Geocoder:
    chosen = {
        "BRIDGE_GEOCODER": kind,
        "BRIDGE_GEOCODER_URL": service.url,
        "BRIDGE_GEOCODER_CONTACT": CONTACT,
    }
    return Geocoder(Settings.model_validate(chosen), city, Memory() if memory is None else memory)


@BOTH
def test_an_address_comes_back_as_one_of_ours(kind: str, service: Service, city: City) -> None:
    service.places = [place()]
    (found,) = door(kind, service, city).search("Ringstr 12")
    assert found == Location(
        label="Ringstraße 12",
        precision=Precision.ADDRESS,
        street="Ringstraße",
        house_number="12",
        district="Nord",
        lat=51.01,
        lon=12.01,
        confidence=0.8,
    )


@BOTH
def test_the_service_hears_who_asks_and_where_to_look(kind: str, service: Service, city: City) -> None:
    assert door(kind, service, city).search("Ringstr 12") == []
    (asked,) = service.asked
    assert CONTACT in asked.agent
    assert asked.query["q"] == "Ringstr 12, Musterstadt"
    box = asked.query["viewbox" if kind == "nominatim" else "bbox"]
    assert [float(degree) for degree in box.split(",")] == [11.9, 50.9, 12.1, 51.1]
    assert asked.query.get("bounded") == ("1" if kind == "nominatim" else None)


@BOTH
@pytest.mark.parametrize("lat", [48.0, 51.5])
def test_what_lies_outside_is_left_out(kind: str, lat: float, service: Service, city: City) -> None:
    service.places = [place(lat=lat), place(number="14")]
    assert [found.label for found in door(kind, service, city).search("Ringstr 12")] == ["Ringstraße 14"]


def test_a_city_without_outlines_reaches_fifteen_kilometres(tmp_path: Path, service: Service) -> None:
    city = make_city(tmp_path)
    (city.folder / "areas.geojson").unlink()
    (south, west), (north, east) = bounds(city)
    assert (51 - south, north - 51) == (pytest.approx(0.135, abs=0.001), pytest.approx(0.135, abs=0.001))
    assert (12 - west, east - 12) == (pytest.approx(0.214, abs=0.001), pytest.approx(0.214, abs=0.001))
    service.places = [place()]
    assert door("photon", service, city).search("Ringstr 12")[0].district == "Altstadt"


@BOTH
def test_nothing_is_asked_twice_not_even_what_nobody_knows(kind: str, service: Service, city: City) -> None:
    memory = Memory()
    for words in ("Ringstr 12", "  ringstr   12 "):
        assert door(kind, service, city, memory).search(words) == []
    assert len(service.asked) == 1


@BOTH
def test_a_point_is_called_by_its_address_and_stays_where_it_is(
    kind: str, service: Service, city: City
) -> None:
    service.places = [place()]
    pin, memory = Point(lat=51.0123456, lon=12.0123456), Memory()
    for _ in range(2):
        found = door(kind, service, city, memory).around(pin)
        assert found
        assert (found.label, found.point) == ("Ringstraße 12", pin)
    assert [asked.path for asked in service.asked] == ["/reverse"]


@BOTH
def test_a_point_in_the_middle_of_nowhere_has_no_name(kind: str, service: Service, city: City) -> None:
    assert door(kind, service, city).around(Point(lat=51.0, lon=12.0)) is None


@BOTH
@pytest.mark.parametrize(
    ("told", "precision", "label"),
    [
        (street(), "street", "Ringstraße"),
        (street(key="highway", value="bus_stop", name="Alter Hafen"), "stop", "Alter Hafen"),
        (street(key="railway", value="tram_stop", size="railway", name="Alter Hafen"), "stop", "Alter Hafen"),
        (
            place(key="leisure", value="park", size="leisure", name="Lindenpark", number=""),
            "place",
            "Lindenpark",
        ),
        (place(key="amenity", value="cafe", size="amenity", name="Café Ring"), "place", "Café Ring"),
        (place(key="amenity", value="parking", size="amenity"), "address", "Ringstraße 12"),
        (place(key="building", name="Ringcenter"), "address", "Ringstraße 12"),
        (place(key="place", value="suburb", size="suburb", name="Nord", number=""), "district", "Nord"),
        (
            place(key="place", value="square", size="square", name="Ringplatz", number=""),
            "place",
            "Ringplatz",
        ),
    ],
)
def test_streets_stops_parks_and_districts_are_told_apart(
    kind: str, told: dict[str, Any], precision: str, label: str, service: Service, city: City
) -> None:
    service.places = [told]
    (found,) = door(kind, service, city).search("was da ist")
    assert (found.precision, found.label) == (precision, label)


@BOTH
@pytest.mark.parametrize("size", ["city", "postcode", "state"])
def test_the_city_itself_is_no_place_in_it(kind: str, size: str, service: Service, city: City) -> None:
    service.places = [place(key="place", value=size, size=size, name="Musterstadt", number="")]
    assert door(kind, service, city).search("Musterstadt") == []


@BOTH
def test_a_service_that_asks_for_patience_gets_it(kind: str, service: Service, city: City) -> None:
    service.status, service.headers = 429, {"Retry-After": "17"}
    memory = Memory()
    with pytest.raises(TemporaryError) as told:
        door(kind, service, city, memory).search("Ringstr 12")
    assert told.value.retry_after == 17
    assert (memory.rests, dict(memory)) == ([17], {})


@BOTH
@pytest.mark.parametrize("status", [402, 500, 502, 503, 504])
def test_a_service_in_trouble_is_asked_again(kind: str, status: int, service: Service, city: City) -> None:
    service.status = status
    memory = Memory()
    with pytest.raises(TemporaryError):
        door(kind, service, city, memory).search("Ringstr 12")
    service.status = 200
    assert door(kind, service, city, memory).search("Ringstr 12") == []
    assert len(service.asked) == 2


@BOTH
@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_refusal_is_final(kind: str, status: int, service: Service, city: City) -> None:
    service.status = status
    with pytest.raises(PermanentError, match="refuses"):
        door(kind, service, city).search("Ringstr 12")


@BOTH
def test_a_silent_service_is_not_waited_for(kind: str, service: Service, city: City) -> None:
    service.silent = True
    with pytest.raises(TemporaryError, match="does not answer"):
        door(kind, service, city).search("Ringstr 12", seconds=0.1)


@BOTH
def test_nobody_there_is_no_surprise(kind: str, city: City) -> None:
    with map_service.serving() as gone:
        geocoder = door(kind, gone, city)
    with pytest.raises(TemporaryError):
        geocoder.search("Ringstr 12")


@BOTH
@pytest.mark.parametrize(
    "garbage",
    ["<html>", "5", '"x"', "[5]", "[{}]", '{"features": 5}', '{"features": [{"geometry": 1}]}'],
)
def test_garbage_is_asked_again_and_never_kept(kind: str, garbage: str, service: Service, city: City) -> None:
    service.raw, memory = garbage, Memory()
    with pytest.raises(BridgeError):
        door(kind, service, city, memory).search("Ringstr 12")
    assert dict(memory) == {}


WILD = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
NAMES = ["lat", "lon", "class", "type", "name", "address", "display_name", "properties", "geometry"]


@given(st.dictionaries(st.sampled_from(NAMES), WILD))
def test_no_answer_brings_the_reader_down(answer: dict[str, Any]) -> None:
    try:
        read(answer)
    except (LookupError, TypeError, ValueError, AttributeError):
        return


def asked(**changed: Any) -> Location:
    given: dict[str, Any] = {
        "label": "Ringstr 12",
        "precision": "address",
        "street": "Ringstr",
        "house_number": "12",
    }
    return Location(**given | changed)


def found(**changed: Any) -> Location:
    given = {"label": "Ringstraße 12", "precision": "address", "street": "Ringstraße", "house_number": "12"}
    return make_location(**{**given, "cross_street": None, "confidence": 0.8, **changed})


def test_a_place_that_fits_is_taken_as_the_service_names_it() -> None:
    assert fitting(asked(), [found()]) == found()


def test_a_guess_for_another_street_is_not_taken() -> None:
    assert fitting(asked(), [found(street="Blumenallee", label="Blumenallee 12")]) is None
    assert fitting(asked(), [found(street=None, label="Ring-Café 12", name="Ring-Café")]) is None


@pytest.mark.parametrize("number", [None, "14"])
def test_a_house_the_service_does_not_know_keeps_its_number_and_is_a_street(number: str | None) -> None:
    taken = fitting(asked(), [found(house_number=number)])
    assert taken
    assert (taken.label, taken.house_number, taken.precision, taken.confidence) == (
        *("Ringstr 12", "12", "street", 0.6),
    )


def test_of_a_crossing_the_first_street_is_found_and_the_other_kept() -> None:
    crossing = asked(label="Ringstr / Uferweg", house_number=None, cross_street="Uferweg")
    assert wording(crossing) == "Ringstr"
    taken = fitting(crossing, [found(house_number=None, label="Ringstraße", precision="street")])
    assert taken
    assert (taken.label, taken.cross_street, taken.precision) == ("Ringstr / Uferweg", "Uferweg", "street")


def test_no_geocoder_is_asked_unless_one_was_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BRIDGE_GEOCODER", "BRIDGE_GEOCODER_CONTACT"):
        monkeypatch.delenv(name, raising=False)
    assert read_settings().geocoder == "none"
    monkeypatch.setenv("BRIDGE_GEOCODER", "photon")
    with pytest.raises(ConfigError, match="BRIDGE_GEOCODER_CONTACT"):
        read_settings()
    monkeypatch.setenv("BRIDGE_GEOCODER_CONTACT", CONTACT)
    assert read_settings().geocoder == "photon"
    monkeypatch.setenv("BRIDGE_GEOCODER_URL", "karte.musterstadt.example")
    with pytest.raises(ConfigError, match="BRIDGE_GEOCODER_URL"):
        read_settings()

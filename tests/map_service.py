"""A geocoder on this machine: answers as Nominatim and Photon document it, and keeps what it was asked."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

CONTACT = "karte@musterstadt.example"


class Asked(NamedTuple):
    """One question as it arrived."""

    path: str
    query: dict[str, str]
    agent: str
    at: float


class Service(ThreadingHTTPServer):
    """Knows the places it was taught by the words they are asked for, and says 200 unless told otherwise."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[Asked] = []
        self.places: list[dict[str, Any]] = []
        self.status, self.headers, self.raw = 200, dict[str, str](), ""
        self.silent = False
        self.ended = Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def answer(self, asked: Asked) -> str:
        """The body, in the form of the service whose path was asked."""
        if self.raw:
            return self.raw
        if "format" not in asked.query:
            return json.dumps({"type": "FeatureCollection", "features": [photon(p) for p in self.places]})
        found = [nominatim(place) for place in self.places]
        if asked.path.endswith("/reverse"):
            return json.dumps(found[0] if found else {"error": "Unable to geocode"})
        return json.dumps(found)


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        asked = Asked(parts.path, query, self.headers["User-Agent"], time.time())
        self.server.asked.append(asked)
        if self.server.silent:
            self.server.ended.wait()
            return
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.server.answer(asked).encode())

    def log_message(self, *_: object) -> None:
        """Keep the output of the tests readable."""


@contextmanager
def serving() -> Iterator[Service]:
    """A service that listens as long as the context lasts."""
    with Service() as service:
        thread = Thread(target=service.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield service
        finally:
            service.ended.set()
            service.shutdown()
            thread.join()


def place(**changed: Any) -> dict[str, Any]:
    """A house in the north of Musterstadt; a name of OpenStreetMap's words may be changed."""
    house = {
        **{"key": "building", "value": "yes", "size": "building", "name": ""},
        **{"street": "Ringstraße", "number": "12", "district": "Altstadt", "lat": 51.01, "lon": 12.01},
    }
    return house | changed


def street(name: str = "Ringstraße", **changed: Any) -> dict[str, Any]:
    """A street of Musterstadt."""
    told = {"key": "highway", "value": "residential", "size": "road", "name": name}
    return place(**{**told, "street": name, "number": "", **changed})


def nominatim(told: dict[str, Any]) -> dict[str, Any]:
    """As `/search?format=json&addressdetails=1` gives it."""
    address = {"house_number": told["number"], "road": told["street"], "suburb": told["district"]}
    return {
        **{"place_id": 1, "licence": "Data © OpenStreetMap contributors, ODbL 1.0.", "osm_type": "way"},
        **{"lat": str(told["lat"]), "lon": str(told["lon"]), "importance": 0.1, "place_rank": 30},
        **{"class": told["key"], "type": told["value"], "addresstype": told["size"], "name": told["name"]},
        "display_name": f"{told['name'] or told['number']}, {told['street']}, Musterstadt, Deutschland",
        "address": {**{k: v for k, v in address.items() if v}, "city": "Musterstadt", "country_code": "de"},
    }


def photon(told: dict[str, Any]) -> dict[str, Any]:
    """As one feature of `/api?q=` gives it."""
    sizes = {"building": "house", "road": "street", "suburb": "district"}
    properties = {
        **{"osm_key": told["key"], "osm_value": told["value"], "name": told["name"]},
        **{"street": told["street"], "housenumber": told["number"], "district": told["district"]},
    }
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [told["lon"], told["lat"]]},
        "properties": {
            **{k: v for k, v in properties.items() if v},
            **{"type": sizes.get(told["size"], told["size"]), "city": "Musterstadt", "countrycode": "DE"},
        },
    }

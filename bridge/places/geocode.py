"""Where, asked of a service: Nominatim or Photon, about one city and within its bounds."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Protocol

import shapely
from geopy.adapters import URLLibAdapter
from geopy.exc import (
    GeocoderAuthenticationFailure,
    GeocoderInsufficientPrivileges,
    GeocoderQueryError,
    GeocoderQuotaExceeded,
    GeopyError,
)
from geopy.geocoders import Nominatim, Photon

from bridge.city import City
from bridge.domain import Location, PermanentError, Point, TemporaryError
from bridge.places import city_gazetteer
from bridge.places.answers import read
from bridge.places.plane import Spot, to_plane
from bridge.settings import Settings, settings

ATTRIBUTION = "© OpenStreetMap contributors"
"""Stands wherever a place of these services is shown."""
PATIENCE_SECONDS = 5.0

_AROUND_CENTRE = 15_000
"""How far (metres) a city without outlines reaches from its centre at most."""
_MOST = 5
_REFUSALS = (GeocoderQueryError, GeocoderAuthenticationFailure, GeocoderInsufficientPrivileges)
_OUT_OF_QUOTA = 60.0
"""Seconds to wait where a service has had enough of us and does not say for how long."""
_SERVICES = {"nominatim": Nominatim, "photon": Photon}

Bounds = tuple[Spot, Spot]
"""The south-west and the north-east corner."""


class Memory(Protocol):
    """What was answered before, kept by the case book."""

    def known(self, query: str) -> list[Location] | None:
        """The answer to a question; None where it was not asked lately."""

    def remember(self, query: str, found: Sequence[Location]) -> None:
        """Keep an answer."""

    def rest(self, seconds: float) -> None:
        """Let nobody ask for so long."""


class Geocoder:
    """The configured service, asked about one city; nothing twice. Whoever asks waits for a turn first."""

    def __init__(self, chosen: Settings, city: City, memory: Memory) -> None:
        """Take a geocoder other than `none`; no request leaves yet."""
        scheme, _, domain = chosen.geocoder_url.partition("://")
        self._service = _SERVICES[chosen.geocoder](
            user_agent=f"Stadtbruecke ({chosen.geocoder_contact})",
            # One connection a question: nothing stays open between two that are seconds apart.
            adapter_factory=URLLibAdapter,
            **({"scheme": scheme, "domain": domain} if domain else {}),
        )
        self._city, self._memory = city, memory
        self._districts = city_gazetteer(city).districts
        self.bounds = bounds(city)

    def remembered(self, words: str) -> list[Location] | None:
        """What `search` would give without asking anybody; None where somebody must be asked."""
        return self._memory.known(self._key(words))

    def search(self, words: str, seconds: float = PATIENCE_SECONDS) -> list[Location]:
        """What the service knows by these words within the city, best first; empty where it knows nothing.

        Raises `TemporaryError` where it does not answer or asks for patience, `PermanentError` where it
        refuses.
        """
        asked, box = f"{words}, {self._city.name}", self._box
        return self._answers(
            words, lambda: self._service.geocode(asked, exactly_one=False, timeout=seconds, **box)
        )

    def around(self, point: Point, seconds: float = PATIENCE_SECONDS) -> Location | None:
        """What the service calls the place at `point`, which keeps its coordinates; errors as in `search`."""
        here = (round(point.lat, 5), round(point.lon, 5))
        found = self._answers(
            f"{here}",
            lambda: self._service.reverse(here, exactly_one=False, language="de", timeout=seconds),
        )
        return found[0].model_copy(update={"lat": point.lat, "lon": point.lon}) if found else None

    @property
    def _box(self) -> dict[str, Any]:
        """How each service is told to stay within the city."""
        if isinstance(self._service, Nominatim):
            box = {"viewbox": self.bounds, "bounded": True, "addressdetails": True}
        else:
            box = {"bbox": self.bounds}
        return {**box, "limit": _MOST, "language": "de"}

    def _key(self, words: str) -> str:
        return f"{self._service.domain} {self._city.file.jurisdiction}: {' '.join(words.casefold().split())}"

    def _answers(self, words: str, ask: Callable[[], Any]) -> list[Location]:
        known = self.remembered(words)
        if known is None:
            try:
                known = _asking(lambda: [self._ours(answer.raw) for answer in ask() or ()])
            except TemporaryError as error:
                if error.retry_after:
                    self._memory.rest(error.retry_after)
                raise
            self._memory.remember(self._key(words), known)
        return known

    def _ours(self, answer: dict[str, Any]) -> Location | None:
        """The place of an answer with our own district's name; None outside the city."""
        place = read(answer)
        if place is None or place.point is None or not _within(place.point, self.bounds):
            return None
        if not self._districts.areas:
            return place
        district = self._districts.of((place.point.lat, place.point.lon))
        return place.model_copy(update={"district": district}) if district else None


@lru_cache(maxsize=1)
def city_geocoder(city: City, memory: Memory) -> Geocoder | None:
    """The geocoder of the settings, made once a process; None where nobody is to be asked."""
    return None if settings().geocoder == "none" else Geocoder(settings(), city, memory)


def wording(location: Location) -> str:
    """How to ask for a place without coordinates; no service knows crossings, so by their first street."""
    if location.street:
        return " ".join(filter(None, (location.street, location.house_number)))
    return location.name or location.label


def bounds(city: City) -> Bounds:
    """The corners of the city's areas, else of a square around its centre."""
    areas = city_gazetteer(city).districts.areas
    if areas:
        west, south, east, north = shapely.total_bounds([area.outline for area in areas]).tolist()
        return (south, west), (north, east)
    centre = city.file.centre
    east, north = to_plane((1.0, 1.0), centre.lat)
    lat, lon = _AROUND_CENTRE / north, _AROUND_CENTRE / east
    return (centre.lat - lat, centre.lon - lon), (centre.lat + lat, centre.lon + lon)


def _within(point: Point, corners: Bounds) -> bool:
    (south, west), (north, east) = corners
    return south <= point.lat <= north and west <= point.lon <= east


def _asking(ask: Callable[[], list[Location | None]]) -> list[Location]:
    """The places of one answer that are ours, and every failure by what helps."""
    try:
        return [place for place in ask() if place]
    except _REFUSALS as error:
        raise PermanentError(f"the geocoder refuses: {error}") from None
    except GeocoderQuotaExceeded as error:
        wait = getattr(error, "retry_after", None) or _OUT_OF_QUOTA
        raise TemporaryError(f"the geocoder asks for patience: {error}", wait) from None
    except (GeopyError, OSError) as error:
        raise TemporaryError(f"the geocoder does not answer: {error}") from None
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise TemporaryError(f"the geocoder's answer is none: {error!r}") from None

"""What somebody may mean by a typed address: first the gazetteer is asked, then the geocoder, if any."""

import time
from typing import NamedTuple

from bridge.city import City
from bridge.domain import BridgeError, Location
from bridge.places import city_gazetteer
from bridge.places.gazetteer import Gazetteer
from bridge.places.geocode import ATTRIBUTION, Geocoder, city_geocoder
from bridge.tickets.book import locations

MOST = 8
ANSWER_SECONDS = 3.0
TURN_SECONDS = 2.0
"""How long a page waits until it may ask."""
_GOOD = 0.6
"""The confidence from which the gazetteer's own reading is enough."""
_TROUBLE = "Der Kartendienst antwortet gerade nicht. Bitte versuchen Sie es gleich noch einmal."


class Offers(NamedTuple):
    """Places to choose from, why there may be fewer than usual, and to whom thanks are due."""

    places: list[Location]
    trouble: str = ""
    credit: str = ""


def look_up(city: City, asked: str) -> Offers:
    """The places of this name, best first; a geocoder's trouble is a sentence, never an error."""
    gazetteer, geocoder = city_gazetteer(city), city_geocoder(city, locations)
    found = gazetteer.search(asked, MOST)
    if geocoder is None or _knows(gazetteer, asked):
        return Offers(found)
    try:
        answered = _ask(geocoder, asked)
    except BridgeError:
        return Offers(found, trouble=_TROUBLE)
    if not answered:
        return Offers(found)
    labels = {place.label for place in answered}
    return Offers([*answered, *(p for p in found if p.label not in labels)][:MOST], credit=ATTRIBUTION)


def _knows(gazetteer: Gazetteer, asked: str) -> bool:
    """Whether the gazetteer really knows it, not only something that resembles it."""
    read = (found.location for found in gazetteer.candidates(asked))
    return any(place.point and place.confidence >= _GOOD for place in read)


def _ask(geocoder: Geocoder, asked: str) -> list[Location]:
    known = geocoder.remembered(asked)
    if known is not None:
        return known
    patience = time.monotonic() + TURN_SECONDS
    while not locations.take_turn():
        if time.monotonic() > patience:
            raise BridgeError("others are asking")
        time.sleep(0.1)
    return geocoder.search(asked, ANSWER_SECONDS)

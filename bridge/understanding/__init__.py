"""From text to meaning: kind, category and place, with the words that decided."""

from bridge.city import City
from bridge.domain import Point, Understanding
from bridge.places.gazetteer import Gazetteer


def understand(text: str, *, city: City, gazetteer: Gazetteer, point: Point | None = None) -> Understanding:
    """What `text` means in `city`; `point` is where the author says to be. Never raises on any text."""
    from bridge.understanding.reader import reader  # noqa: PLC0415 - spaCy loads only where texts are read

    return reader(city, gazetteer).understand(text, point)

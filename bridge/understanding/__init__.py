"""From text to meaning: kind, category and place, with the words that decided."""

from bridge.city import City
from bridge.domain import Matter, Point, Understanding
from bridge.places.gazetteer import Gazetteer


def understand(text: str, *, city: City, gazetteer: Gazetteer, point: Point | None = None) -> Understanding:
    """What `text` means in `city`; `point` is where the author says to be. Never raises on any text."""
    from bridge.understanding.reader import reader  # noqa: PLC0415 - spaCy loads only where texts are read

    return reader(city, gazetteer).understand(text, point)


def matter_in(text: str, meaning: Understanding, gazetteer: Gazetteer) -> Matter:
    """What the rules may ask about a text that means this; when it was written and where is left open."""
    place = meaning.location
    return Matter(
        kind=meaning.kind,
        category=meaning.category,
        text=text,
        areas=gazetteer.areas_of(place) if place else (),
        street=place.street if place else None,
        precision=place.precision if place else None,
        language=meaning.language,
        flags=meaning.flags,
        confidence=meaning.confidence,
    )

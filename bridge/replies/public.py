"""What may be said where everybody reads: no person's data, and no place down to somebody's door."""

import re
import unicodedata

from bridge.domain import Location, Point, Precision

_NOBODYS = frozenset({Precision.INTERSECTION, Precision.STOP, Precision.DISTRICT})
"""Places at which nobody lives."""
_DATE = re.compile(r"\b\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{2,4})?")
_PERSONAL = re.compile(
    r"""
      [\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+                       # mail address
    | (?<!\w)@\w[\w.-]*(?:@[\w.-]+)?                          # handle
    | \b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){3,7}(?:[ ]?[A-Z0-9]{1,3})?\b          # IBAN
    | \b(?i:de)\d{2}(?:[ ]?\d{4}){4}[ ]?\d{2}\b               # IBAN, carelessly
    | (?<![\w:.-])(?:\+\d{1,3}|00[1-9]|\(?0[1-9])[\d\s/().-]{4,20}\d         # telephone
    | \b(?i:tel|telefon|fon|handy|mobil|phone)\b[^\w\n]{0,4}(?i:nr|nummer)?[^\w\n]{0,3}\d[\d\s/-]{3,20}\d
    | \b[A-ZÄÖÜ]{1,3}[ -]{1,3}[A-Z]{1,2}[ -]?\d{1,4}[EH]?\b   # licence plate
    | \b[a-zäöü]{1,3}-[a-z]{1,2}[ -]?\d{1,4}[eh]?\b           # licence plate, carelessly
    | \b(?:Herrn?|Frau|Familie|Hr\.|Fr\.|Mrs?\.?|Ms\.?|Dr\.|Prof\.)\s+(?:(?:Dr|Prof)\.\s*)*[A-ZÄÖÜ][\w-]+
    """,
    re.VERBOSE,
)


def personal_data(text: str) -> list[str]:
    """The pieces of `text` that look personal: telephone, mail, handle, IBAN, plate, a person's name.

    It errs towards finding too much: what it finds waits for a person, who may let it pass.
    """
    plain = "".join(_plain(sign) for sign in unicodedata.normalize("NFKC", text))
    return [found.group().strip() for found in _PERSONAL.finditer(_DATE.sub("|", plain))]


def without_personal_data(text: str) -> str:
    """`text` with `[…]` for every piece that looks personal; where there is none, as it is."""
    if not personal_data(text):
        return text
    kept: list[str] = []

    def aside(date: re.Match[str]) -> str:
        kept.append(date.group())
        return "|"

    plain = "".join(_plain(sign) for sign in unicodedata.normalize("NFKC", text))
    written = re.sub(rf"{_DATE.pattern}|\|", aside, plain)
    # What one piece was hiding, such as a word's end, may make another one of its neighbours.
    while _PERSONAL.search(written):
        written = _PERSONAL.sub("[…]", written)
    return re.sub(r"\|", lambda _: kept.pop(0), written)


def _plain(sign: str) -> str:
    """Any dash as a hyphen, and nothing for what cannot be seen."""
    return {"Pd": "-", "Cf": ""}.get(unicodedata.category(sign), sign)


def public_place(location: Location | None) -> str:
    """The place without a house number, since it may be the writer's own door; empty where none is known."""
    if location is None:
        return ""
    if location.street and location.cross_street:
        return f"{location.street} / {location.cross_street}"
    return location.street or location.name or location.district or ""


def public_point(location: Location | None) -> Point | None:
    """Where it is, to about a hundred metres where it may be somebody's door; None where it is not known."""
    point = location.point if location else None
    if location is None or point is None or location.precision in _NOBODYS:
        return point
    if location.precision is Precision.PLACE and location.name:
        return point
    return Point(lat=round(point.lat, 3), lon=round(point.lon, 3))

"""Asks one thing after the other; a wrong answer is told in a sentence and asked again."""

import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import typer
from pydantic import TypeAdapter, ValidationError
from rich.console import Console
from rich.table import Table

from bridge import delivery, platforms
from bridge.city.opening import Hours, State
from bridge.cli.init.start import start
from bridge.domain import ConfigError, Point
from bridge.settings import settings

T = TypeVar("T")
Read = Callable[[str], T]

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_GERMANY = ((47.0, 55.2), (5.8, 15.1))
"""Latitudes and longitudes between which the country lies."""


def one(given: str | None, question: str, read: Read[T], default: str | None = None) -> T:
    """The answer as `read` understands it: the one `given`, or asked for until it is right."""

    def understood(text: str) -> T:
        try:
            return read(text.strip())
        except ConfigError as error:
            raise typer.BadParameter(str(error)) from None

    if given is not None:
        return understood(given)
    answer: T = typer.prompt(question, default=default, value_proc=understood)
    return answer


def name(text: str) -> str:
    """A town's name."""
    if not re.fullmatch(r"[^\W\d_][\w .()/-]{1,60}", text):
        raise ConfigError(f"{text!r} is no name of a town; write it as people say it, such as Musterstadt")
    return text


def short(text: str) -> str:
    """The name of a city's folder."""
    if not re.fullmatch(r"[a-z][a-z0-9_-]{1,40}", text):
        raise ConfigError(f"{text!r}: use small letters, digits, - and _, and begin with a letter")
    return text


def shortened(town: str) -> str:
    """What the folder of a town may be called."""
    return re.sub(r"[^a-z0-9]+", "-", town.lower().translate(_UMLAUTS)).strip("-")


def initials(town: str) -> str:
    """What the numbers of its tickets may begin with."""
    return shortened(town).replace("-", "")[:2].upper()


def prefix(text: str) -> str:
    """What ticket numbers begin with."""
    if not re.fullmatch(r"[A-Z]{1,4}", text):
        raise ConfigError(f"{text!r}: use one to four capital letters, such as MU")
    return text


def state(text: str) -> str:
    """A federal state by its letters."""
    return str(_valid(State, text.upper()))


def centre(text: str) -> Point:
    """The middle of the town, as maps show it on a right click."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*[,; ]\s*(\d+(?:\.\d+)?)", text)
    if found is None:
        raise ConfigError(f"{text!r}: write latitude and longitude with points, such as 51.153, 14.987")
    place = [float(part) for part in found.groups()]
    for part, (least, most), what in zip(place, _GERMANY, ("latitude", "longitude"), strict=True):
        if not least <= part <= most:
            raise ConfigError(f"{what} {part} is not in Germany; does the latitude (47 to 55) come first?")
    return Point(lat=place[0], lon=place[1])


def address(text: str) -> str:
    """One mail address."""
    delivery.load("email")(settings()).check_address(text)
    return text


def hours(text: str) -> dict[str, tuple[str, ...]]:
    """Opening hours by day, such as `mon-thu 08:00-12:00 13:00-16:00, fri 08:00-12:00`."""
    found: dict[str, tuple[str, ...]] = {}
    for part in filter(str.strip, text.split(",")):
        days, *times = part.split()
        if not times or days in found:
            raise ConfigError(
                f"{part.strip()!r}: write each day once with its times, such as fri 08:00-12:00"
            )
        found[days] = tuple(times)
    _valid(Hours, found)
    return found


def offices(given: list[str] | None) -> dict[str, str]:
    """The offices there are and the address of each; `given` as `office` or `office=address`."""
    if not given:
        _show_offices()
        chosen = one(None, "Offices (numbers or names, with commas)", _chosen, "bauhof, ordnungsamt")
        given = list(chosen)
    found = {}
    for each in given:
        slug, _, told = each.partition("=")
        (office,) = one(slug, "", _chosen) if slug else ("",)
        question = f"Mail address of {start().offices[office].name}"
        found[office] = one(told or None, question, address)
    return found


def accounts(given: list[str] | None) -> tuple[tuple[str, str], ...]:
    """Platform and handle of the city's accounts; `given` as `platform=handle`, or `none`."""
    known = ", ".join(platforms.names())
    question = f"Accounts as platform=handle, with commas ({known}; or none)"
    return one(",".join(given) if given else None, question, _accounts, "none")


def _accounts(text: str) -> tuple[tuple[str, str], ...]:
    pairs = () if text in {"", "none"} else [part.strip().partition("=") for part in text.split(",")]
    for platform, _, handle in pairs:
        platforms.load(platform)
        if not handle:
            raise ConfigError(f"write the handle after {platform}=, such as {platform}=@stadt@social.example")
    return tuple((platform, handle) for platform, _, handle in pairs)


def _chosen(text: str) -> tuple[str, ...]:
    """Offices by number or name, each once."""
    listed = list(start().offices)
    numbers = {str(number): slug for number, slug in enumerate(listed, start=1)}
    wanted = [numbers.get(part.strip(), part.strip()) for part in text.split(",") if part.strip()]
    unknown = [each for each in wanted if each not in listed]
    if unknown or not wanted:
        raise ConfigError(f"unknown office {', '.join(unknown)!r}; known: {', '.join(listed)}")
    return tuple(dict.fromkeys(wanted))


def _show_offices() -> None:
    table = Table("", "office", "name", "acts on")
    for number, (slug, office) in enumerate(start().offices.items(), start=1):
        acts = (category for category, matter in start().matters.items() if slug in matter.offices)
        table.add_row(str(number), slug, office.name, ", ".join(acts))
    Console().print(table)


def _valid(form: Any, value: Any) -> Any:
    try:
        TypeAdapter(form).validate_python(value)
    except ValidationError as error:
        raise ConfigError(_sentences(each["msg"] for each in error.errors())) from None
    return value


def _sentences(messages: Iterable[str]) -> str:
    return "; ".join(message.removeprefix("Value error, ") for message in messages)

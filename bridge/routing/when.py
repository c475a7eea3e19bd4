"""When a rule applies: conditions on what was written, where, when, and how."""

import re
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from bridge.city import City, Entry
from bridge.domain import Flag, Kind, Matter, Priority, Visibility
from bridge.hours import local
from bridge.routing import seasons, words
from bridge.routing.forms import OneOrMore, Text, known


class Time(StrEnum):
    """When somebody wrote, by the city's own opening hours and public holidays."""

    OPEN = "open"
    CLOSED = "closed"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


def _stem(value: str) -> str:
    if len(re.findall(r"\w", value)) < 3:
        raise ValueError(f"{value!r} is too short; write at least three letters of the word")
    return value


def _season(value: str) -> str:
    seasons.bounds(value)
    return value


Category = Annotated[
    str, AfterValidator(known("category", "categories.yaml", lambda city: city.all_categories))
]
Area = Annotated[str, AfterValidator(known("area", "areas.geojson", lambda city: city.areas))]
Stem = Annotated[str, AfterValidator(_stem)]
Season = Annotated[str, Field(pattern=f"^{seasons.FORM}$"), AfterValidator(_season)]


class When(Entry):
    """Conditions that must all hold; of several values in one condition, any will do."""

    kind: OneOrMore[Kind] = ()
    """What the message is."""
    category: OneOrMore[Category] = ()
    """What a report is about, by a short name from categories.yaml."""
    area: OneOrMore[Area] = ()
    """Where the matter lies: a name from areas.geojson."""
    street: OneOrMore[Text] = ()
    """The street of the matter."""
    words: OneOrMore[Stem] = ()
    """Beginnings of words in the text, at least three letters each."""
    language: OneOrMore[Text] = ()
    """The language of the text: de, en, …"""
    platform: OneOrMore[Text] = ()
    """Where it was written: mastodon, …"""
    city_account: OneOrMore[Text] = ()
    """Which of the city's accounts was addressed."""
    visibility: OneOrMore[Visibility] = ()
    """Who could read the message."""
    flags: OneOrMore[Flag] = ()
    """What staff should know beside kind and category."""
    priority: OneOrMore[Priority] = ()
    """How urgent a person at the desk has called it."""
    time: OneOrMore[Time] = ()
    """When it was written, by the city's opening hours and public holidays."""
    season: Annotated[OneOrMore[Season], AfterValidator(seasons.apart)] = ()
    """When in the year it was written, like 11-01..03-31; may run over New Year."""
    confidence_below: float | None = Field(default=None, gt=0, le=1)
    """Applies where the program is less sure than this about kind and category."""

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """The names of the conditions that are asked, in the order in which they are."""
        return tuple(name for name in type(self).model_fields if getattr(self, name))

    @cached_property
    def days(self) -> frozenset[seasons.Day]:
        """Every day of the seasons; empty where no season is asked."""
        return frozenset().union(*(seasons.days(each) for each in self.season))

    @cached_property
    def streets(self) -> frozenset[str]:
        """The streets as they are compared."""
        return frozenset(words.street(name) for name in self.street)

    @cached_property
    def _words(self) -> re.Pattern[str]:
        return words.pattern(self.words)

    def failed(self, matter: Matter, city: City) -> str | None:
        """The name of the first condition that does not hold for `matter`, or None where all do."""
        return next((name for name in self.asked if not self._holds(name, matter, city)), None)

    def holds_at(self, at: datetime, city: City) -> bool:
        """Whether time and season hold at this moment."""
        return (not self.season or self.in_season(at, city)) and (not self.time or self.on_time(at, city))

    def surroundings(self, matter: Matter) -> dict[str, Any]:
        """Where a message must come from to meet these conditions, as far as no sentence can say it."""
        asked = ("platform", "city_account", "visibility", "priority")
        found = {name: getattr(self, name)[0] for name in asked if getattr(self, name)}
        return found | ({"areas": self.area[:1]} if self.area and not matter.areas else {})

    def has_words(self, text: str) -> bool:
        """Whether one of the words stands in the text."""
        return self._words.search(words.fold(text)) is not None

    def in_season(self, at: datetime, city: City) -> bool:
        """Whether this moment lies in one of the seasons."""
        day = local(at, city.zone)
        return (day.month, day.day) in self.days

    def on_time(self, at: datetime, city: City) -> bool:
        """Whether this moment is one of the times."""
        return any(is_time(time, at, city) for time in self.time)

    def _holds(self, condition: str, matter: Matter, city: City) -> bool:
        if condition in _HOLDS:
            return _HOLDS[condition](self, matter, city)
        return getattr(matter, condition) in getattr(self, condition)


_HOLDS: dict[str, Callable[[When, Matter, City], bool]] = {
    "area": lambda when, matter, _: not set(when.area).isdisjoint(matter.areas),
    "street": lambda when, matter, _: words.street(matter.street or "") in when.streets,
    "words": lambda when, matter, _: when.has_words(matter.text),
    "flags": lambda when, matter, _: not set(when.flags).isdisjoint(matter.flags),
    "time": lambda when, matter, city: matter.at is not None and when.on_time(matter.at, city),
    "season": lambda when, matter, city: matter.at is not None and when.in_season(matter.at, city),
    "confidence_below": lambda when, matter, _: matter.confidence < (when.confidence_below or 0),
}
"""The conditions that are more than one of several values."""


def is_time(time: Time, at: datetime, city: City) -> bool:
    """Whether this moment is such a time in the city."""
    office, day = city.working_time(), local(at, city.zone).date()
    match time:
        case Time.OPEN:
            return office.is_open(at)
        case Time.CLOSED:
            return not office.is_open(at)
        case Time.WEEKEND:
            return day.weekday() >= 5
    return office.is_holiday(day)

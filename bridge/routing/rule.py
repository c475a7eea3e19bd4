"""One rule as a clerk writes it: when it applies, who gets it, why, and sentences that prove it."""

import re
from collections.abc import Callable, Collection
from functools import cached_property
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationInfo

from bridge.city import City, Entry, Slug
from bridge.city.yaml import suggestion
from bridge.domain import Flag, Kind, Matter, Visibility
from bridge.routing import words

T = TypeVar("T")


def _listed(value: object) -> object:
    if value == []:
        raise ValueError("the list is empty; write at least one value")
    return value if isinstance(value, list) else [value]


def _known(what: str, names: Callable[[City], Collection[str]]) -> AfterValidator:
    """A check that the city knows this name; where it lists no names at all, any will do."""

    def check(value: str, info: ValidationInfo) -> str:
        assert isinstance(info.context, City)
        known = names(info.context)
        if known and value not in known:
            raise ValueError(f"unknown {what} {value!r}{suggestion(value, known)}")
        return value

    return AfterValidator(check)


def _stem(value: str) -> str:
    if len(re.findall(r"\w", value)) < 3:
        raise ValueError(f"{value!r} is too short; write at least three letters of the word")
    return value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
OneOrMore = Annotated[tuple[T, ...], BeforeValidator(_listed)]
Category = Annotated[str, _known("category", lambda city: city.all_categories)]
Department = Annotated[str, _known("department", lambda city: city.departments)]
District = Annotated[str, _known("district", lambda city: city.areas)]
Stem = Annotated[str, AfterValidator(_stem)]


class When(Entry):
    """Conditions that must all hold; of several values in one condition, any will do."""

    kind: OneOrMore[Kind] = ()
    category: OneOrMore[Category] = ()
    district: OneOrMore[District] = ()
    words: OneOrMore[Stem] = ()
    language: OneOrMore[Text] = ()
    platform: OneOrMore[Text] = ()
    city_account: OneOrMore[Text] = ()
    visibility: OneOrMore[Visibility] = ()
    flags: OneOrMore[Flag] = ()
    confidence_below: float | None = Field(default=None, gt=0, le=1)

    @cached_property
    def _words(self) -> re.Pattern[str]:
        return words.pattern(self.words)

    def failed(self, matter: Matter) -> str | None:
        """The name of the first condition that does not hold for `matter`, or None where all do."""
        asked = (name for name in type(self).model_fields if name in self.model_fields_set)
        return next((name for name in asked if not self._holds(name, matter)), None)

    def _holds(self, condition: str, matter: Matter) -> bool:
        match condition:
            case "words":
                return self._words.search(words.fold(matter.text)) is not None
            case "flags":
                return not set(self.flags).isdisjoint(matter.flags)
            case "confidence_below":
                return self.confidence_below is None or matter.confidence < self.confidence_below
        return getattr(matter, condition) in getattr(self, condition)

    def surroundings(self) -> dict[str, str]:
        """Where a message must come from to meet these conditions; no example sentence can say that."""
        asked = ("platform", "city_account", "visibility")
        return {name: getattr(self, name)[0] for name in asked if getattr(self, name)}


class Rule(Entry):
    """Sends what meets its conditions to a department, or holds it there for a person."""

    name: Slug
    when: When
    send_to: Department
    hold: bool = False
    because: Text
    examples: OneOrMore[Text]

"""What a new city begins with: the offices most towns have, and rules for those that were chosen."""

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from bridge.city import yaml

Rule = dict[str, Any]
"""One rule as it is written in rules.yaml."""


class Office(BaseModel):
    """An office as a town may have it."""

    name: str
    does: str
    """How a sentence about its work begins."""
    outside: bool = False


class Matter(BaseModel):
    """Who may act on one category; the rest is taken over into the rule."""

    offices: tuple[str, ...]
    about: str
    priority: str | None = None
    due: str | None = None
    examples: list[str]


class Start(BaseModel):
    """All of offices.yaml."""

    offices: dict[str, Office]
    matters: dict[str, Matter]
    before: list[Rule]
    last: Rule
    contacts: dict[str, dict[str, str]]


@cache
def start() -> Start:
    """The starting list, read once."""
    return yaml.load(Path(__file__).with_name("offices.yaml"), Start)


def rules(chosen: Collection[str]) -> Iterator[Rule]:
    """The rules of a city that has these offices beside its press desk."""
    for rule in start().before:
        unknown = rule.get("send_to", "press") not in {*chosen, "press"}
        yield rule | {"send_to": "press"} if unknown else rule
    for category, (slug, matter) in _acting(chosen).items():
        told = {"priority": matter.priority, "due": matter.due}
        yield {
            "name": category,
            "when": {"kind": "report", "category": category},
            "send_to": slug,
            **{key: value for key, value in told.items() if value},
            "because": f"{start().offices[slug].does} {matter.about}.",
            "examples": matter.examples,
        }
    yield start().last


def left_to_press(chosen: Collection[str]) -> list[str]:
    """The categories on which none of these offices acts."""
    return [category for category in start().matters if category not in _acting(chosen)]


def _acting(chosen: Collection[str]) -> Mapping[str, tuple[str, Matter]]:
    """By category, the office that acts: the first of those that may."""
    found = {}
    for category, matter in start().matters.items():
        for slug in matter.offices:
            if slug in chosen:
                found[category] = (slug, matter)
                break
    return found

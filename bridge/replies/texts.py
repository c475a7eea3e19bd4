"""The form of texts/<language>.yaml: every text must be there, with known placeholders and those it needs."""

from collections.abc import Iterable
from string import Formatter
from typing import Annotated

from pydantic import AfterValidator, Field

from bridge.city import Entry, Slug
from bridge.city.yaml import suggestion
from bridge.domain import Value


class ReplyFacts(Value):
    """What a reply may tell; a part of a text whose fact is empty is left out.

    `place` must be fit for the public (`public_place`) and `words` checked by `personal_data`;
    `expected_until` is the day until when we expect news, or the one a department named. `contact` is who is
    responsible instead of the city, `reach` how people reach them. `first` says that we have not written to
    this person before.
    """

    reference: str = Field(min_length=1)
    status_url: str = ""
    department: str = ""
    category: str = ""
    place: str = ""
    privacy_url: str = ""
    netiquette_url: str = ""
    expected_until: str | None = None
    words: str = ""
    contact: str = ""
    reach: str = ""
    first: bool = False


PLACEHOLDERS = frozenset(ReplyFacts.model_fields) - {"first"}


def placeholders(text: str) -> set[str]:
    """The names in braces in `text`; raises `ValueError` where a brace is not closed."""
    parsed = Formatter().parse(text)
    return {name + (":" if form or turn else "") for _, name, form, turn in parsed if name is not None}


def _known(text: str) -> str:
    if unknown := sorted(placeholders(text) - PLACEHOLDERS):
        raise ValueError(f"unknown placeholder {{{unknown[0]}}}{suggestion(unknown[0], PLACEHOLDERS)}")
    return text


def _needs(*names: str) -> AfterValidator:
    def check(text: str | Iterable[str]) -> object:
        if missing := sorted(set(names) - placeholders("".join(text))):
            raise ValueError(f"the placeholder {{{missing[0]}}} is missing")
        return text

    return AfterValidator(check)


Line = Annotated[str, Field(min_length=1), AfterValidator(_known)]
Core = Annotated[Line, _needs("reference")]
Details = tuple[Line, ...]


class Text(Entry):
    """One text in its parts; only `core` always stays, however little room there is."""

    greeting: Line = ""
    core: Core
    details: Details = ()
    link: Annotated[Line, _needs("status_url")] = ""


class StatusText(Text):
    """Tells a new state, with the department's words."""

    details: Annotated[Details, _needs("words")]


class StaffText(Text):
    """Carries a person's own words."""

    core: Annotated[Core, _needs("words")]


class AskingText(Text):
    """Carries what a department wants to know."""

    core: Annotated[Core, _needs("words")]


class TellingText(Text):
    """Tells who is responsible instead of the city."""

    core: Annotated[Core, _needs("contact", "reach")]


class First(Entry):
    """What the first reply to a person says in addition."""

    automatic: Line
    privacy: Annotated[Line, _needs("privacy_url", "netiquette_url")]


class Acknowledgements(Entry):
    """One text for each kind that is acknowledged; `held` where a person looks first.

    `elsewhere` is told where the city itself does not act.
    """

    report: Text
    question: Text
    feedback: Text
    held: Text
    elsewhere: TellingText


class Questions(Entry):
    """The two questions we ask by ourselves."""

    place: Text
    place_again: Text


class Statuses(Entry):
    """One text for each state that citizens are told; `too_late` for what helped nobody any more."""

    needs_info: AskingText
    routed: StatusText
    accepted: StatusText
    in_progress: StatusText
    scheduled: StatusText
    resolved: StatusText
    rejected: StatusText
    too_late: Text
    duplicate: StatusText
    reopened: StatusText


class TextsFile(Entry):
    """All texts of one language."""

    first: First
    emergency: Text
    acknowledgement: Acknowledgements
    question: Questions
    status: Statuses
    staff: StaffText
    named: dict[Slug, Text] = Field(default_factory=dict)
    """Acknowledgements of the city's own, for rules that name one with `reply`."""

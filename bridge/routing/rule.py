"""One rule as a clerk writes it: when it applies, what then happens, why, and sentences that prove it."""

from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo

from bridge.city import Entry, Slug
from bridge.city.opening import Span
from bridge.domain import Priority, Route
from bridge.routing.forms import Department, OneOrMore, Text, department, known
from bridge.routing.when import When

PRESS = "press"
"""Who has a matter in which no office of the city acts."""

Contact = Annotated[
    str, AfterValidator(known("contact", "contacts in departments.yaml", lambda city: city.contacts))
]


def _addressed(value: str, info: ValidationInfo) -> str:
    if value:
        return department(value, info)
    if info.data.get("tell", "") is None:
        raise ValueError("name the department that acts, or in tell the contact that citizens are told")
    return PRESS


def _others(copies: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    if info.data.get("send_to") in copies:
        raise ValueError(f"{info.data['send_to']!r} gets the ticket itself; take it out of the copies")
    return copies


class Rule(Entry):
    """Sends what meets its conditions to a department, or tells the citizen who else is responsible."""

    name: Slug
    """A name of its own: small letters, digits and _."""
    when: When
    """The conditions; all of them must hold."""
    tell: Contact | None = None
    """Who is responsible instead of the city: a contact from departments.yaml; the citizen is told."""
    send_to: Annotated[str, AfterValidator(_addressed)] = Field(default="", validate_default=True)
    """Who acts: a department from departments.yaml."""
    copies: Annotated[OneOrMore[Department], AfterValidator(_others)] = ()
    """Departments that are told without being asked to act."""
    channel: Text | None = None
    """How the department is reached this time: email, webhook, open311."""
    priority: Priority = Priority.NORMAL
    """How urgent the ticket is."""
    due: Span | None = None
    """Until when the matter should be settled: 3 working days, 4 working hours."""
    reply: Text | None = None
    """Which text of texts/ acknowledges the message."""
    hold: bool = False
    """Whether a person looks first."""
    private: bool = False
    """Whether the matter is kept out of everything public."""
    ground: Text | None = None
    """Why personal data may go to an office outside the city; without it none goes there."""
    because: Text
    """Why; departments and staff read this sentence."""
    examples: OneOrMore[Text]
    """Sentences as citizens write them; each must go by this very rule."""

    @property
    def route(self) -> Route:
        """What the rule makes of a matter."""
        return Route(
            department=self.send_to,
            rule=self.name,
            because=self.because,
            hold=self.hold,
            copies=self.copies,
            channel=self.channel,
            priority=self.priority,
            due=self.due,
            reply=self.reply,
            private=self.private,
            tell=self.tell,
            ground=self.ground,
        )

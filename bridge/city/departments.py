"""The form of departments.yaml: who can act and how they are reached."""

from pydantic import Field

from bridge.city.entry import Entry, Slug
from bridge.city.mail import MailFile
from bridge.city.opening import Hours, Span


class Open311File(Entry):
    """What a department's own tracker wants to hear beside the ticket."""

    jurisdiction_id: str = ""
    """Whose tracker it is, where one serves several cities."""
    services: dict[Slug, str] = Field(default_factory=dict)
    """Its service codes by our categories; a category that is missing keeps its own name."""


class DepartmentFile(Entry):
    """One department as departments.yaml tells it."""

    name: str
    channel: str = "email"
    address: str
    speaks: str | None = Field(default=None, pattern=r"^directly$")
    senders: tuple[str, ...] = ()
    """Who may answer by mail: addresses or `@domain`; empty means the department's own address."""
    outside: bool = False
    """Whether the office is not the city; personal data goes there only where a rule names the ground."""
    hours: Hours | None = None
    """Instead of the city's own."""
    reminds: Span | None = None
    """How long it may be silent before it is reminded, instead of the city's own."""
    mail: MailFile = MailFile()
    """How often it wants to hear by mail."""
    open311: Open311File = Open311File()
    """How its tracker names things, where the channel is open311."""


class ContactFile(Entry):
    """Somebody citizens are pointed to where the city itself does not act."""

    name: str
    reach: str
    """How people reach them, as it is told to citizens: a phone number, a page."""

"""What a department is given: everything it needs to act on a ticket."""

from pydantic import AwareDatetime, SecretStr

from bridge.domain.values import Location, Value
from bridge.domain.words import Kind, Priority


class Photo(Value):
    """A picture already decoded, shrunk and written anew, so without metadata; JPEG bytes."""

    name: str
    content: bytes
    description: str = ""
    url: str = ""
    """Where whoever gets this address may fetch it for a few days, for channels that carry no pictures."""


class AnswerLink(Value):
    """One thing a department may answer, and the address of the page that asks to confirm it."""

    answer: str
    label: str
    url: str


class Change(Value):
    """One thing that is no longer as it was told: what, how it was and how it is now."""

    what: str
    before: str
    now: str


class Tracked(Value):
    """How a department's own tracker names what we hand over, as far as we know."""

    jurisdiction: str = ""
    service_code: str = ""
    """Its word for our category."""
    known_as: str = ""
    """Under which number it got this ticket before."""
    perhaps_there: bool = False
    """Whether an earlier try may have arrived."""


class Handover(Value):
    """Everything a department needs to act on a ticket."""

    reference: str
    revision: int
    reason: str = "routed"
    """Why it is sent: `routed`, `copy` (to know, not to act), `reminder`, `overdue` or `alarm`."""
    department: str
    department_name: str
    address: str
    """Where the channel delivers: a mail address or a URL."""
    sender: str
    """The city's own mail address, `mail_from` of city.yaml."""
    city_name: str
    timezone: str = "Europe/Berlin"
    """The city's zone, in which every shown time is."""
    category: str
    category_name: str
    kind: Kind
    text: str
    reported_at: AwareDatetime
    platform: str
    location: Location | None = None
    map_png: bytes | None = None
    photos: tuple[Photo, ...] = ()
    because: str = ""
    links: tuple[AnswerLink, ...] = ()
    message_id: str
    """The local part of the mail's Message-ID, or the webhook's key: the same on every attempt."""
    in_reply_to: str | None = None
    """The `message_id` of revision 0, for revisions."""
    references: tuple[str, ...] = ()
    """The message ids of all that this department got about this ticket before, oldest first."""
    changes: tuple[Change, ...] = ()
    """What a correction corrects."""
    added: str = ""
    """What the citizen has written since the last hand-over, for corrections."""
    left_out: tuple[str, ...] = ()
    """What was taken out before the ticket left the city, each in a word for people."""
    reply_to: str = ""
    """The address that takes the department's answer, with its token; empty where no answer is taken."""
    envelope_sender: str = ""
    """Where undeliverable mail comes back to, telling which hand-over it was; empty: `sender`."""
    secrets: tuple[SecretStr, ...] = ()
    """The department's keys for this channel, the newest first."""
    tracked: Tracked = Tracked()
    code: str = ""
    """The ticket's short code, which opens its status page."""
    priority: Priority = Priority.NORMAL
    due_at: AwareDatetime | None = None
    """Until when the matter should be settled."""

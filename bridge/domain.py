"""The values that travel between the pillars: frozen, checked on construction, free of SQL and HTTP.

Coordinates are WGS 84 degrees, distances metres, times aware datetimes in UTC.

The error tree::

    BridgeError
    ├── TemporaryError     try again later; surely nothing has happened yet
    ├── UnknownOutcomeError it may have happened: look first, never repeat blindly
    ├── PermanentError     trying again will not help; a person must decide
    └── ConfigError        a file or variable is wrong; names it and says what to do
"""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class BridgeError(Exception):
    """Any failure this program knows how to name."""


class TemporaryError(BridgeError):
    """Nothing has happened yet; trying again may help, not before `retry_after` seconds if given."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class UnknownOutcomeError(BridgeError):
    """The request left us and no clear answer came back: it may or may not have had its effect."""


class PermanentError(BridgeError):
    """Trying again will not help."""


class ConfigError(BridgeError):
    """A setting or a file of the city is wrong; the message names it and says what to do."""


class Value(BaseModel):
    """The common ground of everything that travels."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Visibility(StrEnum):
    """Who may read a message, widest first."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    FOLLOWERS = "followers"
    DIRECT = "direct"

    @property
    def of_answer(self) -> "Visibility":
        """Who may read our answer: never more people than could read the message.

        A public question is answered unlisted, so that the city's account does not fill timelines; what only
        followers of the citizen may read is answered directly, since the city's followers are other people.
        """
        if self in {Visibility.FOLLOWERS, Visibility.DIRECT}:
            return Visibility.DIRECT
        return Visibility.UNLISTED


class Kind(StrEnum):
    """What a message is; only a report must carry a category."""

    REPORT = "report"
    QUESTION = "question"
    FEEDBACK = "feedback"
    EMERGENCY = "emergency"
    ABUSE = "abuse"
    IRRELEVANT = "irrelevant"


class Flag(StrEnum):
    """What staff should know beside kind and category."""

    INSULT = "insult"
    THREAT = "threat"
    INCITEMENT = "incitement"
    UNCONSTITUTIONAL_SYMBOL = "unconstitutional_symbol"
    PERSONAL_DATA = "personal_data"
    OUTSIDE_CITY = "outside_city"
    NEEDS_DECISION = "needs_decision"


class Precision(StrEnum):
    """How exactly a place is known, best first."""

    ADDRESS = "address"
    INTERSECTION = "intersection"
    STREET = "street"
    STOP = "stop"
    PLACE = "place"
    DISTRICT = "district"


class TicketStatus(StrEnum):
    """Where a ticket stands; the allowed moves are in `bridge.tickets.workflow`."""

    RECEIVED = "received"
    NEEDS_INFO = "needs_info"
    NEEDS_DECISION = "needs_decision"
    ROUTED = "routed"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    SCHEDULED = "scheduled"
    RESOLVED = "resolved"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    UNDELIVERABLE = "undeliverable"
    REOPENED = "reopened"


class DecisionReason(StrEnum):
    """Why a ticket waits for a person."""

    UNCLEAR = "unclear"
    HELD = "held"
    UNKNOWN_OUTCOME = "unknown_outcome"
    REFUSED = "refused"


class SendState(StrEnum):
    """What has become of something we send: a reply, a delivery, a staff mail."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    NEEDS_DECISION = "needs_decision"
    DROPPED = "dropped"


class Automation(StrEnum):
    """How far the program may go by itself."""

    SHADOW = "shadow"
    SUGGEST = "suggest"
    AUTOMATIC = "automatic"


class Step(StrEnum):
    """What happens next to a row; each step is one short file in `workers`."""

    POLL = "poll"
    RECEIVE = "receive"
    FETCH = "fetch"
    UNDERSTAND = "understand"
    OPEN = "open"
    ROUTE = "route"
    DELIVER = "deliver"
    UPDATE = "update"
    REPLY = "reply"
    NOTIFY = "notify"
    SWEEP = "sweep"


class Cause(StrEnum):
    """Why we write to a citizen, most urgent first is `REPLY_PRIORITY`."""

    EMERGENCY = "emergency"
    ACKNOWLEDGEMENT = "acknowledgement"
    QUESTION = "question"
    STATUS = "status"
    STAFF = "staff"


class Point(Value):
    """A position in WGS 84 degrees."""

    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)


class Location(Value):
    """Where the matter lies, as far as it is known; `lat` and `lon` in WGS 84 degrees may be missing."""

    label: str
    precision: Precision
    street: str | None = None
    cross_street: str | None = None
    house_number: str | None = None
    name: str | None = None
    district: str | None = None
    lat: float | None = None
    lon: float | None = None
    confidence: float = Field(default=0.0, ge=0, le=1)

    @property
    def point(self) -> Point | None:
        """The coordinates, if both are known."""
        if self.lat is None or self.lon is None:
            return None
        return Point(lat=self.lat, lon=self.lon)


class Evidence(Value):
    """One thing that decided something: the words, the rule or feature, and what it spoke for."""

    about: Literal["kind", "category", "place", "flag", "language", "licence_plate"]
    value: str
    because: str
    words: str = ""
    start: int | None = None
    end: int | None = None
    score: float | None = None


class Understanding(Value):
    """What a text means, with how sure we are and why.

    `confidence` (0 to 1) says how far to trust kind and category; `location.confidence` the place.
    """

    kind: Kind
    category: str | None = None
    confidence: float = Field(ge=0, le=1)
    language: str = "de"
    location: Location | None = None
    candidates: tuple[Location, ...] = ()
    licence_plates: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    evidence: tuple[Evidence, ...] = ()


class Author(Value):
    """Who wrote, as the platform knows them; `external_id` never changes, the handle may."""

    external_id: str
    handle: str
    display_name: str = ""
    bot: bool = False


class Attachment(Value):
    """A picture or film the citizen sent along, still at the platform's address."""

    url: str
    kind: Literal["image", "video", "audio", "other"] = "image"
    description: str = ""


class InboundMessage(Value):
    """One thing somebody wrote, in the words of no platform in particular."""

    external_id: str
    conversation_id: str
    author: Author
    text: str
    visibility: Visibility
    written_at: AwareDatetime
    url: str | None = None
    in_reply_to: str | None = None
    edited_at: AwareDatetime | None = None
    language: str | None = None
    spoiler_text: str = ""
    sensitive: bool = False
    point: Point | None = None
    attachments: tuple[Attachment, ...] = ()
    addressed: bool = True
    """Whether it speaks to us; a post that only names the city in passing does not."""
    by_us: bool = False
    """Whether our own account wrote it."""


class Withdrawal(Value):
    """The author took a message back."""

    external_id: str


class PlatformEvent(Value):
    """Something a platform told us, exactly as it came; `key` is unique within the account."""

    key: str
    payload: str


class Reply(Value):
    """What we tell a citizen, ready to be sent."""

    text: str
    in_reply_to: str
    """The platform's id of the message answered."""
    recipient: Author
    visibility: Visibility
    idempotency_key: str
    language: str = "de"
    spoiler_text: str = ""
    first_attempt_at: AwareDatetime | None = None


class Receipt(Value):
    """The other side's word that it has what we sent."""

    external_id: str
    url: str | None = None


class Photo(Value):
    """A picture already decoded, shrunk and written anew, so without metadata; JPEG bytes."""

    name: str
    content: bytes
    description: str = ""


class AnswerLink(Value):
    """One thing a department may answer, and the address of the page that asks to confirm it."""

    answer: str
    label: str
    url: str


class Handover(Value):
    """Everything a department needs to act on a ticket."""

    reference: str
    revision: int
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


class Route(Value):
    """Who must act, and why."""

    department: str
    rule: str
    because: str
    hold: bool = False
    reply: str | None = None


class Matter(Value):
    """What the rules may ask about."""

    kind: Kind
    category: str | None = None
    text: str = ""
    district: str | None = None
    precision: Precision | None = None
    language: str = "de"
    platform: str = ""
    city_account: str = ""
    visibility: Visibility = Visibility.PUBLIC
    flags: tuple[Flag, ...] = ()
    confidence: float = 1.0
    at: datetime | None = None

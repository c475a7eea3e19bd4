"""What travels: frozen, checked on construction.

Coordinates are WGS 84 degrees, distances metres, times aware datetimes in UTC.
"""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from bridge.domain.words import Flag, Kind, Precision, Priority, Visibility

ExternalId = Annotated[str, Field(max_length=500)]
"""How another system names something: opaque, but short enough for any index."""
WebAddress = Annotated[str, Field(max_length=2000)]
Moment = Annotated[
    AwareDatetime, Field(ge=datetime(1990, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))
]
"""When somebody wrote, as others say: within bounds, so that every zone can show it."""


class Value(BaseModel):
    """The common ground of everything that travels."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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

    about: Literal["kind", "category", "place", "flag", "language", "licence_plate", "detail"]
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
    categories: tuple[tuple[str, float], ...] = ()
    """The likeliest categories with their chances, best first."""
    confidence: float = Field(ge=0, le=1)
    language: str = "de"
    location: Location | None = None
    candidates: tuple[Location, ...] = ()
    licence_plates: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    evidence: tuple[Evidence, ...] = ()


class Author(Value):
    """Who wrote, as the platform knows them; `external_id` never changes, the handle may."""

    external_id: ExternalId
    handle: str = Field(max_length=500)
    display_name: str = Field(default="", max_length=2000)
    bot: bool = False


class Attachment(Value):
    """A picture or film the citizen sent along, still at the platform's address."""

    url: WebAddress
    kind: Literal["image", "video", "audio", "other"] = "image"
    description: str = Field(default="", max_length=20_000)


class InboundMessage(Value):
    """One thing somebody wrote, in the words of no platform in particular.

    The bounds are far beyond what any platform allows: whatever exceeds them is damaged, or wants to do harm.
    """

    external_id: ExternalId
    conversation_id: ExternalId
    author: Author
    text: str = Field(max_length=100_000)
    visibility: Visibility
    written_at: Moment
    url: WebAddress | None = None
    in_reply_to: ExternalId | None = None
    edited_at: Moment | None = None
    language: str | None = Field(default=None, max_length=100)
    spoiler_text: str = Field(default="", max_length=100_000)
    sensitive: bool = False
    point: Point | None = None
    attachments: tuple[Attachment, ...] = Field(default=(), max_length=100)
    addressed: bool = True
    """Whether it speaks to us; a post that only names the city in passing does not."""
    by_us: bool = False
    """Whether our own account wrote it."""


class Withdrawal(Value):
    """The author took a message back."""

    external_id: ExternalId


class PlatformEvent(Value):
    """Something a platform told us, exactly as it came; `key` is unique within the account."""

    key: str
    payload: str


class Reply(Value):
    """What we tell a citizen, ready to be sent; never with words of theirs, not even their warning line."""

    text: str
    in_reply_to: str
    """The platform's id of the message answered."""
    recipient: Author
    visibility: Visibility
    idempotency_key: str
    language: str = "de"
    first_attempt_at: AwareDatetime | None = None


class Receipt(Value):
    """The other side's word that it has what we sent."""

    external_id: str
    url: str | None = None
    status_code: int | None = None
    """What an HTTP server answered, where one did."""


class WorkingSpan(Value):
    """A time as offices count: whole working days, or hours of opening time; one of the two is given."""

    days: int = Field(default=0, ge=0, le=500)
    hours: int = Field(default=0, ge=0, le=500)


class Route(Value):
    """Who must act, why, and what goes with it."""

    department: str
    rule: str
    because: str
    hold: bool = False
    copies: tuple[str, ...] = ()
    """Other departments that are told, without being asked to act."""
    channel: str | None = None
    """Instead of the department's own."""
    priority: Priority = Priority.NORMAL
    due: WorkingSpan | None = None
    reply: str | None = None
    """The template of the acknowledgement, instead of the usual one."""
    private: bool = False
    """Whether the matter is kept out of everything public: no place in a reply, no list of open tickets."""
    tell: str | None = None
    """The contact of departments.yaml the citizen is pointed to, where the city itself does not act."""
    ground: str | None = None
    """Why personal data may leave the city; without it nobody outside gets any."""


class Matter(Value):
    """What the rules may ask about."""

    kind: Kind
    category: str | None = None
    text: str = ""
    precision: Precision | None = None
    language: str = "de"
    platform: str = ""
    city_account: str = ""
    visibility: Visibility = Visibility.PUBLIC
    flags: tuple[Flag, ...] = ()
    confidence: float = 1.0
    priority: Priority = Priority.NORMAL
    areas: tuple[str, ...] = ()
    """Every area of areas.geojson around the place: districts and whatever else the city has drawn."""
    street: str | None = None
    at: AwareDatetime | None = None

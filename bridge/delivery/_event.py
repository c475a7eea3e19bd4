"""What a web hook tells: the documented form of a hand-over in JSON, with nothing about who reported it."""

from pydantic import AwareDatetime, Field

from bridge import links
from bridge.delivery._text import line, lines
from bridge.domain import Handover, Kind, Location, Precision, Priority, Value


class PlaceTold(Value):
    """Where the matter lies, as far as it is known; coordinates in WGS 84 degrees."""

    label: str
    precision: Precision
    street: str | None
    house_number: str | None
    district: str | None
    lat: float | None
    lon: float | None

    @classmethod
    def of(cls, location: Location) -> "PlaceTold":
        """What is told of a location, every text in it inert."""
        told = {name: getattr(location, name) for name in cls.model_fields}
        return cls(**{name: line(each) if isinstance(each, str) else each for name, each in told.items()})


class PhotoTold(Value):
    """A photo, to be fetched with a plain GET from this address within a week; JPEG."""

    url: str
    description: str


class AnswerTold(Value):
    """One answer a person may give, and the page that asks to confirm it."""

    answer: str
    label: str
    url: str


class ChangeTold(Value):
    """One thing that is no longer as it was told."""

    what: str
    before: str
    now: str


class TicketTold(Value):
    """A ticket as its department gets it."""

    reference: str = Field(examples=["LE-2026-00042"])
    code: str = Field(description="the short code of the public status page")
    status_url: str
    updates_url: str = Field(description="where the department's own program tells what becomes of it")
    revision: int = Field(description="0 the first time, then one more with each correction")
    department: str
    kind: Kind
    category: str
    category_name: str
    text: str
    place: PlaceTold | None
    priority: Priority
    reported_at: AwareDatetime
    due_at: AwareDatetime | None
    because: str = Field(description="why this department got it, for people")
    photos: tuple[PhotoTold, ...]
    answers: tuple[AnswerTold, ...]
    changes: tuple[ChangeTold, ...] = Field(description="what a correction corrects")
    added: str = Field(description="what was written since the last hand-over")
    left_out: tuple[str, ...] = Field(description="what was taken out before the ticket left the city")


class Event(Value):
    """The body of a web hook."""

    type: str = Field(
        pattern=r"^ticket\.[a-z_]+$",
        description="ticket.routed, or ticket.copy, ticket.reminder, ticket.overdue, ticket.alarm",
        examples=["ticket.routed"],
    )
    timestamp: AwareDatetime = Field(description="when the matter was reported; the same on every attempt")
    data: TicketTold


def event(handover: Handover) -> Event:
    """The event of a hand-over; every text in it is inert."""
    return Event(type=f"ticket.{handover.reason}", timestamp=handover.reported_at, data=_ticket(handover))


def _ticket(handover: Handover) -> TicketTold:
    return TicketTold(
        reference=handover.reference,
        code=handover.code,
        status_url=links.status_url(handover.code) if handover.code else "",
        updates_url=links.updates_url(handover.reference),
        revision=handover.revision,
        department=handover.department,
        kind=handover.kind,
        category=handover.category,
        category_name=line(handover.category_name),
        text="\n".join(lines(handover.text)),
        place=PlaceTold.of(handover.location) if handover.location else None,
        priority=handover.priority,
        reported_at=handover.reported_at,
        due_at=handover.due_at,
        because=line(handover.because, 2000),
        photos=tuple(
            PhotoTold(url=photo.url, description=line(photo.description, 2000))
            for photo in handover.photos
            if photo.url
        ),
        answers=tuple(
            AnswerTold(answer=each.answer, label=line(each.label), url=each.url) for each in handover.links
        ),
        changes=tuple(
            ChangeTold(what=line(each.what), before=line(each.before), now=line(each.now))
            for each in handover.changes
        ),
        added="\n".join(lines(handover.added)),
        left_out=tuple(line(each) for each in handover.left_out),
    )

"""The forms of the API: what a department's program sends and what it gets."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, WithJsonSchema

from bridge import links
from bridge.delivery import PhotoTold, PlaceTold
from bridge.domain import Kind, Priority, TicketStatus, values
from bridge.tickets.book.updates import Told
from bridge.tickets.views import Case

# That years lie within bounds, a machine can only read from a pattern.
_MOMENT = {"type": "string", "format": "date-time", "pattern": "^(199|20[0-9]|21[0-9])[0-9]-"}
Moment = Annotated[values.Moment, WithJsonSchema(_MOMENT)]
Word = Literal["accepted", "in_progress", "scheduled", "resolved", "rejected", "not_ours", "question"]
MEANS: dict[str, TicketStatus] = {
    "accepted": TicketStatus.ACCEPTED,
    "in_progress": TicketStatus.IN_PROGRESS,
    "scheduled": TicketStatus.SCHEDULED,
    "resolved": TicketStatus.RESOLVED,
    "rejected": TicketStatus.REJECTED,
    "not_ours": TicketStatus.NEEDS_DECISION,
    "question": TicketStatus.NEEDS_INFO,
}
"""What each word of a department makes of a ticket."""
WORDS = 2000


class _Update(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)

    id: str = Field(pattern=r"^[!-~]{1,100}$", description="the department's own id of this update")
    happened_at: Moment | None = Field(default=None, description="when it came to be, if not just now")


class PlainUpdate(_Update):
    """What speaks for itself; words are welcome."""

    status: Literal["accepted", "in_progress", "resolved"]
    words: str = Field(default="", max_length=WORDS)


class ExplainedUpdate(_Update):
    """What says nothing without words: when and what, why not, whose it is, what is asked."""

    status: Literal["scheduled", "rejected", "not_ours", "question"]
    words: str = Field(pattern="[0-9A-Za-zÀ-ɏ]", max_length=WORDS)


Update: TypeAdapter[PlainUpdate | ExplainedUpdate] = TypeAdapter(
    Annotated[PlainUpdate | ExplainedUpdate, Field(discriminator="status")]
)


class Taken(BaseModel):
    """An update as it was stored; it takes effect within seconds."""

    id: str
    reference: str
    status: Word
    words: str
    happened_at: AwareDatetime | None
    received_at: AwareDatetime


class Ticket(BaseModel):
    """A ticket that lies with the department."""

    reference: str
    status: TicketStatus
    kind: Kind
    category: str | None
    text: str
    place: PlaceTold | None
    priority: Priority
    opened_at: AwareDatetime
    changed_at: AwareDatetime
    due_at: AwareDatetime | None
    photos: list[PhotoTold]
    left_out: list[str] = Field(description="what does not leave the city by this way")
    updates_url: str


class TicketPage(BaseModel):
    """Some tickets, those that changed longest ago first."""

    tickets: list[Ticket]
    next: str | None = Field(description="the address of the next page; null where there is none yet")


class Asked(BaseModel):
    """Which tickets are asked for."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    since: Moment | None = Field(default=None, description="only what changed after this moment")
    cursor: str | None = Field(default=None, pattern=r"^[0-9]{1,16}-[0-9]{1,9}$", description="from `next`")
    limit: int = Field(default=50, ge=1, le=100)


def ticket_told(case: Case, *, outside: bool) -> Ticket:
    """A ticket for its department; an office that is not the city gets no words and photos this way."""
    shared = {name: getattr(case, name) for name in Ticket.model_fields if name in type(case).model_fields}
    return Ticket(
        **shared,
        text="" if outside else case.text,
        place=PlaceTold.of(case.location) if case.location else None,
        due_at=case.promised_at,
        photos=[] if outside else _photos(case),
        left_out=["Text", "Fotos"] if outside else [],
        updates_url=links.updates_url(case.reference),
    )


def taken(reference: str, said: Told, id_: str) -> Taken:
    """A stored update for whoever sent it."""
    word = next(word for word, status in MEANS.items() if status is said.status)
    shared = {name: getattr(said, name) for name in ("words", "happened_at", "received_at")}
    return Taken.model_validate({"id": id_, "reference": reference, "status": word, **shared})


def _photos(case: Case) -> list[PhotoTold]:
    own = (m for m in case.messages if m.from_reporter and m.withdrawn_at is None)
    return [
        PhotoTold(url=links.photo_url(a.file), description=a.description)
        for message in own
        for a in message.attachments
        if a.file
    ]

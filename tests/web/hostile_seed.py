"""Fills a desk with strangers' words, wherever a person or a platform can bring some in."""

from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple

from PIL import Image
from sqlmodel import select

from bridge import links
from bridge.domain import Cause, Evidence, Flag, Kind, SendState, TicketStatus, Visibility
from bridge.settings import settings
from bridge.tickets import search
from bridge.tickets.session import writing
from bridge.tickets.tables import (
    BY_HAND,
    AttachmentRow,
    CityAccountRow,
    DeliveryRow,
    HistoryRow,
    MessageRow,
    ReporterRow,
    StatusChangeRow,
    TicketMessageRow,
    TicketRow,
)
from bridge.tickets.types import utcnow
from tests.factories import make_location, make_understanding
from tests.web import seed


class Filled(NamedTuple):
    """Paths of pages that carry the words: those with all of them, and those with one each."""

    all: dict[str, str]
    each: list[str]


def fill(words: Sequence[str]) -> Filled:
    """Write every word into every field."""
    reference = seed.add_ticket("Der Anfang", code="WRTWRT22", news_at=utcnow())
    for word in words:
        _said(reference, word)
    _done(reference, words)
    for word in words:
        _aside(word)
    placed = [_placed(word) for word in words]
    ticket = f"/anliegen/{reference}"
    collected = {
        "ticket": ticket,
        "department": department_path(reference),
        "netiquette": "/netiquette",
        "put away": "/abgelegt",
        "troubles": "/stoerungen",
        **{f"desk {page}": f"/?sicht=all&seite={page}" for page in range(1, len(words) // 50 + 2)},
    }
    return Filled(collected, [page for one in placed for page in one])


def department_path(reference: str) -> str:
    """Where the department shows this ticket."""
    url = links.answer_url(search.find_reference(reference) or 0, "streets")
    return url.removeprefix(settings().public_url)


def _said(reference: str, word: str) -> None:
    """A message of somebody, by hand and on a platform, with a picture."""
    seen = Evidence(about="category", value="traffic_light", because=word, words=word)
    meaning = make_understanding(
        evidence=(seen,), candidates=(make_location(label=word), make_location(label=word + "!"))
    )
    told = {"understanding": meaning, "handle": word, "spoiler_text": word}
    message = seed.add_message(word, url=f"https://x.example/{word}", **told)
    call = seed.add_message(word, platform=BY_HAND, url=word, **told)
    picture = BytesIO()
    Image.new("RGB", (2, 2)).save(picture, "JPEG")
    (settings().data_folder / "photos").mkdir(parents=True, exist_ok=True)
    (settings().data_folder / "photos" / "x.jpg").write_bytes(picture.getvalue())
    with writing() as db:
        ticket = db.exec(select(TicketRow).where(TicketRow.reference == reference)).one()
        for each in (message, call):
            row = db.get_one(MessageRow, each)
            db.get_one(ReporterRow, row.reporter_id).display_name = word
            row.reporter_id = ticket.reporter_id or row.reporter_id
            db.get_one(CityAccountRow, row.city_account_id).error = word
            db.add(TicketMessageRow(ticket_id=ticket.id, message_id=each))
        db.add(
            AttachmentRow(message_id=message, url=f"https://x.example/{word}", file="x.jpg", description=word)
        )


def _done(reference: str, words: Sequence[str]) -> None:
    """What staff, departments and the program said about the ticket."""
    ticket = search.find_reference(reference)
    with writing() as db:
        for number, word in enumerate(words):
            for actor in ("department:streets", f"staff:{word}", f"department:{word}"):
                db.add(
                    StatusChangeRow(ticket_id=ticket, status=TicketStatus.ACCEPTED, actor=actor, words=word)
                )
            detail = {"text": word, "because": word, "words": word, "place": word, "department": word}
            for what in ("note", word):
                db.add(HistoryRow(ticket_id=ticket, actor=f"staff:{word}", what=what, detail=detail))
            db.add(
                DeliveryRow(
                    ticket_id=ticket,
                    department=word,
                    reason=f"routed {number}",
                    state=SendState.NEEDS_DECISION,
                    message_id=str(number),
                    error=word,
                )
            )
    for word in words:
        for state in (SendState.NEEDS_DECISION, SendState.UNKNOWN, SendState.SENT):
            seed.add_reply(reference, word, state, error=word, url=f"https://x.example/{word}")


def _aside(word: str) -> None:
    """Abuse, a message put away, and one that nobody could read."""
    abuse = make_understanding(kind=Kind.ABUSE, category=None, flags=(Flag.INSULT,))
    seed.add_message(word, understanding=abuse, handle=word, url=f"https://x.example/{word}")
    nothing = make_understanding(kind=Kind.IRRELEVANT, category=None)
    seed.add_message(word, understanding=nothing, handle=word, url=f"https://x.example/{word}")
    seed.add_message(word, understanding=None, handle=word, error=word)


def _placed(word: str) -> list[str]:
    """A ticket at a place with this name; its pages."""
    place = make_location(label=word, name=word, district=word, street=word)
    reference = seed.add_ticket(
        word,
        location=place,
        because=word,
        rule=word,
        flags=[word],
        message={"visibility": Visibility.DIRECT, "handle": word},
    )
    seed.add_reply(reference, word, cause=Cause.STATUS)
    case = search.case(search.find_reference(reference) or 0)
    assert case
    return [f"/anliegen/{reference}", department_path(reference), f"/s/{case.code}"]

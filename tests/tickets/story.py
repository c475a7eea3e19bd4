"""The case book told step by step, as the workers do it, without any worker."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlmodel import SQLModel, col, select

from bridge.domain import (
    Author,
    Cause,
    InboundMessage,
    PlatformEvent,
    Receipt,
    Step,
    TicketStatus,
    Understanding,
    Visibility,
    Withdrawal,
)
from bridge.tickets import claims, search
from bridge.tickets.book import accounts, events, messages, staff, tickets
from bridge.tickets.book.tickets import Decision, Draft, Parcel
from bridge.tickets.claims import Claim
from bridge.tickets.session import reading, writing
from bridge.tickets.tables import TicketRow
from bridge.tickets.views import Case
from tests.factories import make_message, make_understanding

Table = TypeVar("Table", bound=SQLModel)

ADA = Author(external_id="7", handle="ada@marktplatz.example", display_name="Ada")
BEN = Author(external_id="8", handle="ben@marktplatz.example", display_name="Ben")
US = Author(external_id="1", handle="stadt@marktplatz.example", display_name="Stadt")
OPENING = messages.Opening(reference_prefix="MU", join_window=timedelta(seconds=10))
CLEAR = make_understanding()


def connect() -> int:
    """The city's account on a town square; its id."""
    return accounts.connect(
        "mastodon", "https://marktplatz.example", "stadt", "1", "geheim", limit=500, poll_seconds=30
    )


def post(text: str = "Die Ampel ist aus", **changed: Any) -> InboundMessage:
    """What Ada wrote just now, as its own conversation unless told otherwise."""
    key = changed.pop("id", None) or secrets.token_hex(4)
    given = {"external_id": key, "conversation_id": key, "author": ADA, "written_at": datetime.now(UTC)}
    return make_message(text, **given | changed)


def only(step: Step) -> Claim:
    """The one row that is due for a step."""
    (claim,) = claims.claim(step, 10)
    return claim


def enter(account: int, *found: InboundMessage | Withdrawal) -> bool:
    """Tell the case book what a platform told us."""
    events.store_events(account, (PlatformEvent(key=secrets.token_hex(8), payload="{}"),))
    return events.enter(only(Step.RECEIVE), list(found))


def understood(meaning: Understanding = CLEAR) -> None:
    """Understand the one message that is due."""
    messages.understood(only(Step.UNDERSTAND), meaning)


def arrive(account: int, message: InboundMessage, meaning: Understanding = CLEAR) -> messages.Opened:
    """A message comes, is understood and opens or joins a ticket."""
    assert enter(account, message)
    understood(meaning)
    return messages.open_or_join(only(Step.OPEN), OPENING)


def open_ticket(account: int, meaning: Understanding = CLEAR, **changed: Any) -> Case:
    """A ticket that was just opened and is due to be routed."""
    assert arrive(account, post(**changed), meaning) == "opened"
    return latest()


def latest() -> Case:
    """The newest ticket with everything that belongs to it."""
    with reading() as session:
        ticket_id = session.exec(select(TicketRow.id).order_by(col(TicketRow.id).desc())).first()
    assert ticket_id is not None
    return again(ticket_id)


def again(ticket: Case | int) -> Case:
    """The ticket as it stands now."""
    found = search.case(ticket if isinstance(ticket, int) else ticket.id)
    assert found is not None
    return found


def draft(case: Case, cause: Cause = Cause.ACKNOWLEDGEMENT, **changed: Any) -> Draft:
    """What we want to say in the first thread of a ticket."""
    given: dict[str, Any] = {
        "thread": case.threads[0],
        "cause": cause,
        "cause_id": case.reference,
        "variant": "report",
        "text": f"Danke, Ihr Hinweis hat die Nummer {case.reference}.",
        "language": "de",
        "visibility": Visibility.UNLISTED,
    }
    return Draft(**given | changed)


def route(case: Case, *drafts: Draft, parcels: tuple[Parcel, ...] | None = None, **changed: Any) -> Case:
    """Decide about the ticket that is due: routed to the streets, with a parcel, unless told otherwise."""
    given: dict[str, Any] = {
        "status": TicketStatus.ROUTED,
        "department": "streets",
        "rule": "streets",
        "because": "Das Tiefbauamt hält Ampeln instand.",
        "drafts": drafts,
        "parcels": (Parcel(department="streets", reason="routed"),) if parcels is None else parcels,
    }
    tickets.decide(only(Step.ROUTE), Decision(**given | changed))
    return again(case)


def rows(table: type[Table]) -> list[Table]:
    """Everything in a table, oldest first."""
    with reading() as session:
        return list(session.exec(select(table).order_by(col(getattr(table, "id")))).all())  # noqa: B009


def change(table: type[SQLModel], row_id: int, **values: Any) -> None:
    """Change a row behind everybody's back."""
    with writing() as session:
        row = session.get_one(table, row_id)
        for name, value in values.items():
            setattr(row, name, value)


def receipt(external_id: str = "55") -> Receipt:
    """The platform's word that it has our reply."""
    return Receipt(external_id=external_id, url=f"https://marktplatz.example/{external_id}")


def person(login: str = "vera", **changed: str) -> int:
    """A person of the city who wants notices at once; their id."""
    given = {"password": "ein langes Passwort", "email": "vera@musterstadt.example"}
    return staff.add(login, login.title(), **given | changed)

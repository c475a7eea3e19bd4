"""A desk with a database of its own, and rows to put on it."""

import re
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from bridge import links
from bridge.app import create_app
from bridge.domain import Cause, Kind, Location, SendState, TicketStatus, Understanding, Verdict, Visibility
from bridge.settings import settings
from bridge.tickets import session
from bridge.tickets.book import staff
from bridge.tickets.session import writing
from bridge.tickets.tables import (
    AttachmentRow,
    CityAccountRow,
    ConversationRow,
    DeliveryRow,
    LetterRow,
    MessageRow,
    ReporterRow,
    SentReplyRow,
    StatusChangeRow,
    TicketConversationRow,
    TicketMessageRow,
    TicketRow,
)
from bridge.tickets.types import utcnow
from tests.database import in_force, sqlite_copy
from tests.factories import make_city_folder, make_location, make_understanding

LOGIN, PASSWORD = "vera", "ein langes Passwort"
GATEWAY = "token-of-the-mail-gateway"
LOCAL = "http://127.0.0.1:8080"


def make_client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, public_url: str = LOCAL, **files: str
) -> FlaskClient:
    """A browser in front of a fresh city without any account; on SQLite unless `case_book` was asked for."""
    make_city_folder(tmp_path, **files)
    for name, value in {
        "BRIDGE_CITY": "musterstadt",
        "BRIDGE_RULES": str(tmp_path),
        "BRIDGE_DATA": str(tmp_path / "var"),
        "BRIDGE_SECRET_KEY": "k" * 40,
        "BRIDGE_PUBLIC_URL": public_url,
        "BRIDGE_MAIL_GATEWAY_TOKEN": GATEWAY,
        # Nobody listens there: bells are not rung, guesses are counted in the process.
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    if not settings().database_url.startswith("postgresql"):
        in_force(sqlite_copy(tmp_path), monkeypatch)
    return create_app().test_client()


def end() -> None:
    """Close what `make_client` opened."""
    session.close()
    settings.cache_clear()


def sign_in(client: FlaskClient) -> None:
    """Give Vera an account and sign her in by the link of the demo."""
    staff.add(LOGIN, "Vera Beispiel", password=PASSWORD)
    path = links.sign_in_url(LOGIN).removeprefix(settings().public_url)
    assert client.get(path).status_code == 303


def token(client: FlaskClient) -> str:
    """The form token of this browser's session."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/von-hand").text)
    assert found
    return found.group(1)


def press(client: FlaskClient, path: str, **fields: str) -> Any:
    """Press a button as a browser does, with the form token; follows to the next page."""
    return client.post(path, data={"csrf_token": token(client), **fields}, follow_redirects=True)


def add_message(text: str, **changed: Any) -> int:
    """A message of Ada's in a conversation of its own, on Mastodon; returns its id."""
    key = secrets.token_hex(4)
    meaning: Understanding | None = changed.pop("understanding", make_understanding())
    handle = changed.pop("handle", "ada@marktplatz.example")
    platform, place = (
        changed.pop("platform", "mastodon"),
        changed.pop("base_url", "https://marktplatz.example"),
    )
    with writing() as db:
        account = CityAccountRow(platform=platform, base_url=place, handle=f"stadt{key}", limit=500)
        db.add(account)
        db.flush()
        reporter = ReporterRow(city_account_id=account.id, external_id=key, handle=handle, display_name="Ada")
        thread = ConversationRow(city_account_id=account.id, external_id=key)
        db.add_all([reporter, thread])
        db.flush()
        given = {
            "city_account_id": account.id,
            "external_id": key,
            "conversation_id": thread.id,
            "reporter_id": reporter.id,
            "text": text,
            "visibility": Visibility.PUBLIC,
            "url": f"https://marktplatz.example/@ada/{key}",
            "kind": meaning.kind if meaning else None,
            "understanding": meaning.model_dump(mode="json") if meaning else None,
        }
        row = MessageRow(**given | changed)
        db.add(row)
        db.flush()
        assert row.id is not None
        return row.id


def add_ticket(
    text: str = "Die Ampel ist aus", *, message: dict[str, Any] | None = None, **changed: Any
) -> str:
    """A ticket of one message; returns its reference."""
    location: Location | None = changed.pop("location", make_location())
    message_id = add_message(text, **message or {})
    with writing() as db:
        said = db.get_one(MessageRow, message_id)
        given = {
            "code": links.new_code(),
            "reference": f"MU-2026-{message_id:05d}",
            "kind": Kind.REPORT,
            "category": "traffic_light",
            "confidence": 0.9,
            "platform": db.get_one(CityAccountRow, said.city_account_id).platform,
            "location": location.model_dump(mode="json") if location else None,
            "district": location.district if location else None,
            "department": "streets",
            "rule": "streets",
            "because": "Das Tiefbauamt hält Ampeln und Straßen instand.",
            "reporter_id": said.reporter_id,
            "status": TicketStatus.DELIVERED,
            "opened_at": utcnow() - timedelta(minutes=12),
        }
        row = TicketRow(**given | changed)
        db.add(row)
        db.flush()
        db.add_all(
            [
                TicketMessageRow(ticket_id=row.id, message_id=message_id),
                TicketConversationRow(ticket_id=row.id, conversation_id=said.conversation_id),
                StatusChangeRow(ticket_id=row.id, status=TicketStatus.RECEIVED, actor="bridge"),
                StatusChangeRow(ticket_id=row.id, status=row.status, reason=row.reason, actor="bridge"),
            ]
        )
        return str(row.reference)


def add_reply(reference: str, text: str, state: SendState = SendState.NEEDS_DECISION, **changed: Any) -> int:
    """A reply in the ticket's first conversation; returns its id."""
    with writing() as db:
        ticket, message = _first(db, reference)
        given = {
            "city_account_id": message.city_account_id,
            "conversation_id": message.conversation_id,
            "message_id": message.id,
            "ticket_id": ticket.id,
            "cause": Cause.ACKNOWLEDGEMENT,
            "cause_id": secrets.token_hex(4),
            "state": state,
            "text": text,
            "visibility": Visibility.UNLISTED,
            "idempotency_key": secrets.token_hex(8),
        }
        row = SentReplyRow(**given | changed)
        db.add(row)
        db.flush()
        assert row.id is not None
        return row.id


def add_delivery(reference: str, state: SendState = SendState.NEEDS_DECISION, **changed: Any) -> int:
    """A hand-over of the ticket; returns its id."""
    with writing() as db:
        ticket, _ = _first(db, reference)
        given = {"ticket_id": ticket.id, "department": ticket.department, "reason": "routed", "state": state}
        row = DeliveryRow(**given | {"message_id": secrets.token_hex(8)} | changed)
        db.add(row)
        db.flush()
        assert row.id is not None
        return row.id


def add_photo(reference: str, name: str, content: bytes) -> None:
    """A picture of the ticket's first message, already our own copy."""
    folder = settings().data_folder / "photos"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    with writing() as db:
        _, message = _first(db, reference)
        db.add(AttachmentRow(message_id=message.id, url=f"https://marktplatz.example/{name}", file=name))


def _first(db: Any, reference: str) -> tuple[TicketRow, MessageRow]:
    ticket = db.exec(select(TicketRow).where(TicketRow.reference == reference)).one()
    message = db.exec(
        select(MessageRow).join(TicketMessageRow).where(TicketMessageRow.ticket_id == ticket.id)
    ).first()
    return ticket, message


def add_letter(reference: str | None, **changed: Any) -> int:
    """A mail of the streets department that waits for a person; returns its id."""
    given = {
        "key": secrets.token_hex(8),
        "raw": b"Subject: x",
        "sender": "tiefbau@musterstadt.example",
        "subject": "AW: Ampel defekt",
        "words": "Steht wieder.",
        "verdict": Verdict.NOTE,
        "because": "Freie Worte liest erst ein Mensch.",
    }
    with writing() as db:
        ticket = (
            db.exec(select(TicketRow).where(TicketRow.reference == reference)).one() if reference else None
        )
        about = {"ticket_id": ticket.id, "department": ticket.department} if ticket else {}
        row = LetterRow(**given | about | changed)
        db.add(row)
        db.flush()
        assert row.id is not None
        return row.id

"""A small city with a database and one ticket in it, as the public pages meet it."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlmodel import SQLModel

from bridge import links
from bridge.app import create_app
from bridge.domain import DecisionReason, Kind, TicketStatus
from bridge.settings import settings
from bridge.tickets import session
from bridge.tickets.session import reading, writing
from bridge.tickets.tables import (
    AttachmentRow,
    CityAccountRow,
    ConversationRow,
    MessageRow,
    ReporterRow,
    StatusChangeRow,
    TicketConversationRow,
    TicketMessageRow,
    TicketRow,
)
from tests.factories import NOW, make_city_folder, make_location

CODE = "ABCD2345"
WORDS = "An der Ampel steht ein Auto mit ZZ-ZZ 0000, ich wohne in der 17b."
HANDLE = "ada@marktplatz.example"
NAME = "Ada Beispielfrau"
DEPARTMENT_WORDS = "Herr Muster repariert das am Dienstag."
REFERENCE = "MU-2026-00001"


def make_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **files: str) -> FlaskClient:
    """A browser without cookies in front of a fresh city; `departments="…"` changes a file of the city."""
    make_city_folder(tmp_path, **files)
    for name, value in {
        "BRIDGE_CITY": "musterstadt",
        "BRIDGE_RULES": str(tmp_path),
        "BRIDGE_DATA": str(tmp_path / "var"),
        "BRIDGE_SECRET_KEY": "k" * 40,
        "BRIDGE_PUBLIC_URL": "https://melder.musterstadt.example",
        # Nobody listens there, so guesses are counted in the process.
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    return create_app().test_client()


def end() -> None:
    """Close what `make_client` opened."""
    session.close()
    settings.cache_clear()


def make_ticket(status: TicketStatus = TicketStatus.DELIVERED, **changed: Any) -> int:
    """A ticket of a citizen who wrote plate and house number; the department has spoken once."""
    with writing() as db:
        account = _kept(db, CityAccountRow(platform="mastodon", handle="stadt"))
        reporter = _kept(
            db,
            ReporterRow(city_account_id=account, external_id="7", handle=HANDLE, display_name=NAME),
        )
        conversation = _kept(db, ConversationRow(city_account_id=account, external_id="100"))
        message = _kept(
            db,
            MessageRow(
                city_account_id=account,
                external_id="100",
                conversation_id=conversation,
                reporter_id=reporter,
                text=changed.pop("text", WORDS),
                written_at=NOW,
                kind=Kind.REPORT,
            ),
        )
        for file in ("eins.jpg", None):
            db.add(AttachmentRow(message_id=message, url=f"https://bild.example/{file}", file=file))
        location = changed.pop("location", make_location(house_number="17b", label="Hauptstraße 17b"))
        given = {
            "reference": REFERENCE,
            "code": CODE,
            "kind": Kind.REPORT,
            "category": "traffic_light",
            "department": "streets",
            "because": "Das Tiefbauamt hält Ampeln instand.",
            "reporter_id": reporter,
            "reason": DecisionReason.REFUSED if status is TicketStatus.NEEDS_DECISION else None,
            "opened_at": NOW,
            "location": location.model_dump(mode="json") if location else None,
        }
        ticket = _kept(db, TicketRow(status=status, **(given | changed)))
        db.add(TicketMessageRow(ticket_id=ticket, message_id=message))
        db.add(TicketConversationRow(ticket_id=ticket, conversation_id=conversation))
        for each in (TicketStatus.ROUTED, TicketStatus.DELIVERED, status):
            actor = "department:streets" if each is status else "bridge"
            words = DEPARTMENT_WORDS if each is status else ""
            db.add(StatusChangeRow(ticket_id=ticket, at=NOW, status=each, actor=actor, words=words))
        return ticket


def path_of(ticket_id: int, department: str = "streets", answer: str = "") -> str:
    """The path of a department's link."""
    return links.answer_url(ticket_id, department, answer).removeprefix(settings().public_url)


def everything() -> dict[str, list[Any]]:
    """Every row of every table."""
    with reading() as db:
        return {
            name: list(db.execute(text(f'SELECT * FROM "{name}"')).all()) for name in SQLModel.metadata.tables
        }


def _kept(db: Any, row: Any) -> int:
    db.add(row)
    db.flush()
    return int(row.id)

"""What other systems report: the ticket is there at once, and goes on once its words are understood."""

from typing import Any

from sqlmodel import Session, select

from bridge.domain import Kind, Location, PermanentError, Step, Understanding, Value, Visibility
from bridge.tickets.book import accounts
from bridge.tickets.book._common import insert_new
from bridge.tickets.book.messages import open_ticket
from bridge.tickets.claims import stop
from bridge.tickets.session import writing
from bridge.tickets.tables import (
    ConversationRow,
    MessageRow,
    ReporterRow,
    TicketMessageRow,
    TicketRow,
)

CERTAIN = 1.0
"""Somebody chose the category and set the pin: no reading of the words is surer."""


class Report(Value):
    """What another system reports, without anything about who wrote it."""

    partner: str
    key: str
    """The same whenever the same is reported again."""
    text: str
    category: str
    location: Location | None


def report(report: Report, reference_prefix: str) -> str:
    """Open a ticket, or find the one this was reported as; its reference.

    Nothing is routed before the words are read: they may tell of an emergency.
    """
    with writing(durable=True) as session:
        key = {
            "city_account_id": accounts.by_open311(session),
            "external_id": f"{report.partner}:{report.key}",
        }
        conversation = insert_new(session, ConversationRow, key)
        if conversation is None:
            return _known(session, key)
        ticket = open_ticket(session, _message(session, report, key, conversation), reference_prefix)
        stop(ticket)
        return ticket.reference or ""


def _message(session: Session, report: Report, key: dict[str, Any], conversation: int) -> MessageRow:
    """The words as a direct message of a reporter of its own, so that no two reports are one person's."""
    reporter = insert_new(session, ReporterRow, key | {"handle": report.partner})
    assert reporter is not None
    meaning = Understanding(
        kind=Kind.REPORT, category=report.category, confidence=CERTAIN, location=report.location
    )
    row = MessageRow(
        **key,
        conversation_id=conversation,
        reporter_id=reporter,
        text=report.text,
        visibility=Visibility.DIRECT,
        lat=report.location.lat if report.location else None,
        lon=report.location.lon if report.location else None,
        kind=Kind.REPORT,
        understanding=meaning.model_dump(mode="json"),
        step=Step.UNDERSTAND,
    )
    session.add(row)
    session.flush()
    return row


def _known(session: Session, key: dict[str, Any]) -> str:
    found = session.exec(
        select(TicketRow.reference).join(TicketMessageRow).join(MessageRow).filter_by(**key)
    ).first()
    if not found:
        raise PermanentError("what was reported so is not there any more")
    return found

"""Updating: somebody's word about a ticket is stored first and takes effect in its own step."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from bridge.domain import DecisionReason, Step, TicketStatus, Value
from bridge.tickets.book._common import drop_unsent, insert_new, move, note
from bridge.tickets.book.clocks import reschedule
from bridge.tickets.book.tickets import Draft, drop_questions, write_reply
from bridge.tickets.claims import Claim, hold, settle, stop, wake
from bridge.tickets.session import reading, writing
from bridge.tickets.tables import DeliveryRow, StatusUpdateRow, TicketRow
from bridge.tickets.types import utcnow
from bridge.tickets.workflow import PRESS, MoveNotAllowedError, is_open

BY_MAIL = "letter-"
"""How the id of a word begins that came by mail: such words never reach a citizen unread."""


class Heard(Value):
    """Somebody's word about a ticket."""

    id: int
    ticket_id: int
    department: str
    external_id: str
    actor: str
    status: TicketStatus
    words: str


class Told(Value):
    """A word as it was stored."""

    reference: str
    status: TicketStatus
    words: str
    happened_at: datetime | None
    received_at: datetime


def hear(
    ticket_id: int,
    department: str,
    external_id: str,
    *,
    status: TicketStatus,
    words: str,
    actor: str,
    happened_at: datetime | None = None,
) -> bool:
    """Store a word about a ticket; False where this very word (`external_id`) was heard before."""
    with writing(durable=True) as session:
        told = {"status": status, "words": words, "actor": actor, "happened_at": happened_at}
        return hear_in(session, ticket_id, department, external_id, told) is not None


def hear_in(
    session: Session, ticket_id: int, department: str, external_id: str, told: dict[str, Any]
) -> int | None:
    """Store a word with all else that this transaction writes; its id, or None where it was heard before."""
    row = {
        "ticket_id": ticket_id,
        "department": department,
        "external_id": external_id,
        "step": Step.UPDATE,
        **told,
        "words": told["words"].strip()[:5000],
    }
    return insert_new(session, StatusUpdateRow, row)


def told(department: str, external_id: str) -> Told | None:
    """The word a department has said under this id before, if it has."""
    with reading() as session:
        found = session.exec(
            select(StatusUpdateRow, TicketRow.reference)
            .join(TicketRow)
            .where(StatusUpdateRow.department == department, StatusUpdateRow.external_id == external_id)
        ).first()
    if found is None:
        return None
    row, reference = found
    shared = {name: getattr(row, name) for name in Told.model_fields if name != "reference"}
    return Told(**shared, reference=reference or "")


def heard(claim: Claim) -> Heard:
    """The word of a claimed row."""
    with reading() as session:
        row = session.get_one(StatusUpdateRow, claim.id)
        return Heard(**{name: getattr(row, name) for name in Heard.model_fields})


def apply(claim: Claim, drafts: tuple[Draft, ...], until: datetime | None = None) -> bool:
    """Let a word take effect, with the replies it causes; False where the ticket cannot go there.

    `until` is the day on which the department means to be done, if it named one.
    """
    with writing() as session:
        update: StatusUpdateRow = hold(session, claim)
        ticket = session.get_one(TicketRow, update.ticket_id)
        settle(update)
        try:
            moved = _move(session, ticket, update)
        except MoveNotAllowedError as error:
            ticket.news_at = utcnow()
            told = {"error": str(error), "words": update.words}
            note(session, update.ticket_id, update.actor, "not applied", told)
            return False
        if moved or update.words:
            for draft in drafts:
                write_reply(session, draft, update.ticket_id)
        if until:
            reschedule(session, ticket, until)
        if ticket.reason is DecisionReason.REFUSED and moved:
            _refused(session, ticket, update)
        if update.words and not moved:
            note(session, update.ticket_id, update.actor, "said", {"words": update.words})
        if moved and ticket.status is not TicketStatus.NEEDS_INFO:
            drop_questions(session, update.ticket_id)
        if moved and not is_open(ticket.status):
            ticket.news_at = None
            stop(ticket)
            drop_unsent(session, DeliveryRow, "the ticket was closed", DeliveryRow.ticket_id == ticket.id)
        return True


def _refused(session: Session, ticket: TicketRow, update: StatusUpdateRow) -> None:
    """Count it, and let the rules say who is next; never the one who refused."""
    told = {"department": update.department, "rule": ticket.rule, "words": update.words}
    note(session, update.ticket_id, update.actor, "refused", told)
    ticket.refusals += 1
    ticket.refused_by = list(dict.fromkeys([*ticket.refused_by, update.department]))
    if ticket.fixed_department == update.department:
        ticket.fixed_department = None
    wake(ticket, Step.ROUTE)


def _move(session: Session, ticket: TicketRow, update: StatusUpdateRow) -> bool:
    if update.department not in {PRESS, ticket.department}:
        raise MoveNotAllowedError(f"the ticket is no longer with {update.department}")
    refused = update.status is TicketStatus.NEEDS_DECISION
    reason = DecisionReason.REFUSED if refused else None
    return move(session, ticket, update.status, update.actor, reason=reason, words=update.words)

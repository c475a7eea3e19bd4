"""Mails to the city's address: stored raw, read once, and decided by a person where nobody else may."""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlmodel import Session, and_, col, select, update

from bridge.domain import PermanentError, Step, TicketStatus, Value, Verdict
from bridge.tickets import workflow
from bridge.tickets.book._common import BRIDGE, alert_staff, insert_new, note
from bridge.tickets.book.updates import BY_MAIL, hear_in
from bridge.tickets.claims import Claim, hold, settle
from bridge.tickets.letterbox import WAITING
from bridge.tickets.locks import LOCK
from bridge.tickets.session import reading, writing
from bridge.tickets.tables import DeliveryRow, HistoryRow, LetterRow, TicketRow, UpdatePhotoRow
from bridge.tickets.types import utcnow

ASKED = "asked to confirm"
DAY = timedelta(days=1)
MOST_ASKED = 20
"""So many mails of ours may one office get in a day because of what came in."""


class TicketSeen(Value):
    """What a letter's ticket says about who may answer for it."""

    department: str | None
    asked: tuple[str, ...]
    closed_at: datetime | None


class Outcome(Value):
    """What became of a letter; a `status` is heard as the department's word."""

    verdict: Verdict
    because: str
    sender: str = ""
    subject: str = ""
    words: str = ""
    ticket_id: int | None = None
    department: str | None = None
    answer: str = ""
    status: TicketStatus | None = None
    said: str = ""
    """The words that come with the status."""
    files: tuple[str, ...] = ()


def store(raw: bytes) -> bool:
    """Keep a mail exactly as it came, before anybody reads it; False where it was here before."""
    values = {"key": hashlib.sha256(raw).hexdigest(), "raw": raw, "step": Step.READ}
    with writing(durable=True) as session:
        return insert_new(session, LetterRow, values) is not None


def raw(claim: Claim) -> bytes:
    """The bytes of a claimed letter."""
    with reading() as session:
        return session.get_one(LetterRow, claim.id).raw


def tickets(ticket_ids: Collection[int]) -> dict[int, TicketSeen]:
    """Those of these tickets that there are."""
    with reading() as session:
        rows = session.exec(select(TicketRow).where(col(TicketRow.id).in_(ticket_ids))).all()
        return {row.id or 0: _seen(session, row) for row in rows}


def decide(claim: Claim, outcome: Outcome) -> bool:
    """Write what became of a letter with all its effects; whether the office may be asked to confirm it."""
    with writing() as session:
        letter: LetterRow = hold(session, claim)
        given = outcome.model_dump(exclude={"status", "said", "files"})
        for name, value in given.items():
            setattr(letter, name, value)
        letter.files = list(outcome.files)
        settle(letter)
        ticket = session.get(TicketRow, outcome.ticket_id, **LOCK) if outcome.ticket_id else None
        if outcome.status and outcome.department:
            _hear(session, letter, outcome.status, outcome.said, f"department:{outcome.department}")
        elif outcome.verdict in {Verdict.NOTE, Verdict.CONFIRM} and ticket:
            ticket.news_at = utcnow()
            alert_staff(session, ticket)
        return outcome.verdict is Verdict.CONFIRM and _may_ask(session, letter)


def give_up(claim: Claim, error: str) -> None:
    """A letter nobody can read waits for a person."""
    with writing() as session:
        letter: LetterRow = hold(session, claim)
        letter.verdict, letter.because = Verdict.QUARANTINED, "Sie lässt sich nicht lesen."
        settle(letter, error=error[:500])


def apply(letter_id: int, actor: str, answer: str, status: TicketStatus, words: str) -> None:
    """A person takes a letter for this answer, with these words of it.

    Raises `PermanentError` where the ticket cannot go there, or the letter was decided already.
    """
    with writing() as session:
        letter = _open(session, letter_id)
        ticket = session.get(TicketRow, letter.ticket_id, **LOCK) if letter.ticket_id else None
        if ticket is None or ticket.department is None or status not in workflow.ALLOWED[ticket.status]:
            raise PermanentError("the ticket cannot go there")
        if letter.department not in (None, ticket.department):
            raise PermanentError("the ticket is no longer with the office that wrote")
        letter.department, letter.answer, letter.verdict = ticket.department, answer, Verdict.APPLIED
        _hear(session, letter, status, words, f"department:{ticket.department}")
        note(session, ticket.id or 0, actor, "took a letter for", {"letter": letter_id, "answer": answer})


def assign(letter_id: int, actor: str, ticket_id: int) -> None:
    """A person says which ticket a letter is about; raises `PermanentError` where it was decided already."""
    with writing() as session:
        letter = _open(session, letter_id)
        ticket = session.get_one(TicketRow, ticket_id, **LOCK)
        letter.ticket_id, letter.department, letter.verdict = ticket_id, ticket.department, Verdict.NOTE
        ticket.news_at = utcnow()
        note(session, ticket_id, actor, "assigned a letter", {"letter": letter_id})


def put_away(letter_id: int, actor: str) -> None:
    """A person needs nothing of this letter; raises `PermanentError` where it was decided already."""
    with writing() as session:
        letter = _open(session, letter_id)
        letter.verdict = Verdict.PUT_AWAY
        if letter.ticket_id:
            note(session, letter.ticket_id, actor, "put a letter away", {"letter": letter_id})


def sweep(before: datetime) -> None:
    """Forget the raw bytes of old letters, and of those about no ticket every word."""
    old = and_(col(LetterRow.received_at) < before, col(LetterRow.step).is_(None))
    words = {"sender": "", "subject": "", "words": "", "verdict": Verdict.PUT_AWAY}
    with writing() as session:
        session.exec(update(LetterRow).where(old).values(raw=b""))
        session.exec(update(LetterRow).where(old, col(LetterRow.ticket_id).is_(None)).values(**words))


def _seen(session: Session, row: TicketRow) -> TicketSeen:
    handed = select(DeliveryRow.department).where(DeliveryRow.ticket_id == row.id).distinct()
    asked = sorted({*session.exec(handed).all(), *([row.department] if row.department else [])})
    return TicketSeen(department=row.department, asked=tuple(asked), closed_at=row.closed_at)


def _hear(session: Session, letter: LetterRow, status: TicketStatus, words: str, actor: str) -> None:
    assert letter.ticket_id is not None
    assert letter.department is not None
    told = {"status": status, "words": words, "actor": actor}
    heard = hear_in(session, letter.ticket_id, letter.department, f"{BY_MAIL}{letter.key}", told)
    for file in letter.files if heard else ():
        insert_new(session, UpdatePhotoRow, {"update_id": heard, "file": file})


def _may_ask(session: Session, letter: LetterRow) -> bool:
    """Once a ticket and office in a day, and not too often in all: else two machines could go on for ever."""
    lately = col(HistoryRow.what) == ASKED, HistoryRow.at > utcnow() - DAY
    office = col(HistoryRow.detail)["department"].as_string() == letter.department
    asked = session.exec(select(HistoryRow.ticket_id).where(*lately, office)).all()
    if letter.ticket_id in asked or len(asked) >= MOST_ASKED:
        return False
    note(
        session, letter.ticket_id or 0, BRIDGE, ASKED, {"department": letter.department, "letter": letter.id}
    )
    return True


def _open(session: Session, letter_id: int) -> LetterRow:
    letter = session.get(LetterRow, letter_id, **LOCK)
    if letter is None or letter.verdict not in (*WAITING, Verdict.STOPPED):
        raise PermanentError("the letter was decided already")
    return letter

"""Pictures of messages: which are to be fetched, and the name of our own copy."""

from itertools import chain

from sqlmodel import col, select

from bridge.domain import Kind, Value
from bridge.tickets.claims import Claim, hold, settle
from bridge.tickets.session import reading, writing
from bridge.tickets.tables import AttachmentRow, LetterRow, MessageRow, UpdatePhotoRow


class Wanted(Value):
    """A picture to be fetched."""

    url: str
    account_id: int


def wanted(claim: Claim) -> Wanted | None:
    """The address of a claimed picture; None where its message is abuse, as an edit can make it."""
    with reading() as session:
        found = session.exec(
            select(AttachmentRow, MessageRow).join(MessageRow).where(AttachmentRow.id == claim.id)
        ).first()
    if found is None or found[1].kind is Kind.ABUSE:
        return None
    return Wanted(url=found[0].url, account_id=found[1].city_account_id)


def stored(claim: Claim, file: str) -> None:
    """Our copy lies in the photo folder under this name."""
    with writing() as session:
        row: AttachmentRow = hold(session, claim)
        row.file = file
        settle(row)


def gave_up(claim: Claim, error: str) -> None:
    """No copy will be had; the hand-over goes without it and staff see why."""
    with writing() as session:
        settle(hold(session, claim), error=error[:500])


def is_shown(file: str) -> bool:
    """Whether a message still has this picture and nobody took the message back."""
    there = select(AttachmentRow.id).join(MessageRow).where(AttachmentRow.file == file)
    with reading() as session:
        return session.exec(there.where(col(MessageRow.withdrawn_at).is_(None))).first() is not None


def files() -> set[str]:
    """The names of all our copies that a message, a letter or a department's word still has."""
    with reading() as session:
        named = session.exec(select(AttachmentRow.file).where(col(AttachmentRow.file).is_not(None))).all()
        sent = session.exec(select(UpdatePhotoRow.file)).all()
        lettered = session.exec(select(LetterRow.files)).all()
        return {file for file in (*named, *sent, *chain.from_iterable(lettered)) if file}

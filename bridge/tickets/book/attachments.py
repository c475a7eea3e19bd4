"""Pictures of messages: which are to be fetched, and the name of our own copy."""

from sqlmodel import select

from bridge.domain import Value
from bridge.tickets.claims import Claim, hold, settle
from bridge.tickets.session import reading, writing
from bridge.tickets.tables import AttachmentRow, MessageRow


class Wanted(Value):
    """A picture to be fetched."""

    url: str
    account_id: int


def wanted(claim: Claim) -> Wanted | None:
    """The address of a claimed picture; None where its message was taken back meanwhile."""
    with reading() as session:
        found = session.exec(
            select(AttachmentRow, MessageRow).join(MessageRow).where(AttachmentRow.id == claim.id)
        ).first()
    if found is None or found[1].withdrawn_at:
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

"""Things that are on or off for the whole city: the pause, and who is the ticker."""

from datetime import timedelta

from sqlmodel import Session

from bridge.tickets.session import is_postgresql, reading, writing
from bridge.tickets.tables import SwitchRow
from bridge.tickets.types import utcnow

PAUSE = "pause"


def pause(actor: str) -> None:
    """Stop everything outgoing; what citizens write is still stored and understood."""
    with writing() as session:
        session.merge(SwitchRow(name=PAUSE, value=actor))


def resume() -> None:
    """Let everything outgoing go on where it stopped."""
    with writing() as session:
        row = session.get(SwitchRow, PAUSE)
        if row:
            session.delete(row)


def paused_by() -> str | None:
    """Who paused everything outgoing, or None."""
    with reading() as session:
        row = session.get(SwitchRow, PAUSE)
        return row.value if row else None


def paused_in(session: Session) -> bool:
    """Whether everything outgoing is stopped, as this transaction sees it."""
    return session.get(SwitchRow, PAUSE) is not None


def hold_lease(name: str, holder: str, seconds: float) -> bool:
    """Take or renew a lease that only one process may have; False while another has it."""
    now = utcnow()
    with writing() as session:
        row = session.get(SwitchRow, name, with_for_update=is_postgresql(session) or None)
        if row and row.value != holder and row.until and row.until > now:
            return False
        session.merge(SwitchRow(name=name, value=holder, until=now + timedelta(seconds=seconds)))
        return True

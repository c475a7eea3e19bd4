"""Things that are on or off for the whole city: the pause, who is the ticker, whose turn it is."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from bridge.tickets.session import insert_for, reading, writing
from bridge.tickets.tables import SwitchRow
from bridge.tickets.types import utcnow

PAUSE = "pause"
_GONE = "gone:"


def pause(actor: str) -> None:
    """Stop everything outgoing; what citizens write is still stored and understood."""
    _put(PAUSE, actor)


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
    free = or_(col(SwitchRow.value) == holder, col(SwitchRow.until) <= now)
    return _put(name, holder, now + timedelta(seconds=seconds), free)


def lease_ends(name: str) -> datetime | None:
    """When the lease of this name ends or ended; None where nobody ever had it."""
    with reading() as session:
        row = session.get(SwitchRow, name)
        return row.until if row else None


def take_turn(name: str, seconds: float) -> bool:
    """Take a turn that comes once in `seconds` for all processes together; False where it is not yet time."""
    now = utcnow()
    return _put(name, "", now + timedelta(seconds=seconds), col(SwitchRow.until) <= now)


def put_off(name: str, seconds: float) -> None:
    """Let the next turn come in `seconds` at the earliest."""
    _put(name, "", utcnow() + timedelta(seconds=seconds))


def until_turn(name: str) -> float:
    """Seconds until the next turn; 0 where it has come."""
    with reading() as session:
        row = session.get(SwitchRow, name)
    return max((row.until - utcnow()).total_seconds(), 0.0) if row and row.until else 0.0


def shut(department: str, address: str) -> None:
    """Send nothing more to this address of a department, which says that it is gone for good."""
    _put(f"{_GONE}{department}", address)


def shut_addresses() -> dict[str, str]:
    """By department, the address that said it is gone; another address of the same department is open."""
    with reading() as session:
        rows = session.exec(select(SwitchRow).where(col(SwitchRow.name).startswith(_GONE))).all()
    return {row.name.removeprefix(_GONE): row.value for row in rows}


def open_again(department: str) -> bool:
    """Send to this department again; False where nothing was shut."""
    with writing() as session:
        row = session.get(SwitchRow, f"{_GONE}{department}")
        if row:
            session.delete(row)
        return row is not None


def _put(
    name: str, value: str, until: datetime | None = None, where: ColumnElement[bool] | None = None
) -> bool:
    """Turn a switch on, or over where it stands so; False where it stands otherwise."""
    new = {"value": value, "until": until}
    with writing() as session:
        made = insert_for(session)(SwitchRow).values(name=name, **new)
        put = made.on_conflict_do_update(index_elements=["name"], set_=new, where=where)
        return session.exec(put.returning(col(SwitchRow.name))).first() is not None

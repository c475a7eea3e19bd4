"""People of the city: accounts, sessions kept here so that they can be ended, and notice mails."""

import hashlib
import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from sqlmodel import col, delete, select

from bridge.domain import ConfigError, Step, Value
from bridge.tickets.book._common import alert_staff, notice_times
from bridge.tickets.claims import Claim, hold, settle
from bridge.tickets.session import reading, writing
from bridge.tickets.tables import StaffRow, StaffSessionRow, TicketRow
from bridge.tickets.types import utcnow

SESSION = timedelta(hours=12)
RHYTHMS = ("at_once", "hourly", "daily", "never")

_hasher = PasswordHasher()
_nobody = _hasher.hash(secrets.token_hex(16))


class StaffView(Value):
    """A person of the city."""

    id: int
    login: str
    name: str
    email: str
    notices: str
    noticed_at: datetime | None


def add(login: str, name: str, *, password: str, email: str = "", notices: str = "at_once") -> int:
    """Add a person, or give them a new name, password and address; their sessions end then."""
    if notices not in RHYTHMS:
        raise ConfigError(f"notices must be one of {', '.join(RHYTHMS)}, not {notices!r}")
    if len(password) < 10:
        raise ConfigError("the password needs at least 10 characters")
    with writing() as session:
        row = session.exec(select(StaffRow).where(StaffRow.login == login)).first() or StaffRow(
            login=login, name=name
        )
        row.name, row.email, row.notices, row.disabled = name, email, notices, False
        row.password_hash = _hasher.hash(password)
        session.add(row)
        session.flush()
        assert row.id is not None
        session.exec(delete(StaffSessionRow).where(col(StaffSessionRow.staff_id) == row.id))
        return row.id


def check(login: str, password: str) -> StaffView | None:
    """The person whose login and password these are; takes as long for an unknown login."""
    with reading() as session:
        row = session.exec(select(StaffRow).where(StaffRow.login == login)).first()
    try:
        _hasher.verify(row.password_hash if row else _nobody, password)
    except Argon2Error:
        return None
    return _view(row) if row and not row.disabled else None


def by_login(login: str) -> StaffView | None:
    """The person with this login."""
    with reading() as session:
        row = session.exec(select(StaffRow).where(StaffRow.login == login)).first()
    return _view(row) if row and not row.disabled else None


def any_account() -> bool:
    """Whether anybody can sign in at all."""
    with reading() as session:
        return (
            session.exec(select(StaffRow.id).where(col(StaffRow.disabled).is_(False)).limit(1)).first()
            is not None
        )


def start_session(staff_id: int) -> str:
    """A new session's token, for the cookie; only its hash is stored."""
    token = secrets.token_urlsafe(32)
    with writing() as session:
        session.add(StaffSessionRow(staff_id=staff_id, token_hash=_hash(token), ends_at=utcnow() + SESSION))
    return token


def signed_in(token: str) -> StaffView | None:
    """Who holds this session, while it lasts."""
    with reading() as session:
        row = session.exec(
            select(StaffRow)
            .join(StaffSessionRow)
            .where(StaffSessionRow.token_hash == _hash(token), StaffSessionRow.ends_at > utcnow())
        ).first()
    return _view(row) if row and not row.disabled else None


def end_session(token: str) -> None:
    """Sign one browser out."""
    with writing() as session:
        session.exec(delete(StaffSessionRow).where(col(StaffSessionRow.token_hash) == _hash(token)))


def end_all_sessions(staff_id: int) -> None:
    """Sign a person out everywhere."""
    with writing() as session:
        session.exec(delete(StaffSessionRow).where(col(StaffSessionRow.staff_id) == staff_id))


def due_notice(claim: Claim) -> StaffView:
    """The person whose notice mail is due."""
    with reading() as session:
        return _view(session.get_one(StaffRow, claim.id))


def noticed(claim: Claim, until: datetime) -> None:
    """The person was told of everything that needed a decision until then; what came since is due anew."""
    with writing() as session:
        row: StaffRow = hold(session, claim)
        row.noticed_at = until
        settle(row)
        since = session.exec(select(TicketRow.id).where(TicketRow.changed_at > until).limit(1)).first()
        if since:
            settle(row, Step.NOTIFY, notice_times().get(row.notices))


def alert() -> None:
    """Make everybody's next notice due: something is wrong that is no ticket."""
    with writing() as session:
        alert_staff(session, None)


def _view(row: StaffRow) -> StaffView:
    return StaffView(**{name: getattr(row, name) for name in StaffView.model_fields})


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

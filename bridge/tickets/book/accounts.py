"""The city's accounts on the platforms, their encrypted tokens and where their polling stands."""

from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from pydantic import SecretStr
from sqlmodel import Session, col, select

from bridge.domain import ConfigError, Step, Value
from bridge.links import fernet_key
from bridge.tickets.book._common import insert_new
from bridge.tickets.claims import Claim, hold, settle, wake
from bridge.tickets.locks import LOCK, locking
from bridge.tickets.session import reading, writing
from bridge.tickets.tables import BY_HAND, OPEN311, CityAccountRow, MessageRow
from bridge.tickets.types import utcnow


class AccountView(Value):
    """One account of the city."""

    id: int
    platform: str
    base_url: str
    handle: str
    external_id: str
    token: SecretStr
    cursor: str | None
    poll_seconds: float
    limit: int
    error: str
    polled_at: datetime | None
    looked_again_at: datetime | None

    @classmethod
    def of(cls, row: CityAccountRow, token: str) -> "AccountView":
        """The picture of a row, with its token already decrypted."""
        shared = {name: getattr(row, name) for name in cls.model_fields if name != "token"}
        return cls(**shared, token=SecretStr(token))


def connect(
    platform: str,
    base_url: str,
    handle: str,
    external_id: str,
    token: str,
    *,
    limit: int,
    poll_seconds: float,
) -> int:
    """Store an account, or its new token; its polling is due at once. Returns its id."""
    with writing() as session:
        row = _found_or_made(session, {"platform": platform, "base_url": base_url, "handle": handle})
        row.external_id, row.limit, row.poll_seconds = external_id, limit, poll_seconds
        row.secret = _fernet().encrypt(token.encode()).decode()
        wake(row, Step.POLL)
        assert row.id is not None
        return row.id


def get(account_id: int) -> AccountView:
    """One account with its token; raise `ConfigError` where the secret key no longer opens it."""
    with reading() as session:
        row = session.get_one(CityAccountRow, account_id)
    try:
        token = _fernet().decrypt(row.secret.encode()).decode() if row.secret else ""
    except InvalidToken:
        raise ConfigError(
            f"the token of {row.platform} {row.handle} needs the BRIDGE_SECRET_KEY it was stored with; "
            "set that key or connect the account again"
        ) from None
    return AccountView.of(row, token)


def renewed(account_id: int, before: str, token: str) -> None:
    """Store a token the platform has changed, unless somebody else was quicker and `before` is past."""
    with writing() as session:
        row = session.get_one(CityAccountRow, account_id, **LOCK)
        if compare_digest(_fernet().decrypt(row.secret.encode()), before.encode()):
            row.secret = _fernet().encrypt(token.encode()).decode()


def listed() -> list[AccountView]:
    """Every connected account, without tokens."""
    with reading() as session:
        rows = session.exec(select(CityAccountRow).order_by(col(CityAccountRow.id))).all()
    return [AccountView.of(row, "") for row in rows if row.platform not in {BY_HAND, OPEN311}]


def by_hand(session: Session) -> int:
    """The id of the account that stands for what staff type in."""
    return _stands_for(session, BY_HAND)


def by_open311(session: Session) -> int:
    """The id of the account that stands for what other systems report."""
    return _stands_for(session, OPEN311)


def recent_messages(account_id: int, since: datetime, limit: int = 200) -> list[str]:
    """The platform's ids of what was written lately: looked at again for edits and deletions."""
    with reading() as session:
        found = session.exec(
            select(MessageRow.external_id)
            .where(MessageRow.city_account_id == account_id, col(MessageRow.withdrawn_at).is_(None))
            .where(MessageRow.written_at >= since, col(MessageRow.by_us).is_(False))
            .order_by(col(MessageRow.id).desc())
            .limit(limit)
        ).all()
    return list(found)


def looked_again(account_id: int) -> None:
    """Remember that edits and deletions were asked for just now."""
    with writing() as session:
        session.get_one(CityAccountRow, account_id).looked_again_at = utcnow()


def poll_failed(claim: Claim, seconds: float, error: str) -> None:
    """Ask again later; staff see the error until a poll succeeds."""
    with writing() as session:
        row = hold(session, claim)
        settle(row, Step.POLL, utcnow() + timedelta(seconds=seconds), error=error[:500])


def _stands_for(session: Session, platform: str) -> int:
    row = _found_or_made(session, {"platform": platform, "base_url": "", "handle": ""}, limit=10_000)
    assert row.id is not None
    return row.id


def _found_or_made(session: Session, key: dict[str, str], **new: Any) -> CityAccountRow:
    insert_new(session, CityAccountRow, {**key, **new})
    return session.exec(locking(select(CityAccountRow).filter_by(**key), CityAccountRow)).one()


def _fernet() -> Fernet:
    return Fernet(fernet_key())

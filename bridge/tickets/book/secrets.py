"""The departments' keys: encrypted where we must use them, as a hash where we only recognise them."""

import base64
import hashlib
import secrets
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken
from pydantic import SecretStr
from sqlalchemy import ColumnElement, or_
from sqlmodel import col, select

from bridge.domain import ConfigError, PermanentError, Purpose, Value
from bridge.links import fernet_key
from bridge.tickets.locks import locking
from bridge.tickets.session import reading, writing
from bridge.tickets.tables import SecretRow
from bridge.tickets.types import utcnow


class KeyView(Value):
    """That a key is there, never the key itself."""

    department: str
    purpose: Purpose
    made_at: datetime
    ends_at: datetime | None


def make(department: str, purpose: Purpose, *, old_ends_in: timedelta | None = None) -> str:
    """Make a key and return it, for the only time; those before it hold for `old_ends_in` more.

    Raises `PermanentError` where there is one already and `old_ends_in` does not say what becomes of it.
    """
    random = secrets.token_bytes(32)
    token = base64.b64encode(random) if purpose is Purpose.WEBHOOK else base64.urlsafe_b64encode(random)
    key = {Purpose.WEBHOOK: "whsec_", Purpose.UPDATES: "stb_"}.get(purpose, "") + token.decode()
    keep(department, purpose, key, old_ends_in=old_ends_in)
    return key


def keep(department: str, purpose: Purpose, key: str, *, old_ends_in: timedelta | None = None) -> None:
    """Keep a key somebody else has made; raises like `make`."""
    with writing(durable=True) as session:
        before = select(SecretRow).where(*_holding(department, purpose)).order_by(col(SecretRow.id))
        rows = session.exec(locking(before, SecretRow)).all()
        if rows and old_ends_in is None:
            raise PermanentError(f"{department} has a key for {purpose} already; --rotate replaces it")
        for row in rows:
            ends = utcnow() + (old_ends_in or timedelta())
            row.ends_at = min(row.ends_at or ends, ends)
        made = SecretRow(department=department, purpose=purpose)
        if purpose is Purpose.UPDATES:
            made.token_hash = _hash(key)
        else:
            made.secret = Fernet(fernet_key()).encrypt(key.encode()).decode()
        session.add(made)


def holding(department: str, purpose: Purpose) -> tuple[SecretStr, ...]:
    """The keys that hold now, the newest first; `ConfigError` where the secret key no longer opens one."""
    with reading() as session:
        stored = select(SecretRow.secret).where(*_holding(department, purpose))
        sealed = session.exec(stored.order_by(col(SecretRow.id).desc())).all()
    try:
        return tuple(SecretStr(Fernet(fernet_key()).decrypt(each.encode()).decode()) for each in sealed)
    except InvalidToken:
        raise ConfigError(
            f"the keys of {department} need the BRIDGE_SECRET_KEY they were stored with; "
            "set that key or make new ones with `bridge departments secret`"
        ) from None


def department_of(token: str) -> str | None:
    """The department whose token for updates this is, as long as it holds."""
    with reading() as session:
        wanted = select(SecretRow.department).where(
            SecretRow.token_hash == _hash(token), SecretRow.purpose == Purpose.UPDATES, _in_time()
        )
        return session.exec(wanted).first()


def listed() -> list[KeyView]:
    """Every key that holds, by department."""
    with reading() as session:
        rows = session.exec(
            select(SecretRow).where(_in_time()).order_by(col(SecretRow.department), col(SecretRow.id))
        ).all()
    return [KeyView(**{name: getattr(row, name) for name in KeyView.model_fields}) for row in rows]


def _holding(department: str, purpose: Purpose) -> list[ColumnElement[bool]]:
    return [col(SecretRow.department) == department, col(SecretRow.purpose) == purpose, _in_time()]


def _in_time() -> ColumnElement[bool]:
    return or_(col(SecretRow.ends_at).is_(None), col(SecretRow.ends_at) > utcnow())


def _hash(token: str) -> str:
    # 256 random bits need no slow hash.
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()

"""The door to the database: one engine a process, short transactions, reading apart from writing."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.pool import QueuePool
from sqlmodel import Session

from bridge.domain import storable
from bridge.settings import settings

DatabaseError = SQLAlchemyError
"""Whatever goes wrong between us and the database, for those who may not speak SQL."""

THREADS = 8
"""How many threads of a web process may ask at the same time."""

# A process that stopped in the middle of a transaction must not keep its locks for ever.
_IMPATIENCE = "-c idle_in_transaction_session_timeout=20s -c lock_timeout=20s"
_SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

_engines: dict[str, Engine] = {}


def engine(url: str | None = None) -> Engine:
    """The engine of a database, by default of the one of the settings."""
    key = url or settings().sql_url
    if key not in _engines:
        _engines[key] = _make(key)
    return _engines[key]


@contextmanager
def reading() -> Iterator[Session]:
    """A session that never waits for a writer, never writes, and sees one moment however much it asks."""
    options = _SNAPSHOT if engine().dialect.name == "postgresql" else {}
    with Session(engine().execution_options(**options), expire_on_commit=False) as session:
        yield session


@contextmanager
def writing(*, durable: bool = False) -> Iterator[Session]:
    """One transaction: committed at the end, rolled back on any error.

    `durable` waits until SQLite's log is on the disk, so that a power cut cannot lose what we acknowledged;
    else a power cut may cost the last step of work, which is then done again. PostgreSQL always waits.
    """
    options = {"writing": True, "durable": durable}
    with Session(engine().execution_options(**options), expire_on_commit=False) as session:
        yield session
        session.commit()


def in_a_sentence(error: DatabaseError) -> str:
    """What went wrong, for an operator; the database's address is not quoted, since it has a password."""
    told = str(getattr(error, "orig", "")).splitlines()
    if isinstance(error, OperationalError) and told and engine().dialect.name == "postgresql":
        return f"The database of DATABASE_URL does not answer: {told[0]}"
    return f"The database does not answer ({type(error).__name__}). `bridge db upgrade` sets it up."


def close() -> None:
    """Close this process's connections."""
    while _engines:
        _engines.popitem()[1].dispose()


def _leave_to_parent() -> None:
    """In a forked child: connections stay the parent's, what was learnt of statements is kept."""
    for shared in _engines.values():
        shared.dispose(close=False)


os.register_at_fork(after_in_child=_leave_to_parent)


def insert_for(session: Session) -> Any:
    """The INSERT of this session's database, which knows what to do ON CONFLICT."""
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert


def _make(url: str) -> Engine:
    made = _make_sqlite(url) if url.startswith("sqlite") else _make_postgresql(url)
    event.listen(made, "before_cursor_execute", _make_storable, retval=True)
    return made


def _make_sqlite(url: str) -> Engine:
    patient = {"timeout": 30, "check_same_thread": False}
    made = create_engine(url, poolclass=QueuePool, connect_args=patient, json_serializer=_json)
    event.listen(made, "connect", _prepare_sqlite)
    event.listen(made, "begin", _begin_sqlite)
    return made


def _make_postgresql(url: str) -> Engine:
    return create_engine(
        url,
        isolation_level="READ COMMITTED",
        pool_size=THREADS,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 5, "application_name": "stadtbruecke", "options": _IMPATIENCE},
        json_serializer=_json,
    )


def _json(value: Any) -> str:
    return json.dumps(storable(value))


def _make_storable(_c: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> tuple[str, Any]:
    """Let no text through, stored or asked for, that a database would refuse."""
    return statement, storable(values)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own idea of transactions would begin them too late; `_begin_sqlite` does it.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}").close()
    # Its own lower() knows no umlauts, so that nobody would find the Öfterstraße by "öfter".
    connection.create_function("lower", 1, lambda text: text and text.lower(), deterministic=True)


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("writing"):
        connection.exec_driver_sql("BEGIN")
        return
    connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if options.get('durable') else 'NORMAL'}")
    # A transaction that reads first and then writes fails at once when another one wrote in between.
    connection.exec_driver_sql("BEGIN IMMEDIATE")

"""A fresh, migrated case book for one test, on SQLite and on PostgreSQL, through the real settings."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from itertools import count
from os import getpid
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Protocol

import psycopg
import pytest
from sqlalchemy import make_url

from bridge.settings import settings
from bridge.tickets import migrate, session
from tests import postgres
from tests.factories import make_city_folder

_kept = TemporaryDirectory(prefix="casebook-", ignore_cleanup_errors=True)


class Copies(Protocol):
    """Gives databases of its own, migrated or `empty`, each as long as the context lasts."""

    def __call__(self, *, empty: bool = False, locale: str = "C.UTF-8") -> AbstractContextManager[str]:
        """The address of a new database."""


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Copies]:
    """New databases on PostgreSQL; where there is none, the tests that ask are skipped."""
    try:
        with postgres.serving() as server, _databases_of(server) as copies:
            yield copies
    except postgres.NoServerError as error:
        pytest.skip(str(error))


@pytest.fixture(params=["sqlite", "postgresql"])
def case_book(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The address of a database with every migration and no row, as the settings have it."""
    if request.param == "sqlite":
        yield in_force(sqlite_copy(tmp_path), monkeypatch)
        return
    copies: Copies = request.getfixturevalue("postgresql")
    with copies() as url:
        yield in_force(url, monkeypatch)


@pytest.fixture
def database(case_book: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The settings of a small city with an empty case book; nobody hears its bells."""
    make_city_folder(tmp_path)
    for name, value in {
        "BRIDGE_CITY": "musterstadt",
        "BRIDGE_RULES": str(tmp_path),
        "BRIDGE_DATA": str(tmp_path / "var"),
        "BRIDGE_SECRET_KEY": "k" * 40,
        "BRIDGE_PUBLIC_URL": "https://melder.musterstadt.example",
        "REDIS_URL": f"unix://{tmp_path / 'nobody.sock'}",
    }.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    yield tmp_path / "var"
    session.close()
    settings.cache_clear()


def in_force(url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Put a database's address into the settings and return it."""
    monkeypatch.setenv("DATABASE_URL", url)
    settings.cache_clear()
    return url


def sqlite_copy(tmp_path: Path) -> str:
    """The address of a database in `var` that has every migration and no row."""
    (tmp_path / "var").mkdir(exist_ok=True)
    file = tmp_path / "var" / "bridge.db"
    copyfile(_sqlite_template(), file)
    return f"sqlite:///{file}"


@cache
def _sqlite_template() -> Path:
    """One file migrated once a process, since copying is a hundred times faster."""
    file = Path(_kept.name) / "bridge.db"
    migrate.upgrade(f"sqlite:///{file}")
    session.close()
    return file


@contextmanager
def _databases_of(server: str) -> Iterator[Copies]:
    names = (f"stb_{getpid()}_{number}" for number in count())
    with psycopg.connect(server, autocommit=True) as admin:
        # Copying the files is faster, but not known before version 15.
        quickly = "STRATEGY file_copy" if admin.info.server_version >= 150_000 else ""

        @contextmanager
        def made(options: str) -> Iterator[str]:
            name = next(names)
            admin.execute(f"CREATE DATABASE {name} {options} {quickly}".encode())
            try:
                yield make_url(server).set(database=name).render_as_string(hide_password=False)
            finally:
                session.close()
                admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

        def empty_one(locale: str) -> AbstractContextManager[str]:
            return made(f"TEMPLATE template0 ENCODING 'UTF8' LOCALE '{locale}'")

        with empty_one("C.UTF-8") as migrated:
            migrate.upgrade(migrated)
            session.close()
            template = make_url(migrated).database
            yield (
                lambda *, empty=False, locale="C.UTF-8": (
                    empty_one(locale) if empty else made(f"TEMPLATE {template}")
                )
            )

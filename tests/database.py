"""A fresh, migrated case book for one test, reached through the real settings.

The one place that knows which database tests run on: another one is another `_fresh`.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

import pytest

from bridge.settings import settings
from bridge.tickets import migrate, session
from tests.factories import make_city_folder

_kept = TemporaryDirectory(prefix="casebook-", ignore_cleanup_errors=True)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The settings of a small city with an empty case book; nobody hears its bells."""
    make_city_folder(tmp_path)
    for name, value in {
        "BRIDGE_CITY": "musterstadt",
        "BRIDGE_RULES": str(tmp_path),
        "BRIDGE_DATA": str(tmp_path / "var"),
        "BRIDGE_SECRET_KEY": "k" * 40,
        "BRIDGE_PUBLIC_URL": "https://melder.musterstadt.example",
        "REDIS_URL": f"unix://{tmp_path / 'nobody.sock'}",
        "DATABASE_URL": _fresh(tmp_path),
    }.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    yield tmp_path / "var"
    session.close()
    settings.cache_clear()


def _fresh(tmp_path: Path) -> str:
    """The address of a database that has every migration and no row."""
    (tmp_path / "var").mkdir(exist_ok=True)
    file = tmp_path / "var" / "bridge.db"
    copyfile(_template(), file)
    return f"sqlite:///{file}"


@cache
def _template() -> Path:
    """One file migrated once a process, since copying is a hundred times faster."""
    file = Path(_kept.name) / "bridge.db"
    migrate.upgrade(f"sqlite:///{file}")
    session.close()
    return file

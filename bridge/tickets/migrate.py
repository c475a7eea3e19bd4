"""Brings the database to the newest form."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select

from bridge.domain import ConfigError
from bridge.settings import settings
from bridge.tickets.session import engine


def upgrade(url: str | None = None) -> None:
    """Apply every migration that is missing; raise `ConfigError` where the database knows no umlauts."""
    if not url:
        settings().data_folder.mkdir(parents=True, exist_ok=True)
    _knows_umlauts(url)
    command.upgrade(config(url), "head")


def missing() -> bool:
    """Whether a migration is missing, which `upgrade` would apply; asks a database that is there."""
    newest = ScriptDirectory.from_config(config()).get_current_head()
    with engine().connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() != newest


def _knows_umlauts(url: str | None) -> None:
    """Else nobody would find the Öfterstraße by "öfter"."""
    with engine(url).connect() as connection:
        if connection.scalar(select(func.lower("Ö"))) != "ö":
            raise ConfigError(
                "the database of DATABASE_URL knows no umlauts; make it anew: CREATE DATABASE stadtbruecke "
                "ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0"
            )


def config(url: str | None = None) -> Config:
    """Alembic's configuration, without a file of its own."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    made.set_main_option("sqlalchemy.url", (url or settings().sql_url).replace("%", "%%"))
    return made

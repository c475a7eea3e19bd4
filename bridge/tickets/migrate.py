"""Brings the database to the newest form."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from bridge.settings import settings


def upgrade(url: str | None = None) -> None:
    """Apply every migration that is missing."""
    if not url:
        settings().data_folder.mkdir(parents=True, exist_ok=True)
    command.upgrade(config(url), "head")


def config(url: str | None = None) -> Config:
    """Alembic's configuration, without a file of its own."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    made.set_main_option("sqlalchemy.url", (url or settings().sql_url).replace("%", "%%"))
    return made

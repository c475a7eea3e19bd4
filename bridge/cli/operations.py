"""Operating the bridge: database, people, pause and what was set aside."""

import getpass
from datetime import timedelta
from typing import Annotated

import typer

from bridge import queues
from bridge.city import load_city
from bridge.settings import settings
from bridge.tickets import migrate, switches
from bridge.tickets.book import chores
from bridge.tickets.book import staff as people
from bridge.tickets.types import utcnow

db = typer.Typer(no_args_is_help=True)
staff_app = typer.Typer(no_args_is_help=True)
privacy = typer.Typer(no_args_is_help=True)


@db.callback()
@staff_app.callback()
@privacy.callback()
def _group() -> None:
    """Keep a group with one command a group."""


@db.command()
def upgrade() -> None:
    """Bring the database to the newest form."""
    migrate.upgrade()
    typer.echo("The database is up to date.")


@staff_app.command()
def add(
    login: str,
    name: Annotated[str, typer.Option(help="as colleagues see it, for example 'Redaktion 1'")] = "",
    email: Annotated[str, typer.Option(help="where notices go")] = "",
    notices: Annotated[str, typer.Option(help="at_once, hourly, daily or never")] = "at_once",
    password: Annotated[
        str, typer.Option(envvar="BRIDGE_STAFF_PASSWORD", help="asked for when missing")
    ] = "",
) -> None:
    """Add a person who may sign in at the press desk, or give them a new password."""
    people.add(
        login,
        name or login,
        password=password or getpass.getpass("Password (at least 10 characters): "),
        email=email,
        notices=notices,
    )
    typer.echo(f"{login} can sign in at {settings().public_url}/anmelden")


@privacy.command()
def sweep() -> None:
    """Forget the raw payloads that have had their time, now instead of tonight."""
    days = load_city(settings().city_folder).file.raw_days
    swept = chores.sweep_raw(utcnow() - timedelta(days=days))
    typer.echo(f"{swept} raw payloads older than {days} days were forgotten.")


def pause() -> None:
    """Stop everything outgoing; what citizens write is still stored and understood."""
    switches.pause(f"command by {getpass.getuser()}")
    typer.echo("Everything outgoing is paused. `bridge resume` lets it go on.")


def resume() -> None:
    """Let everything outgoing go on."""
    switches.resume()
    typer.echo("Everything outgoing goes on.")


def requeue() -> None:
    """Try once more what was set aside."""
    steps = chores.requeue()
    for step in steps:
        queues.ring(step)
    typer.echo(f"{sum(steps.values())} set-aside items are tried again.")

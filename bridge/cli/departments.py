"""The departments: who listens how, their keys, and opening an address that said it is gone."""

import getpass
from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bridge.city import load_city
from bridge.domain import ConfigError, Purpose
from bridge.settings import settings
from bridge.tickets import switches
from bridge.tickets.book import secrets

app = typer.Typer(no_args_is_help=True)

USE = {
    Purpose.WEBHOOK: "Put it into the receiver, which verifies our web hooks with it.",
    Purpose.UPDATES: "The department's program sends it as `Authorization: Bearer …` with each request.",
    Purpose.TRACKER: "We write to the department's tracker with it.",
}


@app.command("list")
def listing() -> None:
    """List every department with its channel, its keys and whether anything is sent there."""
    shut, held = switches.shut_addresses(), secrets.listed()
    table = Table("department", "channel", "address", "keys", "state")
    for slug, office in load_city(settings().city_folder).departments.items():
        keys = ", ".join(_key(key) for key in held if key.department == slug)
        state = "shut: it said it is gone" if shut.get(slug) == office.address else "open"
        table.add_row(slug, office.channel, office.address, keys or "none", state)
    Console().print(table)


@app.command()
def secret(
    name: str,
    purpose: Annotated[Purpose, typer.Option(help="what the key is for")] = Purpose.WEBHOOK,
    rotate: Annotated[bool, typer.Option("--rotate", help="replace the key there is")] = False,
    ends_in: Annotated[int, typer.Option(help="hours the old key still holds", min=0, max=8760)] = 48,
    key: Annotated[
        str, typer.Option(envvar="BRIDGE_TRACKER_KEY", help="a tracker's own key; asked for when missing")
    ] = "",
) -> None:
    """Make a department's key and print it, once; a tracker's key is given by the tracker and only kept."""
    _known(name)
    old_ends_in = timedelta(hours=ends_in) if rotate else None
    if purpose is Purpose.TRACKER:
        secrets.keep(name, purpose, key or getpass.getpass("Key: "), old_ends_in=old_ends_in)
        typer.echo(f"The key for {name}'s tracker is stored.")
        return
    typer.echo(secrets.make(name, purpose, old_ends_in=old_ends_in))
    typer.echo(f"This is shown once. {USE[purpose]}", err=True)
    if rotate:
        typer.echo(f"The old key holds for {ends_in} hours more.", err=True)


@app.command()
def enable(name: str) -> None:
    """Send to a department again that said it is gone."""
    _known(name)
    if switches.open_again(name):
        typer.echo(f"{name} gets its tickets again. What failed meanwhile stands under Zustellungen.")
    else:
        typer.echo(f"{name} was not shut.")


def _known(name: str) -> None:
    known = load_city(settings().city_folder).departments
    if name not in known:
        raise ConfigError(f"unknown department {name!r}; known: {', '.join(sorted(known))}")


def _key(key: secrets.KeyView) -> str:
    return f"{key.purpose} until {key.ends_at:%Y-%m-%d %H:%M} UTC" if key.ends_at else key.purpose.value

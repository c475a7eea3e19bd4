"""The platforms there are, and connecting the city's accounts."""

import getpass
import json
from contextlib import suppress
from typing import Annotated, Any

import typer
from pydantic import SecretStr
from rich.console import Console
from rich.table import Table

from bridge import platforms, queues
from bridge.domain import Step
from bridge.platforms.base import Account
from bridge.tickets.book import accounts
from bridge.tickets.session import DatabaseError

app = typer.Typer(invoke_without_command=True)

ABILITIES = {
    "direct": "direct messages",
    "photo": "photos",
    "place": "places",
    "edit_seen": "edits",
    "delete_seen": "deletions",
}


@app.callback()
def listing(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False
) -> None:
    """List every platform with what it can do and which accounts are connected."""
    if context.invoked_subcommand:
        return
    known = [_described(name, handles) for name, handles in _connected().items()]
    if as_json:
        typer.echo(json.dumps(known, ensure_ascii=False, indent=2))
        return
    table = Table("platform", "receives", "can", "limit", "repeat", "accounts")
    for row in known:
        can = ", ".join(word for what, word in ABILITIES.items() if row[what])
        accounts_there = ", ".join(row["accounts"]) or "none"
        table.add_row(row["label"], row["receives"], can, row["limit"], row["idempotency"], accounts_there)
    Console().print(table)


@app.command()
def connect(
    name: str,
    server: Annotated[str, typer.Option(help="the server's address, https://…")],
    handle: Annotated[str, typer.Option(help="the account's name, where the token does not tell it")] = "",
    token: Annotated[str, typer.Option(envvar="BRIDGE_ACCOUNT_TOKEN", help="asked for when missing")] = "",
    poll_seconds: Annotated[float, typer.Option(help="how often to ask for what is new")] = 30,
) -> None:
    """Connect an account: the token is checked live and stored encrypted."""
    token = token or getpass.getpass("Token: ")
    account = connect_account(name, server, token, poll_seconds, handle)
    queues.ring(Step.POLL)
    typer.echo(f"{platforms.load(name).label}: {account.handle} is connected.")


def connect_account(name: str, server: str, token: str, poll_seconds: float, handle: str = "") -> Account:
    """Check a token with the platform and store the account; raises what the platform raises."""
    platform = platforms.connected(
        Account(platform=name, base_url=server.rstrip("/"), handle=handle, token=SecretStr(token))
    )
    account = platform.connect()
    accounts.connect(
        name,
        account.base_url,
        account.handle,
        account.external_id,
        account.token.get_secret_value(),
        limit=platform.limit(),
        poll_seconds=poll_seconds,
    )
    return account


def _connected() -> dict[str, list[str]]:
    """The city's handles by platform; a city that has no database yet has none."""
    handles: dict[str, list[str]] = {name: [] for name in platforms.names()}
    with suppress(DatabaseError):
        for account in accounts.listed():
            handles.get(account.platform, []).append(account.handle)
    return handles


def _described(name: str, handles: list[str]) -> dict[str, Any]:
    platform = platforms.load(name)
    return {
        "name": name,
        "label": platform.label,
        **platform.capabilities.model_dump(),
        "configured": bool(handles),
        "accounts": handles,
    }

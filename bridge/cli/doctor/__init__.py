"""`bridge doctor`: looks over an installation and says for each thing that it is fine or what to do."""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Annotated

import typer
from redis.exceptions import RedisError
from rich.console import Console

from bridge.cli.doctor import around, machine, town
from bridge.cli.doctor.finding import Finding, State
from bridge.domain import BridgeError, ConfigError
from bridge.settings import read_settings
from bridge.tickets.session import DatabaseError, close, in_a_sentence

SECONDS = 5.0
"""How long one check may take."""
MARKS = {State.OK: "[green]ok     [/green]", State.WARNING: "[yellow]warning[/yellow]"}
MARKS[State.BROKEN] = "[red]broken [/red]"

Check = Callable[[], Iterator[Finding]]

CHECKS: dict[str, Check] = {
    "Python": machine.python,
    "variables": machine.variables,
    "secret key": machine.secret_key,
    "disk": machine.disk,
    "city files": town.files,
    "placeholders": town.placeholders,
    "gazetteer": town.places,
    "areas": town.areas,
    "model": town.model,
    "database": machine.database,
    "staff": machine.staff,
    "Redis": machine.redis,
    "workers": machine.workers,
    "ticker": machine.ticker,
    "mail out": around.mail_out,
    "mail in": around.mail_in,
    "accounts": around.accounts,
    "departments": around.departments,
    "public address": around.public_address,
}


def doctor(as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False) -> None:
    """Check this installation and say what to do; exit code 1 where something is broken."""
    read_settings()
    console = Console(stderr=as_json)
    found: list[tuple[str, Finding]] = []
    for name, check in CHECKS.items():
        with console.status(f"{name} …"):
            told = examined(check)
        found += [(name, finding) for finding in told]
        if not as_json:
            _print(console, name, told)
    close()
    if as_json:
        rows = [{"check": name, **finding.model_dump()} for name, finding in found]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    states = [finding.state for _, finding in found]
    broken, warned = states.count(State.BROKEN), states.count(State.WARNING)
    if not as_json:
        console.print(f"\n{broken} broken, {warned} warnings.", highlight=False)
    if broken:
        sys.exit(1)


def examined(check: Check, seconds: float = SECONDS) -> list[Finding]:
    """What a check finds within its time; what it raises is a finding too."""
    found: list[Finding] = []
    thread = threading.Thread(target=lambda: found.extend(_caught(check)), daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        return [Finding.broken(f"no answer within {seconds:g} seconds")]
    return found


def _caught(check: Check) -> Iterator[Finding]:
    try:
        yield from check()
    except ConfigError as error:
        yield from (Finding.broken(line) for line in str(error).splitlines())
    except BridgeError as error:
        yield Finding.broken(str(error))
    except DatabaseError as error:
        yield Finding.broken(in_a_sentence(error))
    except RedisError as error:
        yield Finding.broken(f"Redis does not answer at REDIS_URL ({type(error).__name__}); start it")
    except Exception as error:  # A check that stumbles must not keep the others from being made.
        yield Finding.broken(f"the check itself failed ({type(error).__name__})")


def _print(console: Console, name: str, told: list[Finding]) -> None:
    for label, finding in zip(chain([name], *[[""] * len(told)]), told, strict=False):
        console.print(f"{MARKS[finding.state]} {label:<15}", end="")
        console.print(finding.told, soft_wrap=True, highlight=False, markup=False)

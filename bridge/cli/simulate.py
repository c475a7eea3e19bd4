"""Asks changed rules about the tickets of the last days: which of them would go elsewhere."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bridge import checks
from bridge.city import City, load_city
from bridge.domain import ConfigError, Location, Precision, Value
from bridge.places import city_gazetteer
from bridge.places.gazetteer import Gazetteer
from bridge.routing import Rules
from bridge.settings import settings
from bridge.tickets import search
from bridge.tickets.rulings import matter_of, opened_since, ruling
from bridge.tickets.types import utcnow
from bridge.tickets.views import Case


class Replayed(Value):
    """One ticket under the changed rules: where it went by which rule, and where it would go."""

    reference: str
    place: str
    before: str
    rule_before: str
    now: str
    rule_now: str

    @property
    def moves(self) -> bool:
        """Whether another department would get it."""
        return self.before != self.now


def simulate(
    rules: Annotated[
        Path | None, typer.Option(help="the folder of the changed city; else the files as they are now")
    ] = None,
    days: Annotated[int, typer.Option(min=1, help="how far to look back")] = 90,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object instead of tables")] = False,
) -> None:
    """Replay the tickets of the last days against changed rules: which would move, from where to where."""
    city = load_city(rules or settings().city_folder)
    if mistakes := checks.mistakes(city):
        raise ConfigError("\n".join(mistakes))
    numbers = opened_since(utcnow() - timedelta(days=days))
    screen = Console(stderr=True)
    shown = track(numbers, "Replaying", console=screen, transient=True, disable=not screen.is_terminal)
    replayed = list(_replay(city, _cases(shown)))
    left_out = len(numbers) - len(replayed)
    if as_json:
        _as_json(replayed, left_out, days)
    else:
        _as_tables(city, replayed, left_out, days)


def _cases(numbers: Iterable[int]) -> Iterator[Case]:
    return (case for number in numbers if (case := search.case(number)))


def _replay(city: City, cases: Iterable[Case]) -> Iterator[Replayed]:
    """Each ticket a rule decided about, as long as its words are still there."""
    rules, gazetteer = Rules.load(city), city_gazetteer(city)
    for case in cases:
        before = ruling(case)
        if before is None or not case.text:
            continue
        now = rules.route(matter_of(case, _areas(gazetteer, case.location)))
        yield Replayed(
            reference=case.reference,
            place=case.location.label if case.location else "",
            before=before.department,
            rule_before=before.rule,
            now=now.department,
            rule_now=now.rule,
        )


def _areas(gazetteer: Gazetteer, location: Location | None) -> tuple[str, ...]:
    """The areas of a place as they are drawn now, also where its district was moved meanwhile."""
    if location is None:
        return ()
    if location.point and location.precision is not Precision.DISTRICT:
        drawn = gazetteer.district_of(location.point)
        location = location.model_copy(update={"district": drawn or location.district})
    return gazetteer.areas_of(location)


def _flows(replayed: Iterable[Replayed]) -> list[tuple[tuple[str, str], int]]:
    return Counter((each.before, each.now) for each in replayed if each.moves).most_common()


def _as_json(replayed: list[Replayed], left_out: int, days: int) -> None:
    told = {
        "days": days,
        "replayed": len(replayed),
        "not_replayed": left_out,
        "flows": [{"from": before, "to": now, "count": count} for (before, now), count in _flows(replayed)],
        "moves": [each.model_dump() for each in replayed if each.moves],
    }
    typer.echo(json.dumps(told, ensure_ascii=False, indent=2))


def _as_tables(city: City, replayed: list[Replayed], left_out: int, days: int) -> None:
    moving = [each for each in replayed if each.moves]
    if moving:
        _print("Moves", ("From", "To", "Tickets"), _flow_rows(city, moving))
        _print("Tickets", ("Reference", "Place", "From", "To", "By rule"), _ticket_rows(city, moving))
    else:
        typer.echo("Nothing would move.")
    again = sum(each.rule_before != each.rule_now for each in replayed if not each.moves)
    typer.echo(f"Replayed of the last {days} days: {len(replayed)}. Would move: {len(moving)}.")
    if again:
        typer.echo(f"Would stay where they are, by another rule: {again}.")
    if left_out:
        typer.echo(f"Not replayed, since their words are gone or no rule ever decided: {left_out}.")


def _flow_rows(city: City, moving: list[Replayed]) -> Iterator[tuple[str, ...]]:
    for (before, now), count in _flows(moving):
        yield city.department_name(before), city.department_name(now), str(count)


def _ticket_rows(city: City, moving: list[Replayed]) -> Iterator[tuple[str, ...]]:
    for each in moving:
        before, now = city.department_name(each.before), city.department_name(each.now)
        yield each.reference, each.place, before, now, f"{each.rule_before} → {each.rule_now}"


def _print(title: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    table = Table(*heads, title=title, title_justify="left")
    for row in rows:
        table.add_row(*row)
    Console().print(table)

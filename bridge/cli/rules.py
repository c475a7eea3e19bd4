"""Checking, testing, explaining and describing the routing rules."""

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from bridge import checks
from bridge.city import City, load_city
from bridge.cli.simulate import simulate
from bridge.domain import ConfigError, Matter, Point
from bridge.places import city_gazetteer
from bridge.routing import Failure, Rules, schema
from bridge.routing.explain import lines
from bridge.settings import settings
from bridge.understanding import matter_in, understand

app = typer.Typer(no_args_is_help=True)
app.command("simulate")(simulate)


@app.command()
def check() -> None:
    """Read everything a clerk may edit and list every mistake with file, line and what to do."""
    city = load_city(settings().city_folder)
    mistakes = checks.mistakes(city)
    if mistakes:
        raise ConfigError("\n".join(mistakes))
    for warning in checks.warnings(city):
        typer.echo(f"warning: {warning}")
    typer.echo(f"{city.name}: rules, departments, categories, areas and texts are fine.")


@app.command()
def test() -> None:
    """Run the examples of every rule; exit code 1 where one goes elsewhere."""
    city = load_city(settings().city_folder)
    rules = Rules.load(city)
    examples = rules.examples()
    screen = Console(stderr=True)
    shown = track(examples, "Reading", console=screen, transient=True, disable=not screen.is_terminal)
    failures = [rules.failure(example, lambda text: matter_of(city, text)) for example in shown]
    told = [_told(failure) for failure in failures if failure]
    for line in told:
        typer.echo(line, err=True)
    count = f"{len(examples)} examples of {len(rules.rules)} rules"
    if told:
        sys.exit(f"{count}: {len(told)} go elsewhere.")
    typer.echo(f"{count}: every one goes where its rule says.")


@app.command()
def explain(
    text: str,
    at: Annotated[datetime | None, typer.Option(help="when it is written, in the city's time")] = None,
    platform: Annotated[str, typer.Option(help="where it is written")] = "",
    lat: Annotated[float | None, typer.Option(help="latitude of the sender, in degrees")] = None,
    lon: Annotated[float | None, typer.Option(help="longitude of the sender, in degrees")] = None,
) -> None:
    """Show why a text goes where it goes: which rules were tried, what failed, and what then happens."""
    city = load_city(settings().city_folder)
    point = Point(lat=lat, lon=lon) if lat is not None and lon is not None else None
    written = at.replace(tzinfo=city.zone).astimezone(UTC) if at else datetime.now(UTC)
    matter = matter_of(city, text, point).model_copy(update={"at": written, "platform": platform})
    rules = Rules.load(city)
    for line in lines(rules, matter, rules.route(matter)):
        typer.echo(line)


@app.command("schema")
def write_schema() -> None:
    """Write what an editor needs to know about the files a clerk edits, beside the cities."""
    folder = settings().rules_folder / "schema"
    folder.mkdir(exist_ok=True)
    for name, text in schema.files().items():
        (folder / name).write_text(text, encoding="utf-8")
        typer.echo(folder / name)


def matter_of(city: City, text: str, point: Point | None = None) -> Matter:
    """What the rules are asked about a text, written at an unknown time by somebody at `point`."""
    gazetteer = city_gazetteer(city)
    meaning = understand(text, city=city, gazetteer=gazetteer, point=point)
    return matter_in(text, meaning, gazetteer)


def _told(failure: Failure) -> str:
    """Where the example stands, which rule takes it instead, and what was understood of it."""
    example, matter = failure.example, failure.matter
    meant = ", ".join(filter(None, [matter.kind, matter.category, matter.street, *matter.areas]))
    return (
        f"{example.file}:{example.line}: {example.sentence!r} goes by {failure.got!r} instead of "
        f"{example.rule.name!r}; understood: {meant}"
    )

"""Checking, testing and explaining the routing rules."""

import sys

import typer

from bridge import delivery
from bridge.city import City, load_city
from bridge.domain import BridgeError, ConfigError, Matter
from bridge.places import city_gazetteer
from bridge.replies.compose import Composer
from bridge.routing.explain import lines
from bridge.routing.rules import Rules
from bridge.settings import settings
from bridge.understanding import understand

app = typer.Typer(no_args_is_help=True)


@app.command()
def check() -> None:
    """Read everything a clerk may edit and list every mistake with file, line and what to do."""
    city = load_city(settings().city_folder)
    mistakes = [str(error) for error in _mistakes(city)]
    if mistakes:
        raise ConfigError("\n".join(mistakes))
    typer.echo(f"{city.name}: rules, departments, categories and texts are fine.")


@app.command()
def test() -> None:
    """Run the examples of every rule; exit code 1 where one goes elsewhere."""
    city = load_city(settings().city_folder)
    failures = Rules.load(city).check_examples(lambda text: matter_of(city, text))
    for failure in failures:
        typer.echo(str(failure), err=True)
    if failures:
        sys.exit(1)
    typer.echo("Every example goes where its rule says.")


@app.command()
def explain(text: str) -> None:
    """Show why a text goes where it goes: which rules were tried and which condition failed."""
    city = load_city(settings().city_folder)
    rules, matter = Rules.load(city), matter_of(city, text)
    for line in lines(rules, matter, rules.route(matter)):
        typer.echo(line)


def matter_of(city: City, text: str) -> Matter:
    """What the rules are asked about a text."""
    gazetteer = city_gazetteer(city)
    meaning = understand(text, city=city, gazetteer=gazetteer)
    return Matter(
        kind=meaning.kind,
        category=meaning.category,
        text=text,
        areas=gazetteer.areas_of(meaning.location) if meaning.location else (),
        street=meaning.location.street if meaning.location else None,
        precision=meaning.location.precision if meaning.location else None,
        language=meaning.language,
        flags=meaning.flags,
        confidence=meaning.confidence,
    )


def _mistakes(city: City) -> list[BridgeError]:
    found: list[BridgeError] = []
    for read in (Rules.load, Composer, city_gazetteer):
        try:
            read(city)
        except ConfigError as error:
            found.append(error)
    for slug, department in city.departments.items():
        try:
            delivery.load(department.channel)(settings()).check_address(department.address)
        except ConfigError as error:
            found.append(ConfigError(f"{city.folder / 'departments.yaml'}: {slug}: {error}"))
    return found

"""Reading texts and building gazetteers from the command line."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel, ConfigDict, ValidationError
from rich.console import Console
from rich.progress import Progress

from bridge.city import load_city
from bridge.domain import ConfigError, Point
from bridge.places import city_gazetteer
from bridge.places.build import build as build_gazetteer
from bridge.settings import settings
from bridge.understanding import understand as read
from bridge.understanding.report import as_json, explained

app = typer.Typer(no_args_is_help=True)


class Line(BaseModel):
    """One line of the input; other keys are ignored."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    id: str
    text: str
    lat: float | None = None
    lon: float | None = None


@app.callback()
def _group() -> None:
    """Keep a group with one command a group."""


def understand(
    text: Annotated[str, typer.Argument(help="one message")] = "",
    source: Annotated[Path | None, typer.Option("--input", help="JSON lines with id and text")] = None,
    gazetteer: Annotated[Path | None, typer.Option(help="instead of the city's own")] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="and which words decided it, as a table")
    ] = False,
) -> None:
    """Say what messages mean: one JSON object a line."""
    city = load_city(settings().city_folder)
    known = city_gazetteer(city, gazetteer)
    for line in _lines(source) if source else [Line(id="1", text=text or sys.stdin.read())]:
        point = Point(lat=line.lat, lon=line.lon) if line.lat is not None and line.lon is not None else None
        meaning = read(line.text, city=city, gazetteer=known, point=point)
        typer.echo(json.dumps(as_json(line.id, line.text, meaning), ensure_ascii=False))
        if explain:
            Console(stderr=True).print(explained(meaning))


@app.command()
def build(
    sources: Annotated[list[Path], typer.Argument(help="CSV, GeoJSON or .osm.pbf files")],
    out: Annotated[Path, typer.Option(help="the gazetteer to write")],
    within: Annotated[str | None, typer.Option(help="cut .osm.pbf at the boundary of this town")] = None,
) -> None:
    """Build a city's gazetteer; bad rows are listed and skipped, over 5 % of them nothing is written."""
    with Progress(transient=True) as progress:
        task = progress.add_task("", total=len(sources))

        def show(source: Path, number: int, _total: int) -> None:
            progress.update(task, description=source.name, completed=number - 1)

        report = build_gazetteer(sources, out, show, within)
    for bad in report.bad:
        typer.echo(bad, err=True)
    if report.failed:
        raise ConfigError(
            f"{len(report.bad)} bad rows are too many beside {report.rows} good ones: nothing written"
        )
    found = ", ".join(f"{count} {kind}" for kind, count in sorted(report.counts.items()) if count)
    typer.echo(f"{out}: {found}; {len(report.bad)} bad rows skipped")


def _lines(source: Path) -> Iterator[Line]:
    with source.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                yield Line.model_validate_json(line)
            except ValidationError as error:
                wrong = "; ".join(
                    f"{'.'.join(map(str, e['loc'])) or 'line'}: {e['msg']}" for e in error.errors()
                )
                raise ConfigError(f"{source}:{number}: {wrong}") from None

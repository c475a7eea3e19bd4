"""Training, measuring and taking back the model that reads what citizens write; all of it on this machine."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bridge.city import load_city
from bridge.domain import ConfigError, Kind
from bridge.settings import settings
from bridge.tickets.book import examples
from bridge.understanding import store
from bridge.understanding.model import Model, load

if TYPE_CHECKING:
    from bridge.understanding.training.learn import Score
    from bridge.understanding.training.samples import Sample

app = typer.Typer(no_args_is_help=True)
Show = Callable[[str, int, int], None]


@app.callback()
def _group() -> None:
    """Keep a group with one command a group."""


@app.command()
def train() -> None:
    """Train from the authored sentences and every category that staff corrected."""
    from bridge.understanding.training import learn, samples  # noqa: PLC0415 - loads the training libraries

    old = load(store.current())
    if old.adapted:
        raise ConfigError(
            "The model in force was adapted to earlier reports, which training without them would forget: "
            "`bridge nlp adapt --reports FILE` learns from them and from every correction."
        )
    authored = list(samples.samples(learn.COPIES, learn.chance()))
    lessons, measure = learn.split([*authored, *_corrections()])
    with _progress() as show:
        _compare(old, learn.taught(old, lessons, show), measure, show)


@app.command()
def adapt(
    reports: Annotated[Path, typer.Option(help="CSV of earlier reports with text and category")],
    labels: Annotated[Path | None, typer.Option(help="CSV label,accepted_service_codes")] = None,
) -> None:
    """Train from an export of the city's earlier reports, every correction, and the authored sentences."""
    from bridge.understanding.training import learn, samples  # noqa: PLC0415 - loads the training libraries
    from bridge.understanding.training import reports as exports  # noqa: PLC0415

    city = load_city(settings().city_folder)
    export = exports.read(reports, {code: city.category_name(code) for code in city.categories}, labels)
    for label, count in export.skipped.items():
        typer.echo(f"skipped {count} rows without text or with the unknown category {label!r}", err=True)
    old = load(store.current())
    with _progress() as show:
        chosen = learn.choose(old, export.texts, export.codes, show)
        own, measure = learn.split([*exports.samples(export, chosen), *_corrections()])
        authored, _ = learn.split(
            s for s in samples.samples(1, learn.chance()) if s.category in city.categories
        )
        _compare(old, learn.adapted(old, own, authored, show), measure, show)


@app.command()
def evaluate() -> None:
    """Say how well the model in force does on the authored sentences that no model is trained on."""
    from bridge.understanding.training import learn, samples  # noqa: PLC0415 - loads the training libraries

    _, measure = learn.split(samples.samples(learn.COPIES, learn.chance()))
    with _progress() as show:
        found = learn.score(load(store.current()), measure, show)
    _table({store.current().name: found})


@app.command()
def rollback() -> None:
    """Put the model before this one in force again."""
    typer.echo(f"In force: {store.roll_back().name}. Running workers use it from the next message on.")


def _corrections() -> "list[Sample]":
    from bridge.understanding.training.samples import Sample  # noqa: PLC0415 - loads the training libraries

    found = examples.corrections()
    typer.echo(f"{len(found)} corrections from the press desk.")
    return [Sample(e.text, Kind.REPORT, e.category, f"corrections/{e.text[:200]}") for e in found]


def _compare(old: Model, new: Model, measure: "list[Sample]", show: Show) -> None:
    """Replace the model in force unless it does better on texts neither has seen."""
    from bridge.understanding.training import learn  # noqa: PLC0415 - loads the training libraries

    before, after = (learn.score(model, measure, show) for model in (old, new))
    _table({f"before: {store.current().name}": before, "new": after})
    if after.worse_than(before):
        raise ConfigError("The new model is worse and was not kept.")
    typer.echo(f"In force: {store.put_in_force(new).name}. `bridge nlp rollback` takes it back.")


def _table(rows: "dict[str, Score]") -> None:
    table = Table("model", "texts", "kind right", "category right", "among the two best")
    for name, row in rows.items():
        shares = (row.kind, row.category, row.two_best)
        table.add_row(name, str(row.texts), *(f"{share:.1%}" for share in shares))
    Console().print(table)


@contextmanager
def _progress() -> Iterator[Show]:
    with Progress(transient=True) as progress:
        tasks = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=total)
            progress.update(tasks[what], completed=done, total=total)

        yield show

"""What a city gains from its own earlier reports: `python -m benchmarks.adapted --data FOLDER`.

Trains as `bridge nlp adapt` does on the reports of 2020 and 2021 and reads those of 2022: in the labels of
the city, and in groups of them.
"""

import csv
from argparse import ArgumentParser
from pathlib import Path

import numpy as np

from benchmarks.meaning import Table
from bridge.domain import Kind
from bridge.understanding import store
from bridge.understanding.model import load
from bridge.understanding.training import learn
from bridge.understanding.training.samples import Sample


def quiet(_what: str, _done: int, _total: int) -> None:
    """Nobody watches."""


def main(data: Path) -> None:
    """Print the table."""
    with (data / "konstanz" / "classes.csv").open(encoding="utf-8") as file:
        groups = {row["label"]: row["group"] for row in csv.DictReader(file)}
    with (data / "konstanz" / "reports_2020_2022.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["Kategorie"] in groups]
    table = Table("Category after adapting: Konstanz", "trained on", "read", "right", "surest 60 % right")
    for name, of in (("23 labels", {label: label for label in groups}), ("10 groups", groups)):
        reports = [
            Sample(row["Text"], Kind.REPORT, of[row["Kategorie"]], row["Text"].casefold()[:200])
            for row in rows
        ]
        before = [s for s, row in zip(reports, rows, strict=True) if row["Jahr"] < "2022"]
        after = [s for s, row in zip(reports, rows, strict=True) if row["Jahr"] == "2022"]
        model = learn.adapted(load(store.SHIPPED), before, (), quiet)
        found = learn.read(after, model.about["dense"], quiet)
        best = [
            next(iter(model.probabilities("category", g, d).items())) for g, d in zip(*found, strict=True)
        ]
        right = np.array([label == s.category for (label, _), s in zip(best, after, strict=True)])
        surest = np.argsort([-chance for _, chance in best])[: int(0.6 * len(after))]
        table.row(name, str(len(before)), str(len(after)), right.mean(), right[surest].mean())


if __name__ == "__main__":
    parser = ArgumentParser(prog="python -m benchmarks.adapted")
    parser.add_argument("--data", type=Path, required=True)
    main(parser.parse_args().data)

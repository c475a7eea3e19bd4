"""What a city gains from its own earlier reports: `python -m benchmarks.adapted --data FOLDER`.

Trains as `bridge nlp adapt` does on the reports of 2020 and 2021 and reads those of 2022: in the labels of
the city, in groups of them, and in the groups without the one for wishes and everything else. A second table
says how often staff gave the same label to the training report most like it: no model can be much better.
"""

import csv
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.meaning import Table
from bridge.domain import Kind
from bridge.understanding import store
from bridge.understanding.model import Model, load
from bridge.understanding.training import classify, learn
from bridge.understanding.training.samples import Sample

_REST = "hinweis"
_ALIKE = (0.9, 0.6)


def quiet(_what: str, _done: int, _total: int) -> None:
    """Nobody watches."""


def main(data: Path) -> None:
    """Print the tables."""
    with (data / "konstanz" / "classes.csv").open(encoding="utf-8") as file:
        groups = {row["label"]: row["group"] for row in csv.DictReader(file)}
    with (data / "konstanz" / "reports_2020_2022.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["Kategorie"] in groups]
    labels = {label: label for label in groups}
    narrow = {label: group for label, group in groups.items() if group != _REST}
    shipped = load(store.SHIPPED)
    before, after = ([r for r in rows if (r["Jahr"] < "2022") is early] for early in (True, False))
    table = Table("Category after adapting: Konstanz", "trained on", "read", "right", "surest 60 % right")
    for name, of in (("23 labels", labels), ("10 groups", groups), ("9 groups, no wishes", narrow)):
        table.row(name, *_right(shipped, _samples(before, of), _samples(after, of)))
    table = Table("The same label as the report most like it", "reports", "23 labels", "10 groups")
    _agreement(table, shipped, before, (labels, groups))


def _samples(rows: Sequence[dict[str, str]], of: dict[str, str]) -> list[Sample]:
    return [
        Sample(row["Text"], Kind.REPORT, of[row["Kategorie"]], row["Text"].casefold()[:200])
        for row in rows
        if row["Kategorie"] in of
    ]


def _right(shipped: Model, before: list[Sample], after: list[Sample]) -> tuple[str, str, float, float]:
    """How many texts were learnt and read, and the shares right of all and of the surest."""
    model = learn.adapted(shipped, before, (), quiet)
    found = learn.read(after, model.about["dense"], quiet)
    best = [next(iter(model.probabilities("category", g, d).items())) for g, d in zip(*found, strict=True)]
    right = np.array([label == s.category for (label, _), s in zip(best, after, strict=True)])
    surest = np.argsort([-chance for _, chance in best])[: int(0.6 * len(after))]
    return str(len(before)), str(len(after)), float(right.mean()), float(right[surest].mean())


def _agreement(
    table: Table, shipped: Model, rows: Sequence[dict[str, str]], meanings: Sequence[Mapping[str, str]]
) -> None:
    """One row for each likeness (cosine of n-grams) the nearest other report must at least have."""
    samples = [Sample(row["Text"], Kind.REPORT, row["Kategorie"], "") for row in rows]
    found = learn.read(samples, shipped.about["dense"], quiet)
    vectors = classify.weighed(classify.counted(found.grams), shipped.idf)
    likeness = (vectors @ vectors.T).toarray()
    np.fill_diagonal(likeness, 0)
    nearest, near = likeness.argmax(axis=1).tolist(), likeness.max(axis=1)
    for least in _ALIKE:
        pairs = [
            (rows[i]["Kategorie"], rows[nearest[i]]["Kategorie"])
            for i in np.flatnonzero(near >= least).tolist()
        ]
        shares = [float(np.mean([of[one] == of[other] for one, other in pairs])) for of in meanings]
        table.row(f"likeness {least} or more", str(len(pairs)), *shares)


if __name__ == "__main__":
    parser = ArgumentParser(prog="python -m benchmarks.adapted")
    parser.add_argument("--data", type=Path, required=True)
    main(parser.parse_args().data)

"""How well kinds and categories are read: `python -m benchmarks.meaning [--data FOLDER]`.

The gold posts were written from the category definitions by somebody who saw neither the training sentences
nor the program. The folder adds real reports of Konstanz, of which no text is trained on, and tweets that are
for no office to act on.
"""

import csv
import json
import os
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import process_time
from typing import NamedTuple

import numpy as np
import spacy
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from benchmarks.ground import ROOT
from bridge.city import City, load_city
from bridge.domain import Kind, Understanding
from bridge.places import city_gazetteer
from bridge.understanding import features, matcher
from bridge.understanding.reader import Reader
from bridge.understanding.training import learn, samples
from bridge.understanding.training.corpora import germeval

GOLD = ROOT / "benchmarks" / "gold" / "posts.jsonl"


class Case(NamedTuple):
    """A text and the answers that are right."""

    text: str
    kind: str
    categories: tuple[str, ...]


class Rivals:
    """What reads the same texts more plainly."""

    def __init__(self, city: City) -> None:
        reports = [s for s in samples.samples(learn.COPIES, learn.chance()) if s.category]
        self._counter = CountVectorizer(min_df=2)
        self._words = LogisticRegression(C=5, max_iter=300, tol=1e-3)
        counts = self._counter.fit_transform([s.text for s in reports])
        self._words.fit(counts, np.array([s.category for s in reports]))
        self._nlp = spacy.blank("de")
        self._nlp.add_pipe(matcher.NAME)
        self._order = [f"categories/{code}" for code in city.categories]

    def ranked(self, texts: Sequence[str]) -> dict[str, list[list[str]]]:
        """For each rival the categories of each text, the likeliest first."""
        counted = self._words.decision_function(self._counter.transform(texts))
        clues = [features.dense(doc._.hits, self._order) for doc in self._nlp.pipe(texts)]
        codes = [name.partition("/")[2] for name in self._order]
        return {
            "always the most frequent": [["illegal_dumping", "litter"]] * len(texts),
            "word lists": [[codes[i] for i in np.argsort(-row, kind="stable")] for row in clues],
            "bag of words, logistic regression": [
                list(self._words.classes_[np.argsort(-r)]) for r in counted
            ],
        }


def gold() -> list[Case]:
    """The independent posts."""
    rows = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    return [Case(row["text"], row["kind"], (row["category"],) if row["category"] else ()) for row in rows]


def konstanz(data: Path) -> list[Case]:
    """Real reports whose label stands for one of our categories, whatever else it stands for."""
    with (data / "konstanz" / "classes.csv").open(encoding="utf-8") as file:
        codes = {
            row["label"]: tuple(row["accepted_service_codes"].split("|")) for row in csv.DictReader(file)
        }
    with (data / "konstanz" / "reports_2020_2022.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if "Hinweise" not in row["Kategorie"]]
    return [
        Case(row["Text"], Kind.REPORT, codes[row["Kategorie"]]) for row in rows if row["Kategorie"] in codes
    ]


def tweets(data: Path) -> Iterator[str]:
    """Tweets of GermEval 2019, which is not trained on."""
    file = data / "germeval2019" / "germeval2019.training_subtask1_2_korrigiert.txt"
    yield from (text for text, _ in germeval(file))


class Table:
    """Rows of shares, printed as Markdown."""

    def __init__(self, title: str, *columns: str) -> None:
        print(f"\n### {title}\n\n| | {' | '.join(columns)} |\n|---|{'---:|' * len(columns)}")

    def row(self, name: str, *cells: float | str) -> None:
        """One line; numbers are shares of one."""
        told = (cell if isinstance(cell, str) else f"{cell:.3f}" for cell in cells)
        print(f"| {name} | {' | '.join(told)} |", flush=True)


def right(ranked: Sequence[Sequence[str]], cases: Sequence[Case], best: int) -> float:
    """The share of cases with a right category among the `best` first."""
    hits = [bool(set(r[:best]) & set(case.categories)) for r, case in zip(ranked, cases, strict=True)]
    return float(np.mean(hits))


def selective(found: Sequence[Understanding], cases: Sequence[Case], coverage: float) -> float:
    """How often the category is right among the surest `coverage` of the cases."""
    order = np.argsort([-meaning.categories[0][1] for meaning in found])[: int(len(cases) * coverage)]
    return float(np.mean([found[i].categories[0][0] in cases[i].categories for i in order]))


def categories(reader: Reader, rivals: Rivals, name: str, cases: list[Case]) -> None:
    """Print how often the category is right, beside plain rivals."""
    cases = [case for case in cases if case.categories]
    texts = [case.text for case in cases]
    found = list(reader.pipe((text, None) for text in texts))
    table = Table(
        f"Category: {name}, {len(cases)} reports", "right", "among the two best", "surest 60 % right"
    )
    for rival, ranked in rivals.ranked(texts).items():
        table.row(rival, right(ranked, cases, 1), right(ranked, cases, 2), "")
    ranked = [[code for code, _ in meaning.categories] for meaning in found]
    table.row("shipped", right(ranked, cases, 1), right(ranked, cases, 2), selective(found, cases, 0.6))
    calibration(found, cases)


def calibration(found: Sequence[Understanding], cases: Sequence[Case]) -> None:
    """Print how often each confidence is right."""
    table = Table("How far to trust the confidence", "reports", "right")
    sure = np.array([meaning.categories[0][1] for meaning in found])
    hit = np.array([m.categories[0][0] in case.categories for m, case in zip(found, cases, strict=True)])
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        inside = (sure >= low) & (sure < low + 0.2 + (low == 0.8))
        table.row(
            f"{low:.1f} to {low + 0.2:.1f}", str(inside.sum()), hit[inside].mean() if inside.any() else ""
        )


def kinds(reader: Reader, cases: list[Case]) -> None:
    """Print what each kind of the gold posts was taken for."""
    found = [meaning.kind for meaning in reader.pipe((case.text, None) for case in cases)]
    table = Table("Kind: gold", "posts", "right", "taken for")
    for kind in dict.fromkeys(case.kind for case in cases):
        taken = Counter(f for f, case in zip(found, cases, strict=True) if case.kind == kind)
        others = ", ".join(f"{other} {count}" for other, count in taken.most_common() if other != kind)
        table.row(kind, str(taken.total()), taken[Kind(kind)] / taken.total(), others)


def errors(reader: Reader, cases: Sequence[Case], most: int) -> None:
    """Print the wrongly read posts of which the program was surest."""
    found = zip(cases, reader.pipe((case.text, None) for case in cases), strict=True)
    wrong = [(case, m) for case, m in found if m.kind != case.kind or _elsewhere(case, m)]
    table = Table("Gold: the surest errors", "read as", "confidence", "post")
    for case, meaning in sorted(wrong, key=lambda pair: -pair[1].confidence)[:most]:
        read_as = f"{meaning.kind}, {meaning.categories[0][0]}"
        table.row(", ".join((case.kind, *case.categories)), read_as, meaning.confidence, case.text)


def _elsewhere(case: Case, meaning: Understanding) -> bool:
    return bool(case.categories) and meaning.categories[0][0] not in case.categories


def speed(reader: Reader, texts: Sequence[str]) -> None:
    """Print how many texts a core reads in a second of its time, and how long one takes by itself."""
    list(reader.pipe((text, None) for text in texts[:200]))
    began = process_time()
    list(reader.pipe((text, None) for text in texts))
    together, alone = process_time() - began, []
    for text in texts[:500]:
        began = process_time()
        reader.understand(text)
        alone.append(1000 * (process_time() - began))
    table = Table("Speed, CPU time of one core", "texts a second", "one by one, median", "p95")
    median, p95 = np.quantile(alone, (0.5, 0.95))
    table.row(f"{len(texts)} tweets", f"{len(texts) / together:.0f}", f"{median:.1f} ms", f"{p95:.1f} ms")


def main(data: Path | None) -> None:
    """Print every table."""
    os.environ.setdefault("BRIDGE_RULES", str(ROOT / "routing_rules"))
    city = load_city(ROOT / "routing_rules" / "leipzig")
    reader, rivals = Reader(city, city_gazetteer(city)), Rivals(city)
    cases = gold()
    kinds(reader, cases)
    categories(reader, rivals, "gold", cases)
    errors(reader, cases, 40)
    if data is None:
        print("\nWithout --data FOLDER the real reports and the tweets are missing.")
        return
    categories(reader, rivals, "Konstanz", konstanz(data))
    table = Table("Taken for a report", "texts", "share")
    for name, texts in (
        ("Konstanz", [c.text for c in konstanz(data)]),
        ("tweets of 2019", list(tweets(data))),
    ):
        taken = [m.kind is Kind.REPORT for m in reader.pipe((text, None) for text in texts)]
        table.row(name, str(len(taken)), float(np.mean(taken)))
    speed(reader, list(tweets(data)))


if __name__ == "__main__":
    parser = ArgumentParser(prog="python -m benchmarks.meaning")
    parser.add_argument("--data", type=Path, default=None)
    main(parser.parse_args().data)

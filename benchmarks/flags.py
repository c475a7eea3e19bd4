"""Measures flags and alarms: `python -m benchmarks.flags --data FOLDER [--rules FILE]` prints them.

Offence is cross-validated on GermEval 2018, part by part; insults and emergencies are counted on the gold
posts and, for false alarms, on real reports and posts. The rival is a plain list of words.
"""

import csv
import json
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.metrics import f1_score

from bridge.domain import Flag
from bridge.understanding import alarm, hashed, insults, offence
from bridge.understanding.dangers import Rules
from bridge.understanding.model import grams
from bridge.understanding.training import classify, danger
from bridge.understanding.training import offence as training
from bridge.understanding.training.corpora import TWEETS, germeval

_GOLD = Path(__file__).with_name("gold")
_TWEETS = {
    "GermEval 2018 (trained on)": TWEETS,
    "GermEval 2019": "germeval2019/germeval2019.training_subtask1_2_korrigiert.txt",
}
_REPORTS = "konstanz/reports_2020_2022.csv"
_OFFENCES = {Flag.INSULT, Flag.THREAT, Flag.INCITEMENT}
Judge = Callable[[str], bool]


def cross_validated(data: Path) -> None:
    """Print the macro F1 of offence in five folds, for parts of the model."""
    lesson = training.tweet_lesson(data)
    idf = classify.idf_of(classify.counted(lesson.grams))
    whole = training.examples(lesson, idf)
    nothing = csr_matrix(whole.rows.shape, dtype=np.float32)
    parts = {
        "lexicon only": whole._replace(rows=nothing),
        "n-grams only": whole._replace(dense=np.zeros_like(whole.dense)),
        "n-grams and lexicon": whole,
    }
    print(f"\n### Offence, GermEval 2018, {len(lesson.answers)} posts, five folds\n")
    print("| model | macro F1 |\n|---|---:|")
    for name, examples in parts.items():
        found = classify.held_out(examples, lesson.families, lesson.strength)
        given = np.unique(examples.answers)[found.argmax(axis=1)]
        print(f"| {name} | {f1_score(examples.answers, given, average='macro'):.3f} |")


def elsewhere(data: Path) -> None:
    """Print the macro F1 of the shipped model on posts nobody trained on."""
    posts = germeval(data / _TWEETS["GermEval 2019"])
    given = [offence.chance(hashed.words(text)) >= 0.5 for text, _ in posts]
    score = f1_score([told == "OFFENSE" for _, told in posts], given, average="macro")
    print(f"| the shipped model on GermEval 2019, {len(posts)} posts, never trained on | {score:.3f} |")


def flags(data: Path) -> None:
    """Print how many insults are found in reports, and how many reports are flagged without one."""
    gold = _gold("composed.jsonl")
    insulting = [row["text"] for row in gold if row["insult"]]
    polite = [row["text"] for row in gold if not row["insult"]]
    print(
        "\n### Insults in reports\n\n| found by | gold: insults | gold: drastic only | real reports flagged |"
    )
    print("|---|---:|---:|---:|")
    for name, judge in {"the model": _offends, "a list of words": _has_word}.items():
        print(f"| {name} | {_share(insulting, judge)} | {_share(polite, judge)} | ", end="")
        print(f"{_share(_reports(data), judge)} |")


def emergencies(data: Path, rules: Rules) -> None:
    """Print how many emergencies are found, and how many alarms are false."""
    gold = _gold("emergencies.jsonl")
    groups = {
        "gold: found": [row["text"] for row in gold if row["emergency"]],
        "gold: false": [row["text"] for row in gold if not row["emergency"]],
        "real reports": _reports(data),
        **{name: [text for text, _ in germeval(data / file)] for name, file in _TWEETS.items()},
    }

    def both(text: str) -> bool:
        words = hashed.words(text)
        return bool(alarm.find(text, words, grams(words), rules))

    def ruled(text: str) -> bool:
        return any(danger.sure for danger in rules.read(text, hashed.words(text)).dangers)

    def signs(text: str) -> bool:
        return bool(rules.read(text, hashed.words(text)).dangers)

    print(f"\n### Emergencies\n\n| found by | {' | '.join(groups)} |\n|---|{'---:|' * len(groups)}")
    judges = {"rules and model": both, "rules only": ruled, "any sign, as a list of words": signs}
    for name, judge in judges.items():
        print(f"| {name} | {' | '.join(_share(texts, judge) for texts in groups.values())} |")


def _offends(text: str) -> bool:
    return any(found.flag in _OFFENCES for found in offence.find(text, hashed.words(text)))


def _has_word(text: str) -> bool:
    return any(hurt.meaning.strength > 1 for hurt in insults.lexicon().find(hashed.words(text)))


def _share(texts: Sequence[str], judge: Judge) -> str:
    found = sum(map(judge, texts))
    return f"{100 * found / max(len(texts), 1):.2f} % ({found} of {len(texts)})"


def _gold(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (_GOLD / name).read_text(encoding="utf-8").splitlines()]


def _reports(data: Path) -> list[str]:
    with (data / _REPORTS).open(encoding="utf-8") as lines:
        return [row["Text"] for row in csv.DictReader(lines)]


def main() -> None:
    """Print every table."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="the folder that holds germeval2018, konstanz, …"
    )
    parser.add_argument("--rules", type=Path, default=danger.RULES, help="a city's emergency rules")
    asked = parser.parse_args()
    cross_validated(asked.data)
    elsewhere(asked.data)
    flags(asked.data)
    emergencies(asked.data, Rules(asked.rules))


if __name__ == "__main__":
    main()

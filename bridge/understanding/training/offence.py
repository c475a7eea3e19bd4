"""Makes the shipped model of offence: `python -m bridge.understanding.training.offence --data FOLDER`.

Three heads over the same n-grams: `tone` says of a sentence whether it insults, threatens or incites,
`offence` of a post what the annotators of GermEval 2018 would say, `danger` whether a life is in danger.
"""

import random
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bridge.domain import Flag
from bridge.understanding import hashed, offence, sentences
from bridge.understanding.dangers import Rules
from bridge.understanding.hashed import Floats, Grams
from bridge.understanding.model import Model
from bridge.understanding.model import grams as grams_of
from bridge.understanding.training import classify, danger, samples
from bridge.understanding.training.classify import Examples
from bridge.understanding.training.corpora import TWEETS, germeval
from bridge.understanding.training.learn import chance
from bridge.understanding.training.seeds import CORPUS, Seed, Unfolder, read, read_all

_COPIES = 2
_JOINTS = (" ", ", ", " - ", "... ")
_STRENGTH = 0.3
_HARD = 5.0
"""How much more a drastic sentence about a thing counts than any other harmless one."""


class Unit(NamedTuple):
    """One sentence with its tone; those of one `family` are never both trained on and tested with."""

    text: str
    tone: str
    family: str
    weight: float = 1.0


def units(chance: random.Random, folder: Path = CORPUS) -> Iterator[Unit]:
    """The authored sentences with their tones, and harmful ones grown together with harmless ones."""
    unfolder = Unfolder(chance, folder / "slots")
    plain = list(_plain(unfolder, folder))
    yield from plain
    quiet = [unit.text for unit in plain if len(unit.text) < 120]
    for seed, tone in _harmful(folder):
        for _ in range(_COPIES):
            text = unfolder.unfold(seed.text).written
            yield Unit(_careless(text, chance), tone, seed.family)
            joined = [text.rstrip(" .!"), chance.choice(quiet).rstrip(" .!")]
            chance.shuffle(joined)
            yield Unit(chance.choice(_JOINTS).join(joined), tone, seed.family)


def _harmful(folder: Path) -> Iterator[tuple[Seed, str]]:
    for name, tone in (("insults", Flag.INSULT), ("threats", Flag.THREAT), ("incitement", Flag.INCITEMENT)):
        yield from ((seed, tone) for seed in read_all(folder, name))
    for seed in read(folder / "abuse.txt"):
        told = next(
            (flag for flag in (Flag.THREAT, Flag.INCITEMENT) if flag.value in seed.label), Flag.INSULT
        )
        yield seed, told


def _plain(unfolder: Unfolder, folder: Path) -> Iterator[Unit]:
    for labelled in samples.labelled(folder):
        if labelled.kind.value != "abuse":
            yield from _sentences(unfolder.unfold(labelled.seed.text).written, labelled.seed.family, 1.0)
    for name in ("emergencies", "rants"):
        for seed in read_all(folder, name):
            weight = _HARD if name == "rants" else 1.0
            yield from _sentences(unfolder.unfold(seed.text).written, seed.family, weight)


def _sentences(text: str, family: str, weight: float) -> Iterator[Unit]:
    words = hashed.words(text)
    for sentence in sentences.split(text, words):
        piece = text[words[sentence[0]].start : words[sentence[-1]].end]
        yield Unit(piece, offence.PLAIN, family, weight)


def _careless(text: str, chance: random.Random) -> str:
    return text.lower() if chance.random() < 0.3 else text


def tweets(path: Path) -> Iterator[Unit]:
    """The corpus' tweets with what its annotators found: OFFENSE or OTHER."""
    for number, (text, found) in enumerate(germeval(path)):
        yield Unit(text, found, f"tweets/{number}")


class Lesson(NamedTuple):
    """What one head learns from; texts of one of the `families` are never both trained on and tested with."""

    answers: list[str]
    families: list[str]
    weights: list[float]
    grams: list[Grams]
    dense: Floats
    strength: float


def lessons(data: Path, rules: Path) -> dict[str, Lesson]:
    """The texts of each head; `data` holds germeval2018/, `rules` is a city's emergencies.yaml."""
    return {
        "tone": _lesson(list(units(chance())), _STRENGTH),
        "offence": tweet_lesson(data),
        "danger": _of_danger(data, rules),
    }


def tweet_lesson(data: Path) -> Lesson:
    """What the head of offence learns from: GermEval 2018, in the folder `data`."""
    return _lesson(list(tweets(data / TWEETS)), _STRENGTH)


def _lesson(chosen: Sequence[Unit], strength: float) -> Lesson:
    every = [hashed.words(unit.text) for unit in chosen]
    dense = np.array([offence.dense(words) for words in every], dtype=np.float32)
    grams = [grams_of(words) for words in every]
    tones, families = [unit.tone for unit in chosen], [unit.family for unit in chosen]
    return Lesson(tones, families, [unit.weight for unit in chosen], grams, dense, strength)


def _of_danger(data: Path, rules: Path) -> Lesson:
    quiet = (danger.Message(tweet.text, "no", tweet.family) for tweet in tweets(data / TWEETS))
    chosen = [*danger.messages(chance()), *quiet]
    grams, dense = danger.seen(chosen, Rules(rules))
    answers, families = [message.emergency for message in chosen], [message.family for message in chosen]
    return Lesson(answers, families, [message.weight for message in chosen], grams, dense, 1.0)


def examples(lesson: Lesson, idf: Floats) -> Examples:
    """The rows to learn from; rare answers weigh more, though not as much as frequent ones together."""
    answers = np.array(lesson.answers)
    weights = np.array(lesson.weights) * classify.balanced(answers)
    rows = classify.weighed(classify.counted(lesson.grams), idf)
    return Examples(rows, lesson.dense, answers, weights.astype(np.float32))


def build(data: Path, rules: Path) -> Model:
    """All heads, softened so that their chances are true of texts they have not seen."""
    every = lessons(data, rules)
    idf = classify.idf_of(classify.counted([grams for lesson in every.values() for grams in lesson.grams]))
    heads = {
        name: classify.calibrated(examples(lesson, idf), lesson.families, lesson.strength)
        for name, lesson in every.items()
    }
    return Model(idf, heads, {"credit": "GermEval 2018 (CC BY 4.0)"})


def main(data: Path, rules: Path) -> None:
    """Build and write."""
    build(data, rules).save(offence.WEIGHTS)
    print(f"{offence.WEIGHTS.name}: {offence.WEIGHTS.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    parser = ArgumentParser(prog="python -m bridge.understanding.training.offence")
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds germeval2018")
    parser.add_argument("--rules", type=Path, default=danger.RULES, help="a city's emergencies.yaml")
    asked = parser.parse_args()
    main(asked.data, asked.rules)

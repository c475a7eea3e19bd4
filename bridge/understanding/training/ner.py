"""Trains the network of names: `python -m bridge.understanding.training.ner --data FOLDER --out DIR`."""

import random
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from rich.progress import Progress
from threadpoolctl import threadpool_limits

from bridge.domain import ConfigError
from bridge.understanding.network import Network
from bridge.understanding.pieces import Token, tokens
from bridge.understanding.training import corpora
from bridge.understanding.training.corpora import Authored, Example
from bridge.understanding.training.gradients import Learner, Lesson, Mean, newborn
from bridge.understanding.training.likelihood import Allowed
from bridge.understanding.training.noise import Noise
from bridge.understanding.training.streets import Streets

_WIDTH = 128
_SEED = 2026
_ROUNDS = 14
_RATE, _SLOWED = 0.002, 0.85
"""The first rate, and how much of it is lost until the end."""
_WARM = 200
_SETTLED = 0.55
"""From this part of the time on the network is averaged."""
_BATCH = 200
"""Tokens of a batch."""
_SENTENCES, _AUTHORED = 2_500, 5_000
"""Sentences of SmartData and authored texts in one round, beside all of MobIE."""
_NUMBER_SIGNS = {".", ",", "-", "–", "/", "Nr", "nr", "NR", "HNr", "a", "b", "c"}
_PLACES = ("location", "location-city", "location-stop", "location-street")

LABELS = (
    *_PLACES,
    *("location-route", "organization", "organization-company", "org-position", "person"),
    *("date", "time", "duration", "set", "number", "percent", "money", "distance"),
    *("trigger", "event-cause", "disaster-type"),
)


class Lessons:
    """What is learnt from; each round writes the texts differently."""

    def __init__(self, data: Path, chance: random.Random) -> None:
        files = [data / "mobie" / "train.conll2003", data / "smartdata" / "new_documents.jsonl"]
        for file in files:
            if not file.is_file():
                raise ConfigError(
                    f"{file} is missing: --data names the folder that holds mobie and smartdata"
                )
        self._chance = chance
        self._mobie, self._smartdata = corpora.mobie(files[0], chance), corpora.smartdata(files[1])
        self._authored = Authored(chance)
        self._noise = Noise(chance, Streets(chance, self._authored.streets))

    def round(self) -> list[list[Lesson]]:
        """One round of lessons in batches of texts about equally long."""
        news = [*self._mobie, *self._chance.sample(self._smartdata, _SENTENCES)]
        texts = [self._noise.of_news(example) for example in news]
        texts += [self._noise.of_city(example) for example in self._authored.some(_AUTHORED)]
        lessons = [lesson for example in texts if (lesson := lesson_of(example)).tokens]
        self._chance.shuffle(lessons)
        lessons.sort(key=lambda lesson: len(lesson.tokens) // 8)
        batches = list(_batches(lessons))
        self._chance.shuffle(batches)
        return batches


def _batches(lessons: Sequence[Lesson]) -> Iterator[list[Lesson]]:
    batch: list[Lesson] = []
    for lesson in lessons:
        batch.append(lesson)
        if sum(len(one.tokens) for one in batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def lesson_of(example: Example) -> Lesson:
    """An example as tokens with their tags; outside the names of a half one, all but places may stand."""
    found = tokens(example.text)
    allowed = np.zeros((len(found), 2 * len(LABELS) + 1), bool)
    allowed[:, 0] = True
    if example.half:
        allowed[:, 1 + 2 * len(_PLACES) :] = True
    for start, end, label in example.names:
        inside = [n for n, token in enumerate(found) if token.start < end and token.end > start]
        tag = 1 + 2 * LABELS.index(label)
        allowed[inside] = False
        allowed[inside[:1], tag] = True
        allowed[inside[1:], tag + 1] = True
        if example.half and label == "location-street":
            _unname_house_number(found, inside[-1] + 1, allowed)
    return Lesson(found, allowed)


def _unname_house_number(found: Sequence[Token], at: int, allowed: Allowed) -> None:
    for number, token in enumerate(found[at:], at):
        if not (token.word[0].isdigit() or token.word in _NUMBER_SIGNS):
            break
        allowed[number] = False
        allowed[number, 0] = True


def train(data: Path, progress: Progress) -> Network:
    """Train a new network; raise `ConfigError` where `data` lacks a corpus."""
    threadpool_limits(1)
    lessons = Lessons(data, random.Random(_SEED))  # noqa: S311 - no secret
    chance = np.random.default_rng(_SEED)
    network = newborn(LABELS, _WIDTH, chance)
    learner = Learner(network, chance)
    mean = Mean(network)
    task = progress.add_task("Learning names", total=_ROUNDS)
    for number in range(_ROUNDS):
        batches = lessons.round()
        for place, batch in enumerate(batches):
            done = (number + place / len(batches)) / _ROUNDS
            warm = min(1.0, (number * len(batches) + place + 1) / _WARM)
            loss = learner.learn(batch, _RATE * warm * (1 - _SLOWED * done))
            if done > _SETTLED and place % 10 == 0:
                mean.add()
            progress.update(task, completed=done * _ROUNDS, description=f"Learning names, loss {loss:.3f}")
    return mean.network()


def main() -> None:
    """Train and write the weights."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds mobie and smartdata")
    parser.add_argument("--out", type=Path, required=True, help="the folder the weights are written to")
    asked = parser.parse_args()
    try:
        with Progress() as progress:
            network = train(asked.data, progress)
    except ConfigError as missing:
        parser.exit(1, f"{missing}\n")
    asked.out.mkdir(parents=True, exist_ok=True)
    network.save(asked.out / "network.npz")


if __name__ == "__main__":
    main()

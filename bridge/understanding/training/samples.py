"""Labelled texts for the models of kind and category, unfolded from the authored sentences."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bridge.domain import Kind
from bridge.understanding.training.seeds import CORPUS, Seed, Text, Unfolder, read, read_all
from bridge.understanding.training.streets import plain

_PLACES = {"where", "street", "address", "corner", "stop", "park", "district", "street_name", "town"}
_KINDS = {
    "questions": Kind.QUESTION,
    "feedback": Kind.FEEDBACK,
    "irrelevant": Kind.IRRELEVANT,
    "abuse": Kind.ABUSE,
    "threats": Kind.ABUSE,
    "incitement": Kind.ABUSE,
}


class Sample(NamedTuple):
    """One labelled text; texts of one `family` are never both trained on and tested with."""

    text: str
    kind: Kind
    category: str | None
    family: str
    places: tuple[tuple[int, int], ...] = ()


class Labelled(NamedTuple):
    """A seed with what its texts mean."""

    seed: Seed
    kind: Kind
    category: str | None


def labelled(folder: Path = CORPUS) -> Iterator[Labelled]:
    """Every seed of the corpus that says what it means; raise `ConfigError` for a broken file."""
    for path in sorted((folder / "reports").glob("*.txt")):
        for seed in read(path):
            yield Labelled(seed, Kind.REPORT, path.stem)
    for name, kind in _KINDS.items():
        for seed in read_all(folder, name):
            yield Labelled(seed, kind, None)
    # Not the second file of near emergencies: its many reports on the brink of danger pull the categories.
    for seed in (*read(folder / "near_emergencies.txt"), *read(folder / "symbols.txt")):
        said = seed.label.partition(":")[0].split()
        if said and said[0] in set(Kind):
            yield Labelled(seed, Kind(said[0]), said[1] if said[0] == Kind.REPORT else None)


def samples(copies: int, chance: random.Random, folder: Path = CORPUS) -> Iterator[Sample]:
    """So many texts of each seed, a share of them with an insult added or carelessly typed."""
    unfolder = Unfolder(chance, folder / "slots")
    insults = [seed.text for seed in read(folder / "insults.txt")]
    for seed, kind, category in labelled(folder):
        texts = {text.written: text for text in (unfolder.unfold(seed.text) for _ in range(copies))}
        for text in texts.values():
            insulted = kind is Kind.REPORT and chance.random() < 0.05
            addition = f" {unfolder.unfold(chance.choice(insults)).written}" if insulted else ""
            sample = Sample(text.written + addition, kind, category, seed.family, _places(text))
            yield _careless(sample, chance)


def _places(text: Text) -> tuple[tuple[int, int], ...]:
    """The outermost spans of places."""
    places = tuple((span.start, span.end) for span in text.spans if span.slot in _PLACES)
    return tuple(one for one in places if not any(_inside(one, other) for other in places))


def _careless(sample: Sample, chance: random.Random) -> Sample:
    """As people type: some in small letters only, some with mistakes; and not every place will be known."""
    how = chance.random()
    if how < 0.15:
        return sample._replace(text=sample.text.lower())
    if how < 0.25:
        return sample._replace(text=plain(sample.text), places=())
    if how < 0.35:
        return sample._replace(text=_typo(sample.text, chance), places=())
    return sample if how < 0.85 else sample._replace(places=())


def _inside(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one != other and other[0] <= one[0] and one[1] <= other[1]


def _typo(text: str, chance: random.Random) -> str:
    """Drop, double or swap a letter, once in about sixty."""
    letters = list(text)
    for _ in range(1 + len(letters) // 60):
        i = chance.randrange(max(len(letters) - 1, 1))
        match chance.randrange(3) if len(letters) > 3 else None:
            case 0:
                letters[i] = ""
            case 1:
                letters[i] *= 2
            case 2:
                letters[i], letters[i + 1] = letters[i + 1], letters[i]
    return "".join(letters)

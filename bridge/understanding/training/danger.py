"""Messages with and without a danger to life, for the model that stands behind the emergency rules."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bridge.understanding import alarm, hashed
from bridge.understanding.dangers import Rules
from bridge.understanding.hashed import Floats, Grams
from bridge.understanding.model import grams as grams_of
from bridge.understanding.training import samples
from bridge.understanding.training.seeds import CORPUS, Seed, Text, Unfolder, read_all

RULES = Path("routing_rules") / "common" / "emergencies.yaml"
_PLACES = {"where", "street", "address", "corner", "stop", "park", "district", "town"}
_COPIES = {"emergencies": 4, "near_emergencies": 3}
_HARD = 1.5


class Message(NamedTuple):
    """One message, whether it is an `emergency` ("yes" or "no"), and the spans of its places."""

    text: str
    emergency: str
    family: str
    places: tuple[tuple[int, int], ...] = ()
    weight: float = 1.0


def messages(chance: random.Random, folder: Path = CORPUS) -> Iterator[Message]:
    """The authored messages, some in small letters, some with places that nobody marked."""
    unfolder = Unfolder(chance, folder / "slots")
    for name in ("emergencies", "rants"):
        answer = "yes" if name == "emergencies" else "no"
        for seed in read_all(folder, name):
            yield from _copies(seed, answer, unfolder, chance)
    for labelled in samples.labelled(folder):
        yield from _copies(labelled.seed, "no", unfolder, chance)


def _copies(seed: Seed, answer: str, unfolder: Unfolder, chance: random.Random) -> Iterator[Message]:
    name = seed.family.partition("/")[0].rstrip("0123456789")
    for _ in range(_COPIES.get(name, 1)):
        text = unfolder.unfold(seed.text)
        written = text.written.lower() if chance.random() < 0.2 else text.written
        spans = _spans(text) if chance.random() < 0.5 else ()
        yield Message(written, answer, seed.family, spans, _HARD if name == "near_emergencies" else 1.0)


def _spans(text: Text) -> tuple[tuple[int, int], ...]:
    return tuple((span.start, span.end) for span in text.spans if span.slot in _PLACES)


def seen(chosen: Sequence[Message], rules: Rules) -> tuple[list[Grams], Floats]:
    """The n-grams and the features of each message."""
    every = [hashed.words(message.text, message.places) for message in chosen]
    grams = [grams_of(words) for words in every]
    pairs = zip(chosen, every, strict=True)
    dense = [alarm.dense(m.text, rules.read(m.text, words)) for m, words in pairs]
    return grams, np.array(dense, dtype=np.float32)

"""The linear model over hashed n-grams and clues: what is likely, and which words made it so."""

import json
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from bridge.domain import ConfigError
from bridge.understanding import hashed
from bridge.understanding.hashed import Floats, Grams, Word

WEIGHTS = Path(__file__).with_name("weights")
_SIZES, _BITS = range(3, 6), 16
BUCKETS = 1 << _BITS
_GENERAL = "general"
"""The shipped answer to "category", where a city has one of its own that listens to it."""
_HEARD = 0.15


class Head(NamedTuple):
    """One question and its answers: int8 `weights` [buckets, labels] that `scale` [labels] makes real."""

    labels: tuple[str, ...]
    weights: npt.NDArray[np.int8]
    scale: Floats
    dense: Floats
    bias: Floats


class Model:
    """Answers several questions about a text from one set of n-grams."""

    def __init__(self, idf: Floats, heads: Mapping[str, Head], about: Mapping[str, Any]) -> None:
        self.idf, self.heads, self.about = idf, heads, about
        self._vector = lru_cache(maxsize=1)(partial(hashed.vector, idf=idf))

    @property
    def adapted(self) -> bool:
        """Whether a city's own reports taught it."""
        return _GENERAL in self.heads

    @classmethod
    def load(cls, path: Path) -> "Model":
        """Read what `save` wrote; raise `ConfigError` where the file is none of ours."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
                about = json.loads(str(kept["about"]))
                heads = {
                    name: Head(tuple(labels), *(kept[f"{name}.{part}"] for part in Head._fields[1:]))
                    for name, labels in about["labels"].items()
                }
                return cls(kept["idf"].astype(np.float32), heads, about)
        except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
            raise ConfigError(
                f"{path}: no model ({error}); bring back the earlier one: bridge nlp rollback"
            ) from None

    def save(self, path: Path) -> None:
        """Write everything into one compressed file."""
        about = {**self.about, "labels": {name: head.labels for name, head in self.heads.items()}}
        arrays = {
            f"{name}.{part}": getattr(head, part)
            for name, head in self.heads.items()
            for part in Head._fields[1:]
        }
        with path.open("wb") as file:
            np.savez_compressed(
                file, about=np.array(json.dumps(about)), idf=self.idf.astype(np.float16), **arrays
            )

    def probabilities(
        self, question: str, grams: Grams, dense: Floats, allowed: Collection[str] | None = None
    ) -> dict[str, float]:
        """How likely each answer is, the likeliest first; they sum to one over those `allowed`."""
        head = self.heads[question]
        buckets, values = self._vector(grams)
        if question == "category" and _GENERAL in self.heads:
            dense = self.heard(grams, dense)
        scores = (values @ head.weights[buckets]) * head.scale + dense @ head.dense + head.bias
        kept = np.array([i for i, label in enumerate(head.labels) if allowed is None or label in allowed])
        raised = np.exp(scores[kept] - scores[kept].max())
        shares = raised / raised.sum()
        order = np.argsort(-shares, kind="stable")
        ranked = zip(kept[order].tolist(), shares[order].tolist(), strict=True)
        return {head.labels[i]: round(share, 4) for i, share in ranked}

    def heard(self, grams: Grams, dense: Floats) -> Floats:
        """The dense features with what the general model thinks of the text, for a city's own categories."""
        thoughts = [
            self.probabilities(question, grams, dense)[label]
            for question in (_GENERAL, "kind")
            for label in self.heads[question].labels
        ]
        return np.concatenate([dense, _HEARD * np.log(np.maximum(thoughts, 1e-4))]).astype(np.float32)

    def by_word(self, question: str, label: str, grams: Grams, words: int) -> Floats:
        """How much each of `words` words spoke for `label` against the average answer."""
        head = self.heads[question]
        buckets, values = self._vector(grams)
        real = head.weights[buckets] * head.scale
        lead = (real[:, head.labels.index(label)] - real.mean(axis=1)) * values / grams.distinct.counts
        lead = lead[grams.distinct.of]
        spoken = np.zeros(words, dtype=np.float32)
        inside = grams.words >= 0
        np.add.at(spoken, grams.words[inside], lead[inside])
        return spoken


def grams(words: Sequence[Word]) -> Grams:
    """The n-grams as every model wants them: of three to five letters, of words and pairs of words."""
    return hashed.grams(words, _SIZES, _BITS)


@lru_cache(maxsize=2)
def load(path: Path) -> Model:
    """The model of this file, read once a process."""
    return Model.load(path)

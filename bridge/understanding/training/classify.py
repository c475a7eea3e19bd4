"""Fits the model of kind and category, and says how well it does on families it has not seen."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from bridge.understanding.hashed import Floats, Grams
from bridge.understanding.model import BUCKETS, Head

_STEEPEST = 127

Answers = npt.NDArray[np.str_]
Doubles = npt.NDArray[np.float64]


class Examples(NamedTuple):
    """Texts as rows of n-grams and of dense features, with the right answers and how much each counts."""

    rows: csr_matrix
    dense: Floats
    answers: Answers
    weights: Floats

    def some(self, which: npt.NDArray[np.int64]) -> "Examples":
        """Only these texts."""
        return Examples(self.rows[which], self.dense[which], self.answers[which], self.weights[which])


def counted(found: Sequence[Grams]) -> csr_matrix:
    """How often each text holds each n-gram, as 1 + log, one row a text."""
    rows = [grams.distinct for grams in found]
    ends = np.cumsum([0, *(len(row.buckets) for row in rows)])
    values = np.concatenate([1 + np.log(row.counts.astype(np.float32)) for row in rows])
    return csr_matrix((values, np.concatenate([row.buckets for row in rows]), ends), (len(rows), BUCKETS))


def idf_of(counts: csr_matrix) -> Floats:
    """How rare each n-gram is, never below one."""
    seen = np.bincount(counts.indices, minlength=counts.shape[1])
    return np.asarray(1 + np.log((1 + counts.shape[0]) / (1 + seen)), dtype=np.float32)


def weighed(counts: csr_matrix, idf: Floats) -> csr_matrix:
    """Rows of length one, as `hashed.vector` makes them."""
    rows = counts @ diags(idf)
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return (diags(1 / np.maximum(lengths, 1e-9)) @ rows).tocsr()


def fit(examples: Examples, strength: float) -> Head:
    """One head; a larger `strength` follows the examples more closely."""
    solver = LinearSVC(C=strength, random_state=0)
    features = hstack([examples.rows, csr_matrix(examples.dense)]).tocsr()
    solver.fit(features, examples.answers, sample_weight=examples.weights)
    coefficients, bias = solver.coef_, solver.intercept_
    if len(solver.classes_) == 2:
        coefficients, bias = np.vstack([-coefficients, coefficients]) / 2, np.array([-1, 1]) * bias / 2
    return _head(tuple(map(str, solver.classes_)), coefficients.T, examples.rows.shape[1], bias)


def _head(labels: tuple[str, ...], coefficients: Doubles, buckets: int, bias: Doubles) -> Head:
    real = coefficients[:buckets]
    scale = np.maximum(np.abs(real).max(axis=0), 1e-9) / _STEEPEST
    return Head(
        labels,
        np.round(real / scale).astype(np.int8),
        scale.astype(np.float32),
        coefficients[buckets:].astype(np.float32),
        bias.astype(np.float32),
    )


def softened(head: Head, temperature: float) -> Head:
    """The same head, less sure (or surer) of itself by so much."""
    return head._replace(
        scale=head.scale / temperature, dense=head.dense / temperature, bias=head.bias / temperature
    )


def scores(head: Head, examples: Examples) -> Floats:
    """What the head says of each text, before probabilities."""
    found = examples.rows @ (head.weights * head.scale) + examples.dense @ head.dense + head.bias
    return np.asarray(found, dtype=np.float32)


def held_out(examples: Examples, groups: Sequence[str], strength: float, folds: int = 5) -> Floats:
    """The scores of each text by a head that has seen none of its group."""
    labels = np.unique(examples.answers)
    found = np.zeros((len(examples.answers), len(labels)), dtype=np.float32)
    for train, test in GroupKFold(folds).split(examples.rows, examples.answers, groups):
        head = fit(examples.some(train), strength)
        found[np.ix_(test, np.searchsorted(labels, head.labels))] = scores(head, examples.some(test))
    return found


def calibrated(examples: Examples, groups: Sequence[str], strength: float, folds: int = 5) -> Head:
    """One head, no surer of itself than it may be on groups it has not seen."""
    unseen = held_out(examples, groups, strength, folds)
    return softened(fit(examples, strength), temperature(unseen, examples.answers))


def balanced(answers: Answers) -> Doubles:
    """Weights under which rare answers count more, but not as much as frequent ones together."""
    _, of, counts = np.unique(answers, return_inverse=True, return_counts=True)
    return np.asarray(np.sqrt(counts.mean() / counts)[of])


def temperature(found: Floats, answers: Answers) -> float:
    """The softening under which the scores' probabilities tell the truth best."""
    right = np.searchsorted(np.unique(answers), answers)
    tried = np.geomspace(0.05, 4, 80)

    def loss(heat: float) -> float:
        logits = found / heat
        logits = logits - logits.max(axis=1, keepdims=True)
        return float((np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(right)), right]).mean())

    return float(min(tried, key=loss))

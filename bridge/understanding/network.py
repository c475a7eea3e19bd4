"""A small network that labels the words of a text: hashed pieces, convolutions, the best path of tags."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bridge.understanding.pieces import Token, pieces, rows

Array = npt.NDArray[np.float32]
Ids = npt.NDArray[np.intp]

REACH = (1, 1, 2, 3)
"""How far each layer looks to both sides, in tokens."""
WHOLE = 2
"""Before this layer every token learns of the whole text."""

_MOST_KNOWN = 16_384
"""Words whose vectors are kept: 8 MB at a width of 128."""


def bags(table: Array, lists: Sequence[Sequence[int]]) -> Array:
    """For each list of rows their sum, over the root of their number."""
    sizes = np.fromiter(map(len, lists), np.intp, len(lists))
    flat = np.fromiter((row for one in lists for row in one), np.intp, int(sizes.sum()))
    sums: Array = np.add.reduceat(table[flat], np.cumsum(sizes) - sizes, axis=0)
    return sums / np.sqrt(sizes).astype(np.float32)[:, None]


def standard(x: Array) -> Array:
    """Each row with mean 0 and variance 1."""
    x = x - x.mean(axis=1, keepdims=True)
    scale: Array = np.sqrt((x * x).mean(axis=1, keepdims=True) + np.float32(1e-5))
    return x / scale


def larger_half(x: Array) -> Array:
    """Of the left and right half of each row, the larger values."""
    half = x.shape[1] // 2
    return np.maximum(x[:, :half], x[:, half:])


class Layout:
    """Many texts in one array, a row for each token; `lengths` counts tokens, none is 0."""

    def __init__(self, lengths: Sequence[int]) -> None:
        self.lengths = np.asarray(lengths, np.intp)
        self.starts = np.cumsum(self.lengths) - self.lengths
        self.size = int(self.lengths.sum())

    def beside(self, step: int) -> tuple[Ids, Ids]:
        """For each row the row so many before and after it; outside its text the row after all."""
        row = np.arange(self.size)
        since = row - self.repeated(self.starts)
        until = self.repeated(self.lengths) - since
        return np.where(since >= step, row - step, self.size), np.where(until > step, row + step, self.size)

    def windows(self, x: Array, step: int) -> Array:
        """Beside each row the one so many before and the one after, zeros where there is none."""
        before, after = self.beside(step)
        padded = np.concatenate((x, np.zeros_like(x[:1])))
        return np.concatenate((padded[before], x, padded[after]), axis=1)

    def sums(self, x: Array) -> Array:
        """For each text the sum of its rows."""
        total: Array = np.add.reduceat(x, self.starts, axis=0)
        return total

    def means(self, x: Array) -> Array:
        """For each text the mean of its rows."""
        counts: Array = self.lengths[:, None].astype(np.float32)
        return self.sums(x) / counts

    def repeated(self, x: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """For each token what belongs to its text."""
        return np.repeat(x, self.lengths, axis=0)


class Network:
    """The network and its parameters by name."""

    def __init__(self, parameters: Mapping[str, Array], labels: Sequence[str]) -> None:
        self.parameters, self.labels = dict(parameters), tuple(labels)
        self.tags = ["O", *(f"{sign}-{label}" for label in labels for sign in "BI")]
        width = self.parameters["mix_gain"].shape[0]
        self._known: dict[str, int] = {}
        self._vectors = np.zeros((_MOST_KNOWN, width), np.float32)

    @classmethod
    def load(cls, file: Path) -> "Network":
        """The network stored in a file by `save`; raise `OSError` where there is none."""
        with np.load(file) as stored:
            labels = [str(label) for label in stored["labels"]]
            return cls({n: stored[n].astype(np.float32) for n in stored.files if n != "labels"}, labels)

    def save(self, file: Path) -> None:
        """Store it with half the digits: what is lost changes no figure."""
        halves = {name: values.astype(np.float16) for name, values in self.parameters.items()}
        np.savez_compressed(file, allow_pickle=False, labels=np.array(self.labels), **halves)

    def tag(self, texts: Sequence[Sequence[Token]]) -> list[list[int]]:
        """For each text the tag of each token, as numbers into `tags`."""
        filled = [text for text in texts if text]
        if not filled:
            return [[] for _ in texts]
        layout = Layout([len(text) for text in filled])
        x = self._embed([token.word for text in filled for token in text])
        x[[token.glued for text in filled for token in text]] += self.parameters["glued"]
        for number, step in enumerate(REACH):
            if number == WHOLE:
                x += layout.repeated(self._maxout("whole", layout.means(x)))
            x += self._maxout(f"layer{number}", layout.windows(x, step))
        scores = x @ self.parameters["out_weights"] + self.parameters["out_bias"]
        found = iter(best_paths(scores, layout, self.parameters["moves"]))
        return [next(found) if text else [] for text in texts]

    def _maxout(self, name: str, x: Array) -> Array:
        p = self.parameters
        y = standard(larger_half(x @ p[f"{name}_weights"] + p[f"{name}_bias"]))
        return y * p[f"{name}_gain"] + p[f"{name}_shift"]

    def _embed(self, words: Sequence[str]) -> Array:
        new = [word for word in dict.fromkeys(words) if word not in self._known]
        if len(self._known) + len(new) > _MOST_KNOWN:
            self._known.clear()
            new = list(dict.fromkeys(words))
        if new:
            at = len(self._known)
            self._vectors[at : at + len(new)] = self._fresh(new)
            self._known.update(zip(new, range(at, at + len(new)), strict=True))
        return self._vectors[[self._known[word] for word in words]]

    def _fresh(self, words: Sequence[str]) -> Array:
        table = self.parameters["table"]
        made = [[rows(piece, len(table)) for piece in pieces(word)] for word in words]
        return self._maxout("mix", np.hstack([bags(table, group) for group in zip(*made, strict=True)]))


def best_paths(scores: Array, layout: Layout, moves: Array) -> list[list[int]]:
    """The best path of tags through each text, `moves` scoring each step from a tag (row) to a tag."""
    order = np.argsort(-layout.lengths, kind="stable")
    starts, lengths = layout.starts[order], layout.lengths[order]
    before: list[Ids] = []
    total = scores[starts] + moves[0]
    for step in range(1, int(lengths[0])):
        count = int(np.searchsorted(-lengths, -step, side="left"))
        reached = total[:count, :, None] + moves
        before.append(reached.argmax(axis=1))
        total = total.copy()
        total[:count] = reached.max(axis=1) + scores[starts[:count] + step]
    found: list[list[int]] = [[] for _ in lengths]
    for place, number in enumerate(order):
        tag = int(total[place].argmax())
        path = [tag]
        for step in range(int(lengths[place]) - 2, -1, -1):
            tag = int(before[step][place, tag])
            path.append(tag)
        found[number] = path[::-1]
    return found

"""How the network of names learns: its gradients, and the steps against them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from bridge.understanding.network import REACH, WHOLE, Array, Ids, Layout, Network, bags
from bridge.understanding.pieces import Token, pieces, rows
from bridge.understanding.training.likelihood import Allowed, likelihood

Way = Callable[[Array], Array]
"""Takes the gradient after a part of the network to that before it, and notes those of its parameters."""

PIECE_WIDTH = 64
_ROWS = 24_000
_DROPOUT = 0.25
_FORGET = 0.2
"""So often a word is hidden and only its letters are seen, as of a word never met."""
NEVER = -10_000.0


class Lesson(NamedTuple):
    """A text's tokens, and for each of them which tags it may have: one, or several where nobody knows."""

    tokens: Sequence[Token]
    allowed: Allowed


def newborn(labels: Sequence[str], width: int, chance: np.random.Generator) -> Network:
    """A network that knows nothing yet."""

    def some(many: int, out: int, scale: float = 1.0) -> Array:
        drawn: Array = chance.standard_normal((many, out), dtype=np.float32)
        return drawn * np.float32(scale * np.sqrt(2 / many))

    p: dict[str, Array] = {
        "table": (chance.standard_normal((_ROWS, PIECE_WIDTH)) * 0.3).astype(np.float32),
        "glued": np.zeros(width, np.float32),
        "out_weights": some(width, 2 * len(labels) + 1, 0.1),
        "out_bias": np.zeros(2 * len(labels) + 1, np.float32),
        "moves": _moves(len(labels)),
    }
    sizes = {"mix": 3 * PIECE_WIDTH, "whole": width} | {
        f"layer{number}": 3 * width for number in range(len(REACH))
    }
    for name, size in sizes.items():
        p[f"{name}_weights"] = some(size, 2 * width)
        p[f"{name}_bias"] = np.zeros(2 * width, np.float32)
        p[f"{name}_gain"] = np.full(width, 1.0 if name == "mix" else 0.5, np.float32)
        p[f"{name}_shift"] = np.zeros(width, np.float32)
    return Network(p, labels)


def _moves(labels: int) -> Array:
    """All steps cost the same, but a name goes on only after it began."""
    moves = np.zeros((2 * labels + 1, 2 * labels + 1), np.float32)
    moves[:, 2::2] = NEVER
    for inside in range(2, 2 * labels + 1, 2):
        moves[[inside - 1, inside], inside] = 0
    return moves


class Learner:
    """Teaches one network, batch by batch."""

    def __init__(self, network: Network, chance: np.random.Generator) -> None:
        self._network, self._chance = network, chance
        self._p = network.parameters
        self._adam = {name: Adam(values) for name, values in self._p.items()}
        self._pieces: dict[str, list[list[int]]] = {}
        self.gradients: dict[str, Array] = {}
        """Of each parameter but the table, after the last batch."""

    def learn(self, batch: Sequence[Lesson], rate: float) -> float:
        """One step on a batch at this rate; the loss per token."""
        layout = Layout([len(lesson.tokens) for lesson in batch])
        self.gradients = {}
        words, x, back = self._embedded([t for lesson in batch for t in lesson.tokens])
        ways_back = [back]
        for number, step in enumerate(REACH):
            if number == WHOLE:
                x, back = self._whole(x, layout)
                ways_back.append(back)
            x, back = self._layer(x, layout, number, step)
            ways_back.append(back)
        scores = x @ self._p["out_weights"] + self._p["out_bias"]
        allowed = np.concatenate([lesson.allowed for lesson in batch])
        loss, grown, moves = likelihood(scores, layout, self._p["moves"], allowed)
        self.gradients |= {"out_weights": x.T @ grown, "out_bias": grown.sum(axis=0), "moves": moves}
        self._go_back(grown @ self._p["out_weights"].T, ways_back, words, rate)
        return loss

    def _go_back(self, grown: Array, ways_back: list[Way], words: list[str], rate: float) -> None:
        for back in reversed(ways_back):
            grown = back(grown)
        for name, values in self.gradients.items():
            self._adam[name].step(values, rate)
        self._adam["table"].step_rows(*self._of_table(grown, words), rate)

    def _embedded(self, tokens: Sequence[Token]) -> tuple[list[str], Array, Way]:
        words = list(dict.fromkeys(token.word for token in tokens))
        at = {word: number for number, word in enumerate(words)}
        which = np.array([at[token.word] for token in tokens])
        glued = np.array([token.glued for token in tokens])
        groups = zip(*map(self._rows, words), strict=True)
        seen = np.ones((len(words), 3 * PIECE_WIDTH), np.float32)
        seen[self._chance.random(len(words)) < _FORGET, :PIECE_WIDTH] = 0
        mixed, back = self._maxout("mix", seen * np.hstack([bags(self._p["table"], g) for g in groups]))
        x = mixed[which]
        x[glued] += self._p["glued"]
        kept = self._dropped(x.shape)

        def return_(grown: Array) -> Array:
            grown = grown * kept
            self.gradients["glued"] = grown[glued].sum(axis=0)
            of_words = np.zeros_like(mixed)
            np.add.at(of_words, which, grown)
            return back(of_words) * seen

        return words, x * kept, return_

    def _maxout(self, name: str, x: Array) -> tuple[Array, Way]:
        weights, gain = self._p[f"{name}_weights"], self._p[f"{name}_gain"]
        z = x @ weights + self._p[f"{name}_bias"]
        half = z.shape[1] // 2
        left = z[:, :half] >= z[:, half:]
        y = np.where(left, z[:, :half], z[:, half:])
        y = y - y.mean(axis=1, keepdims=True)
        scale = np.sqrt((y * y).mean(axis=1, keepdims=True) + 1e-5)
        y /= scale

        def return_(grown: Array) -> Array:
            self.gradients[f"{name}_gain"], self.gradients[f"{name}_shift"] = (grown * y).sum(0), grown.sum(0)
            grown = grown * gain
            grown = grown - grown.mean(axis=1, keepdims=True) - y * (grown * y).mean(axis=1, keepdims=True)
            grown /= scale
            both = np.concatenate((grown * left, grown * ~left), axis=1)
            self.gradients[f"{name}_weights"], self.gradients[f"{name}_bias"] = x.T @ both, both.sum(axis=0)
            return both @ weights.T

        return y * gain + self._p[f"{name}_shift"], return_

    def _layer(self, x: Array, layout: Layout, number: int, step: int) -> tuple[Array, Way]:
        y, back = self._maxout(f"layer{number}", layout.windows(x, step))
        kept = self._dropped(y.shape)

        def return_(grown: Array) -> Array:
            before, middle, after = np.split(back(grown * kept), 3, axis=1)
            total = np.concatenate((grown + middle, np.zeros_like(grown[:1])))
            for at, part in zip(layout.beside(step), (before, after), strict=True):
                total[at] += part
            return total[:-1]

        return x + y * kept, return_

    def _whole(self, x: Array, layout: Layout) -> tuple[Array, Way]:
        y, back = self._maxout("whole", layout.means(x))
        kept = self._dropped(y.shape)

        def return_(grown: Array) -> Array:
            of_means = back(layout.sums(grown) * kept) / layout.lengths[:, None]
            total: Array = grown + layout.repeated(of_means.astype(np.float32))
            return total

        return x + layout.repeated(y * kept), return_

    def _of_table(self, grown: Array, words: Sequence[str]) -> tuple[Ids, Array]:
        """Which rows of the table took part, and the gradient of each."""
        sizes, flat = [], []
        for group in zip(*map(self._rows, words), strict=True):
            sizes.append([len(one) for one in group])
            flat += [row for one in group for row in one]
        counts = np.array(sizes)
        parts = grown.reshape(len(words), 3, PIECE_WIDTH).transpose(1, 0, 2) / np.sqrt(counts)[:, :, None]
        order = np.argsort(flat, kind="stable")
        used, first = np.unique(np.array(flat)[order], return_index=True)
        source = np.repeat(np.arange(counts.size), counts.ravel())[order]
        flat_parts = parts.reshape(-1, PIECE_WIDTH).astype(np.float32)
        return used, np.add.reduceat(flat_parts[source], first, axis=0)

    def _rows(self, word: str) -> list[list[int]]:
        if word not in self._pieces:
            self._pieces[word] = [rows(piece, _ROWS) for piece in pieces(word)]
        return self._pieces[word]

    def _dropped(self, shape: tuple[int, ...]) -> Array:
        kept = self._chance.random(shape, dtype=np.float32) >= _DROPOUT
        return kept.astype(np.float32) / np.float32(1 - _DROPOUT)


@dataclass
class Adam:
    """The optimiser of one array, which it changes in place."""

    values: Array

    def __post_init__(self) -> None:
        self._mean, self._square = np.zeros_like(self.values), np.zeros_like(self.values)
        self._steps = 0

    def step(self, grown: Array, rate: float) -> None:
        """One step against this gradient."""
        self.step_rows(slice(None), grown, rate)

    def step_rows(self, at: Ids | slice, grown: Array, rate: float) -> None:
        """One step of some rows only."""
        self._steps += 1
        mean = self._mean[at] * 0.9 + grown * 0.1
        square = self._square[at] * 0.99 + grown * grown * 0.01
        self._mean[at], self._square[at] = mean, square
        unbiased = np.sqrt(square / (1 - 0.99**self._steps)) + 1e-8
        self.values[at] -= rate * mean / (1 - 0.9**self._steps) / unbiased


class Mean:
    """The mean of a network over the end of its learning: it errs less than any of its moments."""

    def __init__(self, network: Network) -> None:
        self._network, self._count = network, 0
        self._means = {name: np.zeros_like(values) for name, values in network.parameters.items()}

    def add(self) -> None:
        """Count the network in as it is now."""
        self._count += 1
        for name, values in self._network.parameters.items():
            self._means[name] += (values - self._means[name]) / self._count

    def network(self) -> Network:
        """The mean of all that were counted in."""
        return Network(self._means, self._network.labels)

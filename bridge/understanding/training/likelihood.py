"""How likely the tags of texts are, of which some may be known only by half, and its gradients."""

import numpy as np
import numpy.typing as npt

from bridge.understanding.network import Array, Layout

Allowed = npt.NDArray[np.bool_]
Exact = npt.NDArray[np.float64]


def likelihood(scores: Array, layout: Layout, moves: Array, allowed: Allowed) -> tuple[float, Array, Array]:
    """Minus the log of the chance, per token, that all tags are allowed; its gradients by score and move."""
    free, every, free_moves = _expected(scores, layout, moves, np.ones_like(allowed))
    held, wanted, held_moves = _expected(scores, layout, moves, allowed)
    count = layout.size
    grown = ((every - wanted) / count).astype(np.float32)
    return (free - held) / count, grown, ((free_moves - held_moves) / count).astype(np.float32)


def _expected(scores: Array, layout: Layout, moves: Array, allowed: Allowed) -> tuple[float, Exact, Exact]:
    """The log of the sum over all allowed paths, how likely each tag stands at each row, and each move."""
    order = np.argsort(-layout.lengths, kind="stable")
    starts, lengths = layout.starts[order], layout.lengths[order]
    counts = [int((lengths > step).sum()) for step in range(int(lengths[0]))]
    top = scores.max(axis=1)
    chance = np.exp(scores - top[:, None], dtype=np.float64) * allowed
    steps = np.exp(moves, dtype=np.float64)
    forward, sizes = np.zeros_like(chance), np.ones(len(chance))
    reached = np.repeat(steps[:1], len(starts), axis=0)
    for step, count in enumerate(counts):
        at = starts[:count] + step
        reached = reached[:count] * chance[at]
        sizes[at] = reached.sum(axis=1)
        forward[at] = reached / sizes[at][:, None]
        reached = forward[at] @ steps
    backward, moved = np.zeros_like(chance), np.zeros_like(steps)
    for step in range(len(counts) - 1, -1, -1):
        at = starts[: counts[step]] + step
        following = np.ones((len(at), len(steps)))
        if step + 1 < len(counts):
            onward = at[: counts[step + 1]] + 1
            coming = chance[onward] * backward[onward] / sizes[onward][:, None]
            following[: len(onward)] = coming @ steps.T
            moved += steps * (forward[at[: len(onward)]].T @ coming)
        backward[at] = following
    moved[0] += (forward[starts] * backward[starts]).sum(axis=0)
    return float(np.log(sizes).sum() + top.sum()), forward * backward, moved

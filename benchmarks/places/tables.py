"""Markdown tables of shares."""

from collections.abc import Iterable
from itertools import chain


def title(text: str, *columns: str) -> None:
    """Begin a table."""
    print(f"\n### {text}\n\n| {' | '.join(columns)} |\n|---|{'---:|' * (len(columns) - 1)}")


def row(name: str, *cells: float | int | str) -> None:
    """One line; numbers with a fraction are shares of one."""
    told = (f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in cells)
    print(f"| {' | '.join(chain([name], told))} |", flush=True)


def share(hits: Iterable[bool]) -> float | str:
    """The share of what holds, or a dash where nothing was asked."""
    found = list(hits)
    return sum(found) / len(found) if found else "–"

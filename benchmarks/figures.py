"""Figures that travel: each with its spread, and beside a loop that tells how fast this machine is."""

import hashlib
import os
import platform
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median, quantiles

LINKS = 200_000
Result = dict[tuple[str, str], float]
"""What one round found, by what it is and its unit."""


@dataclass(frozen=True)
class Figure:
    """One thing measured several times: `/s` is a rate, `s` and `ms` are times, all else is only told."""

    name: str
    unit: str
    values: tuple[float, ...]

    def row(self, loop: float) -> str:
        """A line of a Markdown table, `loop` being the seconds of the reference loop."""
        low, middle, high = (_short(f(self.values)) for f in (min, median, max))
        per_loop = {
            "/s": lambda value: f"{_short(value * loop)} a loop",
            "s": lambda value: f"{_short(value / loop)} loops",
            "ms": lambda value: f"{_short(value / 1000 / loop)} loops",
        }.get(self.unit, lambda _: "")(median(self.values))
        return f"| {self.name} | {middle} {self.unit} | {low} … {high} | {len(self.values)} | {per_loop} |"


def reference() -> float:
    """CPU seconds of a chain of `LINKS` SHA-256 in plain Python."""
    link, began = b"", time.process_time()
    for _ in range(LINKS):
        link = hashlib.sha256(link).digest()
    return time.process_time() - began


def repeated(times: int, measure: Callable[[], Result]) -> Iterable[Figure]:
    """Measure several times; each result is named by what it is and its unit."""
    rounds = [measure() for _ in range(times)]
    return [Figure(name, unit, tuple(each[name, unit] for each in rounds)) for name, unit in rounds[0]]


def spread(name: str, seconds: list[float], unit: str = "ms") -> Result:
    """Median and 95th percentile of many single times."""
    scale = 1000 if unit == "ms" else 1
    late = quantiles(seconds, n=20)[-1]
    return {(f"{name}, median", unit): median(seconds) * scale, (f"{name}, p95", unit): late * scale}


def timed(
    calls: Iterable[Callable[[], object]], clock: Callable[[], float] = time.process_time
) -> list[float]:
    """The seconds of each call: of CPU, so that a busy machine tells much the same, or of another clock."""
    found = []
    for call in calls:
        began = clock()
        call()
        found.append(clock() - began)
    return found


def machine() -> str:
    """What a reader must know of the machine, without its name."""
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"

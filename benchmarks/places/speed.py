"""How fast a whole city's gazetteer loads, and how fast it answers."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.places.tables import row, title
from bridge.places.gazetteer import Gazetteer


def measure(files: Sequence[Path], texts: Sequence[str], aimed: str) -> None:
    """Print seconds of CPU to load the gazetteer, and milliseconds to read a text and to search a name."""
    known = Gazetteer.load(files)
    title(f"Speed, {aimed}, CPU time", "what", "median", "p95", "aim")
    loads = [_seconds(lambda: Gazetteer.load(files)) for _ in range(3)]
    row("load the gazetteer", f"{median(loads):.2f} s", "", "< 1 s")
    for name, ask, aim in (
        ("read the places of a post", known.candidates, "< 1 ms"),
        ("search a typed name", known.search, ""),
    ):
        times = sorted(1000 * _seconds(partial(ask, text)) for text in texts)
        row(name, f"{median(times):.2f} ms", f"{times[int(0.95 * len(times))]:.2f} ms", aim)


def _seconds(call: Callable[[], object]) -> float:
    began = time.process_time()
    call()
    return time.process_time() - began

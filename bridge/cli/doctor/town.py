"""What the city must bring: its files, its places, its own addresses."""

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from bridge import checks
from bridge.city import City, in_force, load_city
from bridge.cli.doctor.finding import Finding
from bridge.places import city_gazetteer
from bridge.settings import settings
from bridge.understanding import store, understand

FEW = 500
"""A gazetteer with fewer places is one for trying."""

_PLACEHOLDER = re.compile(r"[\w.+-]+@[\w.-]+\.example\b|https?://[\w.-]+\.example\b[^\s'\"]*")


def files() -> Iterator[Finding]:
    """All that a clerk may edit."""
    city = _city()
    mistakes = checks.mistakes(city)
    yield from (Finding.broken(line) for line in mistakes)
    if mistakes:
        return
    yield Finding.ok(f"{city.name}: rules, departments, categories, areas and texts are fine")
    yield from (Finding.warning(line) for line in checks.warnings(city))
    if trouble := in_force.trouble():
        yield Finding.warning(f"a change is not in force yet: {trouble.mistakes[0]}")


def placeholders() -> Iterator[Finding]:
    """Addresses nobody has replaced yet, and the switch that lets mail leave for others."""
    left = [found for name in ("city.yaml", "departments.yaml") for found in _left_in(_city().path(name))]
    for file, numbered in groupby(left, key=lambda found: found[0]):
        lines = ", ".join(str(number) for _, number in numbered)
        yield Finding.warning(f"{file}: lines {lines} still hold placeholders that end in .example")
    if not settings().mail_real_domains:
        yield Finding.warning("mail leaves only for .example; set BRIDGE_MAIL_REAL_DOMAINS=true to go live")
    elif not left:
        yield Finding.ok("none is left")


def places() -> Iterator[Finding]:
    """How many places the city's own lists name."""
    city = _city()
    city_gazetteer(city)
    count = sum(_rows(city.path(name)) for name in ("gazetteer.csv", "places.csv"))
    if count < FEW:
        much = f"{count} places are few" if count else "there is none, so no report has a place to trust"
        out = f"{city.folder / 'gazetteer.csv'}"
        yield Finding.warning(f"{much}; make a full one: bridge gazetteer build SOURCE... --out {out}")
    else:
        yield Finding.ok(f"{count} places")


def areas() -> Iterator[Finding]:
    """How many areas are drawn."""
    yield Finding.ok(f"{len(_city().areas)} are drawn; rules may ask for them")


def model() -> Iterator[Finding]:
    """Whether texts can be read."""
    city = _city()
    understand("Die Ampel ist aus", city=city, gazetteer=city_gazetteer(city))
    yield Finding.ok(f"{store.current().name} reads")


def _city() -> City:
    return load_city(settings().city_folder)


def _left_in(path: Path) -> Iterator[tuple[Path, int]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if _PLACEHOLDER.search(line.partition("#")[0]):
            yield path, number


def _rows(path: Path) -> int:
    if not path.exists():
        return 0
    with path.open(encoding="utf-8") as lines:
        return max(sum(1 for line in lines if line.strip() and not line.startswith("#")) - 1, 0)

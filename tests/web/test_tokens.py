"""Every pair of colours can be read, by day and by night."""

import re
from pathlib import Path

import pytest

from bridge import web

SHEET = (Path(web.__file__).parent / "static" / "tokens.css").read_text(encoding="utf-8")
LIGHT, DARK = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", half)) for half in SHEET.split("@media"))
TONES = ("danger", "warn", "work", "good", "plain", "hold")
GROUNDS = ("page", "ground", "sunk", "city-ground", "citizen-ground", "note-ground")
TEXTS = [
    *((f"{tone}-ink", f"{tone}-ground") for tone in TONES),
    *((ink, ground) for ink in ("ink", "quiet", "act") for ground in GROUNDS),
    ("act-ink", "act"),
    ("act-ink", "act-over"),
    ("hold-ink", "ground"),
]
EDGES = [
    *((f"{tone}-line", "page") for tone in TONES),
    *((line, ground) for line in ("input-line", "focus", "act") for ground in ("page", "ground")),
]


def brightness(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((brightness(one), brightness(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXTS)
def test_text_stands_out(colours: dict[str, str], ink: str, ground: str) -> None:
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_are_seen(colours: dict[str, str], edge: str, ground: str) -> None:
    assert contrast(colours[edge], colours[ground]) >= 3


def test_night_repaints_every_colour() -> None:
    assert LIGHT.keys() == DARK.keys()

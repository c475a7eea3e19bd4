"""Makes strangers' words inert: no line, no direction and no control character of theirs acts on our mail."""

import re

CONTROLS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ufff9-\ufffb]+")
DIRECTIONS = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def line(text: str, limit: int = 300) -> str:
    """`text` in one line of at most `limit` characters."""
    # JSON may carry half a surrogate pair, which no mail can.
    whole = text.encode("utf-8", "replace").decode()
    plain = CONTROLS.sub(" ", DIRECTIONS.sub("", whole)).strip()
    return plain if len(plain) <= limit else plain[: limit - 1].rstrip() + "…"


def lines(text: str, limit: int = 10_000) -> list[str]:
    """`text` in its own lines, together at most `limit` characters, with never two empty ones in a row."""
    cut = text if len(text) <= limit else text[:limit] + "…"
    kept: list[str] = []
    for each in (line(raw, limit + 1) for raw in cut.strip().splitlines()):
        if each or (kept and kept[-1]):
            kept.append(each)
    return kept

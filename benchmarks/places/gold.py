"""The gold posts: what each difficulty costs, and what the confidence is worth."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from benchmarks.ground import ROOT
from benchmarks.places.tables import row, share, title
from benchmarks.places.truth import Named, Truth, off
from bridge.domain import Location, Point
from bridge.places.entries import same_district
from bridge.places.normal import key
from bridge.places.plane import Spot

POSTS = ROOT / "benchmarks" / "gold" / "posts.jsonl"
NEAR = 100
"""Metres within which a point is right."""
POINTS = ("address", "intersection", "stop")
TRUSTED = 0.6
"""From this confidence a ticket is handed over without asking back."""

Answer = tuple[Location | None, bool]
"""The place read, and whether the matter is said to lie outside the city."""


class Post(NamedTuple):
    """A text and where it is about."""

    text: str
    difficulty: str
    place: Named | None
    outside: bool


def posts(half: str = "") -> list[Post]:
    """The gold posts; `half` keeps only those of odd or even number."""
    lines = map(json.loads, POSTS.read_text(encoding="utf-8").splitlines())
    kept = [line for line in lines if half in {"", "odd" if int(line["id"][1:]) % 2 else "even"}]
    return [Post(line["text"], line["difficulty"], line["place"], line["outside"]) for line in kept]


def right(place: Named, found: Location | None) -> bool:
    """Whether the right street, stop, place or district was named, in whatever spelling and precision."""
    if found is None:
        return False
    if place["street"]:
        ours = {key(name) for name in (found.street, found.cross_street) if name}
        wanted = {key(place["street"])}
        if place["precision"] == "intersection":
            wanted.add(key(place["cross_street"] or ""))
        return bool(wanted <= ours if place["precision"] == "intersection" else wanted & ours)
    if place["name"]:
        return key(place["name"]) in {key(found.name or ""), key(found.street or "")}
    named = found.name if found.precision == "district" else found.district
    return same_district(named or "", place["district"] or "") or key(found.name or "") == key(
        place["district"] or ""
    )


def near(place: Named, found: Location | None, truth: Truth) -> bool:
    """Whether the point found is at most `NEAR` metres off."""
    return off(_spot(found), truth.points(place)) <= NEAR


def report(name: str, cases: Sequence[Post], answers: Sequence[Answer], truth: Truth) -> None:
    """Print the tables of one reader."""
    pairs = list(zip(cases, answers, strict=True))
    title(f"Gold, {name}: {len(cases)} posts", "difficulty", "posts", "right thing", "within 100 m")
    for difficulty in dict.fromkeys(case.difficulty for case in cases):
        told = [(c.place, a[0]) for c, a in pairs if c.difficulty == difficulty and c.place]
        if told:
            points = [near(p, found, truth) for p, found in told if truth.points(p)]
            row(difficulty, len(told), share(right(p, found) for p, found in told), share(points))
    title(f"Gold, {name}: the aims", "what", "posts", "found", "aim")
    for line in _aims(pairs, truth):
        row(*line)


def _aims(pairs: Sequence[tuple[Post, Answer]], truth: Truth) -> Iterable[tuple[str, int, float | str, str]]:
    streets = [right(c.place, a[0]) for c, a in pairs if c.place and c.place["street"]]
    yield "right street where one is named", len(streets), share(streets), "≥ .95"
    for precision in POINTS:
        asked = [(c.place, a[0]) for c, a in pairs if c.place and c.place["precision"] == precision]
        at = [near(place, found, truth) for place, found in asked if truth.points(place)]
        yield f"within 100 m: {precision}", len(at), share(at), "≥ .92"
    none = [a[0] for c, a in pairs if not c.place and not c.outside]
    yield "false place, any confidence", len(none), share(found is not None for found in none), "≤ .01"
    yield "false place, trusted", len(none), share(_trusted(found) for found in none), "≤ .01"
    away = [a for c, a in pairs if c.outside]
    yield "wrong city taken for ours", len(away), share(found is not None for found, _ in away), "≤ .02"
    yield "wrong city said to be outside", len(away), share(outside for _, outside in away), ""
    wrongly = [a[1] for c, a in pairs if not c.outside]
    yield "our city said to be outside", len(wrongly), share(wrongly), ""
    yield "right among the surest 90 %", len(pairs), _selective(pairs, 0.9), "≥ .97"


def _selective(pairs: Sequence[tuple[Post, Answer]], coverage: float) -> float | str:
    """How many answers are right when the least sure ones are left out until `coverage` of places is met."""
    places = sum(case.place is not None for case, _ in pairs)
    answers = [
        (found.confidence, bool(case.place) and right(case.place or {}, found))
        for case, (found, _) in pairs
        if found
    ]
    surest = sorted(answers, key=lambda answer: -answer[0])[: round(coverage * places)]
    return share(hit for _, hit in surest) if len(surest) >= round(coverage * places) else "not covered"


def _trusted(found: Location | None) -> bool:
    return found is not None and found.confidence >= TRUSTED


def _spot(found: Location | None) -> Spot | None:
    point: Point | None = found.point if found else None
    return (point.lat, point.lon) if point else None


def wrong(cases: Iterable[Post], read: Callable[[str], Answer]) -> Iterable[tuple[Post, Answer]]:
    """The posts that were read wrongly."""
    for case in cases:
        answer = read(case.text)
        if answer[1] != case.outside or (
            not right(case.place, answer[0]) if case.place else answer[0] is not None
        ):
            yield case, answer

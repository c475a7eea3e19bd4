"""Events that mean harm, or mean well in a harmful form, beside good ones: what a server could hand us."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

STEPS = ("receive", "understand", "open", "route")
RAISES, KILLS = "Giftwort", "Todeswort"
"""Words at which the step named behind them fails, or its process ends."""

GOOD = (
    "An der Ecke Könneritzstraße/Holbeinstraße ist die Ampel aus.",
    "In der Karl-Heine-Straße 12 liegt seit Tagen Sperrmüll.",
    "Riesiges Schlagloch in der Georg-Schumann-Straße 120!",
    "Wie lange hat das Bürgeramt am Samstag offen?",
    "Danke für den neuen Radweg an der Karl-Liebknecht-Straße.",
    "Die Straßenlaterne vor der Zschochersche Straße 3 flackert.",
)


def status(number: int, text: str, **changed: Any) -> dict[str, Any]:
    """A post of a person of its own; `number` makes it unlike any other."""
    given = {
        "id": str(number),
        "created_at": datetime.now(UTC).isoformat(),
        "visibility": "public",
        "content": f"<p>{text}</p>",
        "account": {"id": f"p{number}", "acct": f"person{number}@marktplatz.example", "display_name": "P"},
        "mentions": [{"id": "1", "url": "https://marktplatz.example/@stadt"}],
    }
    return given | changed


def event(number: int, text: str, **changed: Any) -> str:
    """The payload the poll would have stored."""
    ancestors = changed.pop("ancestors", [])
    return json.dumps({"type": "mention", "status": status(number, text, **changed), "ancestors": ancestors})


def good(number: int) -> str:
    """An ordinary mention."""
    return event(number, GOOD[number % len(GOOD)])


def _at(word: str, step: str) -> Callable[[int], str]:
    return lambda n: event(n, f"{GOOD[0]} {word}-{step}")


HARMLESS: dict[str, Callable[[int], str]] = {
    "NUL": lambda n: event(n, "Die Am\x00pel in der Könneritzstraße 5 ist aus"),
    "lone surrogates": lambda n: event(
        n,
        "Die Am\ud800pel ist \udfff aus",
        account={"id": f"p{n}", "acct": f"p{n}\udc00", "display_name": "\ud83d\x00"},
    ),
    "an unknown audience": lambda n: event(n, GOOD[0], visibility="mutuals"),
    "ancestors in a circle": lambda n: event(n, GOOD[0], ancestors=[str(n), str(n), f"x{n}", str(n)]),
    "a text like a book": lambda n: event(n, f"{GOOD[0]} " * 1500),
    "nothing but signs": lambda n: event(n, "🔥\u202e\u0308" * 3000 + "?! " * 3000),
    "markup without end": lambda n: event(n, "<b><i><a href=" * 3000 + GOOD[0]),
    "words of a program": lambda n: event(
        n, "{{ 7*7 }} %(reference)s {reference} <script>\r\nBcc: x@y.example"
    ),
    "numbers for texts": lambda n: event(n, GOOD[0], language=7, spoiler_text=12345),
}
"""These become tickets or are put away like any other: it is only their form that is strange."""

POISON: dict[str, Callable[[int], str]] = {
    "no JSON": lambda n: "{" * (n % 50),
    "half of it": lambda n: event(n, GOOD[0])[: 40 + n % 60],
    "something else": lambda n: json.dumps(["mention", n]),
    "an unknown kind": lambda n: json.dumps({"type": f"news {n}", "status": status(n, GOOD[0])}),
    "nesting without end": lambda n: '{"type":' * (2000 + n % 100),
    "nobody": lambda n: event(n, GOOD[0], account=None),
    "a list for a post": lambda n: json.dumps({"type": "mention", "status": [n]}),
    "a text that is none": lambda n: event(n, GOOD[0], content={"p": n}),
    "the end of time": lambda n: event(n, GOOD[0], created_at="9999-12-31T23:59:59-12:00"),
    "before all time": lambda n: event(n, GOOD[0], created_at="0001-01-01T00:00:00+14:00"),
    "no time": lambda n: event(n, GOOD[0], created_at=f"gestern {n}"),
    "a gigantic text": lambda n: event(n, "x" * 300_000),
    "a gigantic id": lambda n: event(n, GOOD[0], id=str(n) * 400),
    "gigantic lists": lambda n: event(
        n, GOOD[0], media_attachments=[{"type": "image", "url": f"https://x.example/{k}"} for k in range(500)]
    ),
    **{f"what cannot be borne by {step}": _at(RAISES, step) for step in STEPS},
    **{f"what kills {step}": _at(KILLS, step) for step in STEPS},
}
"""These cannot be read or worked on, however often one tries."""

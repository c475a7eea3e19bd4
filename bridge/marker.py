"""The line above which a department's answer stands: written into every mail, found again in the reply."""

import re

_LINE = "--- Bitte über dieser Zeile antworten / {} ---"
# Mail programs quote it, wrap it and change its dashes, but they leave its words.
_WORDS = re.compile(r"[^\n]*Bitte\s+über\s+dieser\s+Zeile\s+antworten", re.IGNORECASE)


def marker(reference: str) -> str:
    """The line for one ticket."""
    return _LINE.format(reference)


def above(text: str) -> str | None:
    """What stands above the first such line, or None where there is no such line."""
    found = _WORDS.search(text)
    return text[: found.start()] if found else None

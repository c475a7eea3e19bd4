"""Rules as a clerk writes them, for tests."""

from pathlib import Path

from bridge.routing import Rules
from tests.factories import make_city

REST = """\
  - name: rest
    when: {}
    send_to: press
    because: Die Pressestelle findet das zuständige Amt.
    examples: ['Wann ist das Fest?']
"""


def rule(when: str = "{category: noise}", name: str = "one", **changed: str) -> str:
    """One rule; an empty text leaves a key out."""
    lines = {"send_to": "streets", "because": "Darum.", "examples": "[Ein Satz]"} | changed
    rest = "".join(f"    {key}: {value}\n" for key, value in lines.items() if value)
    return f"  - name: {name}\n    when: {when}\n{rest}"


def rules_of(tmp_path: Path, *texts: str, **changed: str) -> Rules:
    """The rules of a small city; `departments="…"` changes its departments.yaml, and so on."""
    return Rules.load(make_city(tmp_path, rules="rules:\n" + "".join(texts), **changed))

"""Makes text from outside fit to be stored and read."""

import re
from typing import Any

_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


def storable(told: Any) -> Any:
    """The same value, with U+FFFD for every NUL (PostgreSQL refuses it) and lone surrogate (UTF-8 does).

    Looks into lists, tuples and dictionaries, keys included; anything else comes back as it is.
    """
    match told:
        case str():
            return _UNSTORABLE.sub("\ufffd", told)
        case list():
            return [storable(value) for value in told]
        case tuple():
            return tuple(storable(value) for value in told)
        case dict():
            return {storable(name): storable(value) for name, value in told.items()}
    return told


def printable(words: str) -> str:
    """The words without signs nobody can see, which hide things, and without space around them."""
    return "".join(sign for sign in words if sign.isprintable() or sign == "\n").strip()

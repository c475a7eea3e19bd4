"""Reads the heads of a mail so that no broken one can do harm: bounded, decoded, never an exception."""

import re
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

LONGEST = 10_000
_ID = re.compile(r"<([^<>\s]{1,500})>")
_BARE = r"[^\s@<>\"(),;:\\]{1,200}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+"
_ADDRESS = re.compile(_BARE)
_FROM = re.compile(rf'(?:"(?:[^"\\]|\\.)*"|[^<>@,;:"()\\]*) ?<({_BARE})>|({_BARE})')


def heads(message: Message, name: str) -> list[str]:
    """Every head of this name in its own words, the topmost first, in one line each."""
    found = (str(value)[:LONGEST] for value in message.get_all(name, [])[:50])
    return [" ".join(value.split()) for value in found]


def head(message: Message, name: str) -> str:
    """The topmost head of this name, or nothing."""
    return next(iter(heads(message, name)), "")


def spoken(message: Message, name: str) -> str:
    """A head as people read it: decoded."""
    raw = head(message, name)
    try:
        pieces = [
            piece.decode(charset or "latin-1", "replace") if isinstance(piece, bytes) else piece
            for piece, charset in decode_header(raw)
        ]
    except Exception:  # Broken encodings make the library raise nearly anything.
        return raw
    return " ".join("".join(pieces).split())


def addresses(message: Message, *names: str) -> list[str]:
    """The bare addresses of these heads, in small letters; what is no plain address is left out."""
    raw = [value for name in names for value in heads(message, name)]
    try:
        found = [address.lower() for _, address in getaddresses(raw)]
    except Exception:  # As wild as broken encodings.
        return []
    return [address for address in found if _ADDRESS.fullmatch(address)]


def the_sender(message: Message) -> str:
    """The one address of the one From; nothing where somebody wants to be two at once.

    Stricter than the library, which finds an address in nearly everything, and not always the one that the
    mail server has proven.
    """
    raw = heads(message, "From")
    found = _FROM.fullmatch(raw[0]) if len(raw) == 1 else None
    return (found[1] or found[2]).lower() if found else ""


def ids(message: Message, *names: str) -> list[str]:
    """The names of mails in these heads, without their brackets."""
    return [found for name in names for value in heads(message, name) for found in _ID.findall(value)][:100]

"""The readable text of a mail: its plain part, or its HTML without marks."""

import re
from collections.abc import Iterator
from email.message import Message
from html import unescape

MOST_PARTS = 50
MOST_BYTES = 200_000
"""Of one text; what nobody types is cut off."""

_CHARSET = re.compile(
    r"utf-?8|(?:us-)?ascii|iso-?8859-\d{1,2}|(?:windows|cp)-?125\d|koi8-[ru]", re.IGNORECASE
)
_NAMED = re.compile(r"charset\s*=\s*\"?([\w-]{1,30})", re.IGNORECASE)
_BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "hr", "table", "ul", "ol"})
_SILENT = frozenset({"style", "script", "head", "title", "blockquote"})
_TAG = re.compile(r"(/?)([A-Za-z][A-Za-z0-9]{0,20})")


def parts(message: Message) -> Iterator[Message]:
    """Every part that holds something, the outermost first; of a mail inside the mail nothing is read."""
    waiting, seen = [message], 0
    while waiting and seen < MOST_PARTS:
        part = waiting.pop(0)
        seen += 1
        inside = part.get_payload()
        if not isinstance(inside, list):
            yield part
        elif part.get_content_maintype() == "multipart":
            waiting = [each for each in inside if isinstance(each, Message)] + waiting


def text(message: Message) -> str:
    """The first plain text that is no attachment, else the first HTML as text; else nothing."""
    shown = [part for part in parts(message) if not _attached(part)]
    plain = (_decoded(part) for part in shown if part.get_content_type() == "text/plain")
    html = (_from_html(_decoded(part)) for part in shown if part.get_content_type() == "text/html")
    return next((words for found in (plain, html) for words in found if words.strip()), "")


def content(part: Message) -> bytes:
    """The bytes of a part, nothing where they cannot be unpacked."""
    try:
        unpacked = part.get_payload(decode=True)
    except Exception:  # Broken mails make the library raise nearly anything.
        return b""
    return unpacked if isinstance(unpacked, bytes) else b""


def _attached(part: Message) -> bool:
    return str(part.get("Content-Disposition", "")).strip().lower().startswith("attachment")


def _decoded(part: Message) -> str:
    raw, named = (
        content(part)[:MOST_BYTES],
        re.search(r"charset\s*=\s*\"?([\w-]{1,30})", str(part.get("Content-Type", "")), re.IGNORECASE),
    )
    charset = named[1] if named and _CHARSET.fullmatch(named[1]) else "utf-8"
    try:
        return raw.decode(charset)
    except (UnicodeDecodeError, LookupError):
        return raw.decode("cp1252", "replace")


def _from_html(html: str) -> str:
    """What a reader would see, without quotes.

    Not by the library's parser, which may take hours for a mail made for that.
    """
    words, deep = [], 0
    silent = ""
    for piece in _uncommented(html).split("<"):
        mark, _, shown = piece.partition(">")
        tag = _TAG.match(mark)
        closes, name = (bool(tag[1]), tag[2].lower()) if tag else (False, "")
        if name in _SILENT and name == (silent or name):
            deep += -1 if closes else 1
            silent = name if deep > 0 else ""
            deep = max(deep, 0)
        if not silent:
            words += ["\n" if name in _BREAKS else "", shown.replace("\n", " ")]
    lines = (" ".join(line.split()) for line in unescape("".join(words)).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def _uncommented(html: str) -> str:
    """The page as pieces that begin with a mark; what nobody sees is gone."""
    return "".join(part.partition("-->")[2] for part in f"-->text>{html}".split("<!--"))

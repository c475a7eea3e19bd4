"""Reads the bytes of a mail, whatever they are, into a letter."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from itertools import islice

from bridge import photos
from bridge.domain import PermanentError, Photo, storable
from bridge.letters import body
from bridge.letters.heads import addresses, heads, ids, spoken, the_sender
from bridge.letters.machines import machine, returned
from bridge.letters.newest import newest
from bridge.letters.values import Letter

MOST_BYTES = 5_000_000
"""Of a whole mail; the doors let no more in."""
MOST_HEAD = 200_000
MOST_PICTURES = 4
LEAST_PICTURE = 5000
"""Bytes; what is smaller is a sign under somebody's name."""
MOST_WORDS = 5000

_CONTAINER = re.compile(rb"content-type:\s*(?:multipart|message)/", re.IGNORECASE)
_MOST_CONTAINERS = 30
_BORDER = re.compile(rb"[\r\n]--")
_MOST_BORDERS = 1000
_RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Rcpt-To")


def parse(raw: bytes) -> Letter:
    """The letter these bytes are; damaged ones lose what is damaged. Never raises."""
    message = _message(raw)
    subject, sender = spoken(message, "Subject")[:500], the_sender(message)
    return Letter(
        **storable(
            {
                "sender": sender,
                "recipients": tuple(addresses(message, *_RECIPIENTS)),
                "subject": subject,
                "message_id": next(iter(ids(message, "Message-ID")), ""),
                "references": tuple(ids(message, "In-Reply-To", "References")),
                "proofs": tuple(heads(message, "Authentication-Results")),
                "machine": machine(message, subject),
                "words": newest(body.text(message))[:MOST_WORDS],
            }
        ),
        returned=returned(message, sender),
        pictures=tuple(_pictures(message)),
    )


def _message(raw: bytes) -> Message:
    """The mail in its parts; only its head where somebody packed too many of them into one another."""
    head, gap, rest = raw[:MOST_BYTES].replace(b"\r\n", b"\n").partition(b"\n\n")
    bounded = head[:MOST_HEAD] + gap + rest
    crowded = len(_BORDER.findall(bounded)) > _MOST_BORDERS
    if crowded or len(_CONTAINER.findall(bounded)) > _MOST_CONTAINERS:
        return BytesHeaderParser().parsebytes(head[:MOST_HEAD])
    return message_from_bytes(bounded)


def _pictures(message: Message) -> Iterator[Photo]:
    """The first pictures, written anew; what is no whole picture is left out."""
    shown = (body.content(part) for part in body.parts(message) if part.get_content_maintype() == "image")
    large = (content for content in shown if len(content) >= LEAST_PICTURE)
    for number, content in enumerate(islice(large, MOST_PICTURES), start=1):
        try:
            yield Photo(name=f"foto-{number}.jpg", content=photos.clean(content))
        except PermanentError:
            continue

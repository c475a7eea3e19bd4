"""Our posts as records: each under a key of its own, so that writing it twice writes it once."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from bridge.domain import Reply
from bridge.platforms.bluesky import _text
from bridge.platforms.bluesky._feed import utc
from bridge.platforms.bluesky._wire import PostView

COLLECTION = "app.bsky.feed.post"
_SIGNS = "234567abcdefghijklmnopqrstuvwxyz"


def record_key(idempotency_key: str, begun_at: datetime) -> str:
    """A key as Bluesky's own clients make them: the second of the first attempt, below it ours, 30 bits."""
    ours = int.from_bytes(sha256(idempotency_key.encode()).digest()[:8])
    number = (int(begun_at.timestamp()) * 1_000_000 + ours % 1_000_000) << 10 | ours >> 54
    return "".join(_SIGNS[number >> shift & 31] for shift in range(60, -1, -5))


def answer(reply: Reply, begun_at: datetime, above: PostView) -> dict[str, Any]:
    """The record of a reply below the post `above`; the same whenever it is made."""
    parent = {"uri": above.uri, "cid": above.cid}
    root = above.record.reply.root.model_dump() if above.record.reply else parent
    return {
        "$type": COLLECTION,
        **_text.rich(reply.text, {reply.recipient.handle: reply.recipient.external_id}),
        "reply": {"root": root, "parent": parent},
        "langs": [reply.language],
        "createdAt": utc(begun_at),
    }

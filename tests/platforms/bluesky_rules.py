"""What a Bluesky server refuses, as its descriptions say: unknown fields, wrong types, too long texts."""

import re
from datetime import datetime
from typing import Any

import regex

Json = dict[str, Any]

QUERIES: dict[str, set[str]] = {
    "app.bsky.feed.getPosts": {"uris"},
    "app.bsky.notification.listNotifications": {"reasons", "limit", "cursor"},
    "chat.bsky.convo.getConvo": {"convoId"},
    "chat.bsky.convo.getConvoForMembers": {"members"},
    "chat.bsky.convo.getLog": {"cursor"},
    "chat.bsky.convo.getMessages": {"convoId", "limit", "cursor"},
    "chat.bsky.convo.listConvoRequests": {"limit", "cursor"},
    "chat.bsky.convo.listConvos": {"limit", "cursor", "readState", "status"},
    "com.atproto.repo.getRecord": {"repo", "collection", "rkey"},
    "com.atproto.repo.listRecords": {"repo", "collection", "limit", "cursor", "reverse"},
}
"""The parameters a question takes."""
PROCEDURES: dict[str, tuple[set[str], set[str]]] = {
    "chat.bsky.convo.acceptConvo": ({"convoId"}, set()),
    "chat.bsky.convo.sendMessage": ({"convoId", "message"}, set()),
    "com.atproto.repo.putRecord": ({"repo", "collection", "rkey", "record"}, {"swapRecord", "validate"}),
    "com.atproto.server.createSession": ({"identifier", "password"}, {"authFactorToken"}),
    "com.atproto.server.refreshSession": (set(), set()),
}
"""What the body of an order must and may hold."""
TID = re.compile(r"[234567abcdefghij][2-7a-z]{12}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")
FEATURES = {
    "app.bsky.richtext.facet#link": ("uri", re.compile(r"https?://\S+")),
    "app.bsky.richtext.facet#mention": ("did", re.compile(r"did:[a-z]+:\S+")),
    "app.bsky.richtext.facet#tag": ("tag", re.compile(r"\S{1,64}")),
}


class RefusalError(Exception):
    """The request is answered with this status and this name of an error."""

    def __init__(self, status: int, name: str, message: str = "") -> None:
        super().__init__(message or name)
        self.status, self.name = status, name


def must(holds: object, why: str) -> None:
    """Refuse the request as invalid where something does not hold."""
    if not holds:
        raise RefusalError(400, "InvalidRequest", why)


def check_query(method: str, query: dict[str, list[str]]) -> None:
    """Refuse unknown parameters and lists that are too long."""
    must(query.keys() <= QUERIES[method], f"unknown parameter in {sorted(query)}")
    must(len(query.get("uris", [])) <= 25, "too many uris")
    must(1 <= int(query.get("limit", ["50"])[0]) <= 100, "limit")


def check_body(method: str, body: Json) -> None:
    """Refuse missing and unknown fields."""
    needed, allowed = PROCEDURES[method]
    must(needed <= body.keys() <= needed | allowed, f"{method} takes not just {sorted(body)}")


def check_record(collection: str, key: str, record: Json) -> None:
    """Refuse a record that is not what its collection describes."""
    must(record.get("$type") == collection, "the record's type is not that of its collection")
    if collection == "chat.bsky.actor.declaration":
        must(key == "self", "key")
        must(record.keys() <= {"$type", "allowIncoming", "allowGroupInvites"}, "unknown field")
        return
    must(collection == "app.bsky.feed.post" and TID.fullmatch(key), "key")
    must(record.keys() <= {"$type", "text", "facets", "reply", "langs", "createdAt"}, "unknown field")
    check_text(record, graphemes=300)
    must(record["createdAt"].endswith("Z") and datetime.fromisoformat(record["createdAt"]), "createdAt")
    langs = record.get("langs", [])
    must(len(langs) <= 3 and all(LANGUAGE.fullmatch(one) for one in langs), "langs")
    for ref in record["reply"].values():
        must(ref.keys() == {"uri", "cid"} and ref["uri"].startswith("at://"), "reply")
    must(record["reply"].keys() == {"root", "parent"}, "reply")


def check_message(message: Json) -> None:
    """Refuse a direct message that is not one."""
    must(message.keys() <= {"text", "facets", "replyTo"}, "unknown field")
    must(message.get("replyTo", {"messageId": 1}).keys() == {"messageId"}, "replyTo")
    check_text(message, graphemes=1000)


def check_text(said: Json, graphemes: int) -> None:
    """Refuse words that are too many, and facets beside them that name no piece of them."""
    whole = said["text"].encode()
    must(len(regex.findall(r"\X", said["text"])) <= graphemes, "text: grapheme too big")
    must(len(whole) <= graphemes * 10, "text: too many bytes")
    for facet in said.get("facets", []):
        must(
            facet.keys() == {"index", "features"} and facet["index"].keys() == {"byteStart", "byteEnd"},
            "facet",
        )
        start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]
        must(0 <= start < end <= len(whole) and whole[start:end].decode(), "facet out of the text")
        for feature in facet["features"]:
            name, form = FEATURES[feature["$type"]]
            must(feature.keys() == {"$type", name} and form.fullmatch(feature[name]), "feature")

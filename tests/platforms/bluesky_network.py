"""What a Bluesky network of three people knows, and how it answers what the adapter asks."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from typing import Any

from tests.platforms import bluesky_rules as rules
from tests.platforms.bluesky_rules import RefusalError

CITY, ADA, BEN = (f"did:plc:{name:2<24}" for name in ("stadt", "ada", "ben"))
HANDLES = {CITY: "stadt.example", ADA: "ada.example", BEN: "ben.example"}
POST = "app.bsky.feed.post"
SIGNS = "234567abcdefghijklmnopqrstuvwxyz"

Json = dict[str, Any]
Query = dict[str, list[str]]


class Network:
    """Posts, whom they were told, and conversations; the city is `stadt.example`."""

    def __init__(self) -> None:
        self.url = ""
        self.posts_by_uri: dict[str, Json] = {}
        self.told: list[tuple[str, str]] = []
        """The address of a post the city was told of, and why."""
        self.declarations: list[Json] = []
        self.convos: dict[str, Json] = {}
        self.log: list[Json] = []
        self.numbers = count(1)

    def publish(
        self, did: str, text: str, answers: str | None = None, *, at: datetime | None = None, **more: Any
    ) -> str:
        """Somebody posts, at a time of their own choice; the post's address."""
        record = {"$type": POST, "text": text, "createdAt": stamp(at), **more}
        if answers:
            above = self.posts_by_uri[answers]
            parent = {"uri": answers, "cid": above["cid"]}
            record["reply"] = {"root": above["record"].get("reply", {}).get("root", parent), "parent": parent}
        return str(self._store(did, self._tid(), record)["uri"])

    def whisper(self, did: str, text: str, convo: str = "c-ada", **more: Any) -> str:
        """Somebody writes a direct message; its id with its conversation's."""
        here = self.convos.setdefault(convo, {"messages": [], "status": "request"})
        return f"{convo}/{self._tell(convo, here, did, text, more)['id']}"

    def written(self, do: Callable[[], Json]) -> Json:
        """What becomes of something the city writes."""
        return do()

    def _list_notifications(self, query: Query) -> Json:
        wanted = set(query.get("reasons", []))
        found = [
            self._view(uri) | {"reason": why, "isRead": False} for uri, why in self.told if why in wanted
        ]
        found = sorted(found, key=lambda one: str(one["indexedAt"]))[::-1]
        # As the real one: only the time counts, so that what shares it across a page's border is skipped.
        before = query.get("cursor", ["~"])[0]
        page = [one for one in found if one["indexedAt"] < before][: int(query["limit"][0])]
        bare = [{key: value for key, value in one.items() if key != "embed"} for one in page]
        return {"notifications": bare, **({"cursor": page[-1]["indexedAt"]} if page else {})}

    def _get_posts(self, query: Query) -> Json:
        return {"posts": [self._view(uri) for uri in query["uris"] if uri in self.posts_by_uri]}

    def _list_records(self, query: Query) -> Json:
        rules.must(query["repo"] == [CITY] and query["collection"] == [POST], "repo")
        mine = sorted((u for u in self.posts_by_uri if u.startswith(f"at://{CITY}/")), reverse=True)
        before = query.get("cursor", ["~"])[0]
        page = [uri for uri in mine if uri.rpartition("/")[2] < before][: int(query["limit"][0])]
        records = [
            {"uri": u, "cid": self.posts_by_uri[u]["cid"], "value": self.posts_by_uri[u]["record"]}
            for u in page
        ]
        return {"records": records, **({"cursor": page[-1].rpartition("/")[2]} if page else {})}

    def _get_record(self, query: Query) -> Json:
        uri = f"at://{query['repo'][0]}/{query['collection'][0]}/{query['rkey'][0]}"
        if uri not in self.posts_by_uri:
            raise RefusalError(400, "RecordNotFound", "Could not locate record")
        post = self.posts_by_uri[uri]
        return {"uri": uri, "cid": post["cid"], "value": post["record"]}

    def _put_record(self, body: Json) -> Json:
        rules.must(body["repo"] == CITY, "repo")
        rules.check_record(body["collection"], body["rkey"], body["record"])
        if body["collection"] != POST:
            self.declarations.append(body["record"])
            return {"uri": f"at://{CITY}/{body['collection']}/self", "cid": cid_of(body["record"])}

        def put() -> Json:
            there = self.posts_by_uri.get(f"at://{CITY}/{POST}/{body['rkey']}")
            if there and there["record"] == body["record"]:
                return {"uri": there["uri"], "cid": there["cid"]}
            if there and "swapRecord" in body:
                raise RefusalError(400, "InvalidSwap")
            post = self._store(CITY, body["rkey"], body["record"])
            return {"uri": post["uri"], "cid": post["cid"]}

        return self.written(put)

    def _list_convos(self, query: Query) -> Json:
        return {"convos": [self._convo(one) for one in list(self.convos)]}

    def _list_convo_requests(self, query: Query) -> Json:
        asking = [one for one, what in list(self.convos.items()) if what["status"] == "request"]
        return {"requests": [self._convo(one) for one in asking]}

    def _get_convo(self, query: Query) -> Json:
        self._there(query["convoId"][0])
        return {"convo": self._convo(query["convoId"][0])}

    def _get_convo_for_members(self, query: Query) -> Json:
        rules.must(query["members"] == [ADA], "members")
        self.convos.setdefault("c-ada", {"messages": [], "status": "accepted"})
        return {"convo": self._convo("c-ada")}

    def _get_messages(self, query: Query) -> Json:
        return {"messages": self._there(query["convoId"][0])["messages"][::-1][: int(query["limit"][0])]}

    def _get_log(self, query: Query) -> Json:
        after = query.get("cursor", [""])[0]
        logs = [entry for entry in self.log if entry["rev"] > after][:50]
        return {"logs": logs, "cursor": logs[-1]["rev"] if logs else after or self._tid()}

    def _accept_convo(self, body: Json) -> Json:
        self._there(body["convoId"])["status"] = "accepted"
        return {}

    def _send_message(self, body: Json) -> Json:
        rules.check_message(body["message"])
        convo = self._there(body["convoId"])
        rules.must(convo["status"] == "accepted", "the request was not accepted")
        more = {key: value for key, value in body["message"].items() if key == "facets"}
        if "replyTo" in body["message"]:
            more["replyTo"] = {"id": body["message"]["replyTo"]["messageId"]}
        text = body["message"]["text"]
        return self.written(lambda: self._tell(body["convoId"], convo, CITY, text, more))

    def _store(self, did: str, key: str, record: Json) -> Json:
        uri = f"at://{did}/{POST}/{key}"
        made = {"uri": uri, "cid": cid_of(record), "record": record, "did": did}
        self.posts_by_uri[uri] = made | {"indexedAt": record["createdAt"]}
        told = json.dumps(record)
        if did != CITY and f'"did": "{CITY}"' in told:
            self.told.append((uri, "mention"))
        if did != CITY and f"at://{CITY}/" in told:
            self.told.append((uri, "reply" if "reply" in record else "quote"))
        return made

    def _view(self, uri: str) -> Json:
        post = self.posts_by_uri[uri]
        shown = {name: post[name] for name in ("uri", "cid", "record", "indexedAt")}
        embed = post["record"].get("embed", {})
        if "images" in embed:
            views = [
                {"fullsize": f"{self.url}/img/{n}", "alt": o["alt"]} for n, o in enumerate(embed["images"])
            ]
            shown["embed"] = {"$type": "app.bsky.embed.images#view", "images": views}
        closed = post["record"].get("closed", False)
        return {**shown, "author": profile(post["did"]), "labels": [], "viewer": {"replyDisabled": closed}}

    def _tell(self, convo: str, here: Json, did: str, text: str, more: Json) -> Json:
        one = self._tid()
        message: Json = {"$type": "chat.bsky.convo.defs#messageView", "id": one, "rev": one, "text": text}
        message |= {"sender": {"did": did}, "sentAt": stamp(None), **more}
        here["messages"].append(message)
        entry = {"$type": "chat.bsky.convo.defs#logCreateMessage", "rev": one, "convoId": convo}
        self.log.append(entry | {"message": message})
        return message

    def _there(self, convo: str) -> Json:
        if convo not in self.convos:
            raise RefusalError(400, "InvalidConvo")
        found: Json = self.convos[convo]
        return found

    def _convo(self, one: str) -> Json:
        messages, status = self.convos[one]["messages"], self.convos[one]["status"]
        last = {"lastMessage": messages[-1]} if messages else {}
        members = [profile(CITY), profile(BEN if one == "c-ben" else ADA)]
        return {"id": one, "rev": one, "members": members, "muted": False, "status": status, **last}

    def _tid(self) -> str:
        number = (int(time.time() * 1e6) << 10) + next(self.numbers)
        return "".join(SIGNS[number >> shift & 31] for shift in range(60, -1, -5))


def profile(did: str) -> Json:
    """An account with as few fields as can be."""
    return {"did": did, "handle": HANDLES[did]}


def cid_of(record: Json) -> str:
    """What names one version of a record."""
    return "bafyrei" + sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()[:52]


def stamp(moment: datetime | None) -> str:
    """A moment, or this one, as Bluesky's clients write it."""
    return (moment or datetime.now(UTC)).isoformat(timespec="milliseconds").replace("+00:00", "Z")

"""Bluesky: mentions, answers, quotes and direct messages come in by asking; a reply has a key of its own."""

from datetime import datetime
from typing import Any, ClassVar

from pydantic import BaseModel

from bridge.domain import (
    InboundMessage,
    PermanentError,
    PlatformEvent,
    Receipt,
    Reply,
    TemporaryError,
    Visibility,
    Withdrawal,
)
from bridge.platforms._http import RefusedError
from bridge.platforms.base import Account, Capabilities, Page, Platform
from bridge.platforms.bluesky import _chat, _events, _feed, _posts, _text
from bridge.platforms.bluesky._client import Client
from bridge.platforms.bluesky._wire import PostView

_LIMIT = 300
_POSTS_AT_ONCE = 25
_PAGE = 100
_REASONS = ["mention", "reply", "quote"]
_OPEN_TO_ALL = {
    "$type": "chat.bsky.actor.declaration",
    "allowIncoming": "all",
    "allowGroupInvites": "none",
}


class _Notifications(BaseModel):
    notifications: tuple[dict[str, Any], ...] = ()
    cursor: str | None = None


class _Records(BaseModel):
    records: tuple[dict[str, Any], ...] = ()
    cursor: str | None = None


class _Posts(BaseModel):
    posts: tuple[dict[str, Any], ...] = ()


class _Views(BaseModel):
    posts: tuple[PostView, ...] = ()


class _Anything(BaseModel):
    """An answer of which nothing is needed."""


class _Marks(BaseModel):
    """What the cursor holds."""

    told: _feed.Mark = _feed.Mark()
    own: _feed.Mark = _feed.Mark()
    chat: _chat.Mark = _chat.Mark()


class Adapter(Platform):
    """One account of the city on Bluesky, or on another server of its network."""

    name: ClassVar[str] = "bluesky"
    label: ClassVar[str] = "Bluesky"
    capabilities: ClassVar[Capabilities] = Capabilities(
        receives="poll",
        mention=True,
        direct=True,
        photo=True,
        thread_reply=True,
        delete_seen=True,
        limit="300 characters and 3000 bytes",
        idempotency="record_key",
    )

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        self._client = Client(account, self.renew)
        self._chat = _chat.Chat(self._client, account.external_id)

    def connect(self) -> Account:
        """Log in, let direct messages from everybody through, and see that the password may read them."""
        session = self._client.log_in()
        self.account = self.account.model_copy(update={"external_id": session.did, "handle": session.handle})
        self._put("chat.bsky.actor.declaration", "self", _OPEN_TO_ALL)
        try:
            self._client.get("chat.bsky.convo.listConvos", _Anything, limit=1)
        except RefusedError as error:
            if error.reason == "InvalidToken" or error.status in {401, 403}:
                raise PermanentError(
                    "this app password may not read direct messages: make another one with that box ticked"
                ) from None
        return self.account

    def poll(self, cursor: str | None) -> Page:
        """Ask what we were told of, for posts of our own, and for direct messages.

        What was read before a failure is kept; a network without direct messages still brings its mentions.
        """
        marks = _Marks.model_validate_json(cursor) if cursor else _Marks()
        events: list[PlatformEvent] = []
        try:
            told, marks.told = _feed.news(self._notifications, marks.told)
            events += [_events.post(view) for view in self._whole(told)]
            own, marks.own = _feed.news(self._own_records, marks.own)
            events += [_events.post(view) for view in own]
            said, marks.chat = self._said(marks.chat)
            events += said
        except TemporaryError:
            if not events:
                raise
        return Page(events=tuple(events), cursor=marks.model_dump_json())

    def look_again(self, external_ids: list[str]) -> Page:
        """Ask for posts we know; one that is missing was deleted. Of direct messages nothing is told."""
        posts = [one for one in external_ids if one.startswith("at://")]
        found = self._views(posts)
        return Page(
            events=tuple(_events.post(found[one]) if one in found else _events.gone(one) for one in posts)
        )

    def parse(self, payload: str) -> list[InboundMessage | Withdrawal]:
        """Read one stored envelope; whether it speaks to us is told by our account's id."""
        return _events.read(payload, self.account.external_id)

    def limit(self) -> int:
        """300, in direct messages too, which could be longer."""
        return _LIMIT

    def count(self, text: str) -> int:
        """Graphemes as they will be shown, with short links; or tenths of bytes, where these are more."""
        return _text.count(text)

    def address(self, text: str, reply_to: str) -> str:
        """`text` alone: whoever is answered is told of it, and need not be named in public."""
        return text

    def reply(self, reply: Reply) -> Receipt:
        """Write the reply's record under its key, or send it as a direct message."""
        if reply.visibility is Visibility.DIRECT:
            return self._chat.send(reply)
        key, record = self._key(reply), self._record(reply)
        try:
            self._put(_posts.COLLECTION, key, record, only_new=True)
        except RefusedError as error:
            # The key is this reply's alone: an earlier attempt got through, and what it answers changed.
            if error.reason != "InvalidSwap":
                raise
        return self._receipt(key)

    def find_reply(self, reply: Reply) -> Receipt | None:
        """Look for the reply's record, or among the latest messages of the conversation."""
        if reply.visibility is Visibility.DIRECT:
            return self._chat.find(reply)
        key = self._key(reply)
        us, kept = self.account.external_id, _posts.COLLECTION
        try:
            self._client.get("com.atproto.repo.getRecord", _Anything, repo=us, collection=kept, rkey=key)
        except RefusedError as error:
            if error.reason != "RecordNotFound":
                raise
            return None
        return self._receipt(key)

    def repeat_is_safe(self, reply: Reply) -> bool:
        """Whether it has a key of its own; a direct message has none."""
        return reply.visibility is not Visibility.DIRECT

    def _record(self, reply: Reply) -> dict[str, Any]:
        """The post that answers; raises `PermanentError` where it would stand below nothing, or unseen."""
        if not reply.in_reply_to.startswith("at://"):
            raise PermanentError("a direct message is not answered in public")
        found = self._client.get("app.bsky.feed.getPosts", _Views, uris=[reply.in_reply_to]).posts
        if not found:
            raise PermanentError("the post answered is no longer there")
        if found[0].viewer and found[0].viewer.closed:
            raise PermanentError("the author of the thread takes no replies from the city's account")
        return _posts.answer(reply, _begun(reply), found[0])

    def _key(self, reply: Reply) -> str:
        return _posts.record_key(reply.idempotency_key, _begun(reply))

    def _put(self, collection: str, key: str, record: dict[str, Any], *, only_new: bool = False) -> None:
        body = {"repo": self.account.external_id, "collection": collection, "rkey": key, "record": record}
        if only_new:
            self._client.post("com.atproto.repo.putRecord", body | {"swapRecord": None})
        else:
            self._client.set("com.atproto.repo.putRecord", body)

    def _receipt(self, key: str) -> Receipt:
        uri = f"at://{self.account.external_id}/{_posts.COLLECTION}/{key}"
        return Receipt(external_id=uri, url=_events.web_address(uri))

    def _notifications(self, cursor: str | None) -> tuple[list[_feed.Entry], str | None]:
        method = "app.bsky.notification.listNotifications"
        page = self._client.get(method, _Notifications, reasons=_REASONS, limit=_PAGE, cursor=cursor)
        return [one for one in page.notifications if one.get("uri") and one.get("cid")], page.cursor

    def _own_records(self, cursor: str | None) -> tuple[list[_feed.Entry], str | None]:
        """Our posts out of our own store, in the form in which the network shows posts."""
        me = {"did": self.account.external_id, "handle": self.account.handle}
        method, kept = "com.atproto.repo.listRecords", _posts.COLLECTION
        page = self._client.get(method, _Records, repo=me["did"], collection=kept, limit=_PAGE, cursor=cursor)
        views = [
            {"uri": one["uri"], "cid": one["cid"], "author": me, "record": value}
            | {"indexedAt": value.get("createdAt")}
            for one in page.records
            if one.get("uri") and one.get("cid") and isinstance(value := one.get("value"), dict)
        ]
        return views, page.cursor

    def _said(self, mark: _chat.Mark) -> tuple[list[PlatformEvent], _chat.Mark]:
        try:
            return self._chat.news(mark)
        except RefusedError as error:
            # Told to staff, but no reason to read the mentions less often.
            raise TemporaryError(f"direct messages cannot be read: {error}") from None

    def _whole(self, entries: list[_feed.Entry]) -> list[_feed.Entry]:
        """The posts we were told of, with the addresses of their pictures; as told where they are gone."""
        views = self._views([entry["uri"] for entry in entries])
        return [views.get(entry["uri"], entry) for entry in entries]

    def _views(self, uris: list[str]) -> dict[str, _feed.Entry]:
        found: dict[str, _feed.Entry] = {}
        for start in range(0, len(uris), _POSTS_AT_ONCE):
            several = uris[start : start + _POSTS_AT_ONCE]
            page = self._client.get("app.bsky.feed.getPosts", _Posts, uris=several)
            found |= {str(one["uri"]): one for one in page.posts if one.get("uri") and one.get("cid")}
        return found


def _begun(reply: Reply) -> datetime:
    if reply.first_attempt_at is None:
        raise PermanentError("a reply is noted as begun before it is sent, else it has no key")
    return reply.first_attempt_at

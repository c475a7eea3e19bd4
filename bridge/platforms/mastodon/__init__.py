"""Mastodon, and every server that speaks its API: mentions and direct messages come in by asking."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import ClassVar, TypeVar

from pydantic import BaseModel, ValidationError

from bridge.domain import (
    InboundMessage,
    PlatformEvent,
    Receipt,
    Reply,
    TemporaryError,
    UnknownOutcomeError,
    Withdrawal,
)
from bridge.platforms._http import GONE, Door, RefusedError
from bridge.platforms.base import Account, Capabilities, Page, Platform
from bridge.platforms.mastodon import _events, _text, _wire
from bridge.platforms.mastodon._feed import Entry, Feed, Threads, status_path

Model = TypeVar("Model", bound=BaseModel)

_DEFAULT_LIMIT = 500
_LINK_LENGTH = 23
_KEY_HOLDS = timedelta(minutes=50)
"""Mastodon forgets an Idempotency-Key after an hour."""
_LOOK_AGAIN_AT_ONCE = 20
_UNKNOWN_PATH = {404, 405}
"""How a server answers for a part of the API it does not have."""
_ACCEPT_EVERYTHING = dict.fromkeys(
    (
        "for_not_following",
        "for_not_followers",
        "for_new_accounts",
        "for_private_mentions",
        "for_limited_accounts",
    ),
    "accept",
)


class Adapter(Platform):
    """One account of the city on a server that speaks the Mastodon API."""

    name: ClassVar[str] = "mastodon"
    label: ClassVar[str] = "Mastodon"
    capabilities: ClassVar[Capabilities] = Capabilities(
        receives="poll",
        mention=True,
        direct=True,
        photo=True,
        thread_reply=True,
        edit_seen=True,
        delete_seen=True,
        limit="500 characters, or what the server says",
        idempotency="key",
    )

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        self._door = Door(account.base_url, account.token)

    def connect(self) -> Account:
        """Check the token, read the server's limits, and let messages from strangers through."""
        me = self._get("/api/v1/accounts/verify_credentials", _wire.Profile)
        self.account = self.account.model_copy(update={"external_id": me.id, "handle": me.acct})
        _ = self._instance
        try:
            self._door.ask("PATCH", "/api/v2/notifications/policy", body=_ACCEPT_EVERYTHING)
        except RefusedError as error:
            if error.status not in _UNKNOWN_PATH:
                raise
        return self.account

    def poll(self, cursor: str | None) -> Page:
        """Ask for new mentions and for new posts of our own; what was read before a failure is kept."""
        marks: dict[str, list[str]] = json.loads(cursor) if cursor else {}
        events: list[PlatformEvent] = []
        threads = Threads(self._door)
        try:
            for name, feed, event in self._feeds():
                marks[name] = marks.get(name) or [feed.beginning()]
                for entries, mark in feed.pages(marks[name]):
                    events += [event(entry, threads) for entry in entries]
                    marks[name] = mark
        except TemporaryError:
            if not events:
                raise
        return Page(events=tuple(events), cursor=json.dumps(marks))

    def look_again(self, external_ids: list[str]) -> Page:
        """Ask for posts we know, some at once where the server can; a missing one is asked for alone."""
        found: dict[str, Entry] = {}
        for start in range(0, len(external_ids), _LOOK_AGAIN_AT_ONCE):
            found |= self._several(external_ids[start : start + _LOOK_AGAIN_AT_ONCE])
        threads = Threads(self._door)
        looked = {one: found.get(one) or self._single(one) for one in external_ids}
        return Page(
            events=tuple(
                _events.seen_again(status, threads) if status else _events.gone(one)
                for one, status in looked.items()
            )
        )

    def parse(self, payload: str) -> list[InboundMessage | Withdrawal]:
        """Read one stored envelope; whether it speaks to us is told by our account's id."""
        return _wire.read(payload, self.account.external_id)

    def limit(self) -> int:
        """How many characters this server allows; 500 where it does not say."""
        return self._instance.rules.max_characters or _DEFAULT_LIMIT

    def count(self, text: str) -> int:
        """Graphemes, every link 23 long as Mastodon documents it, mentions without their host."""
        return _text.count(text, _LINK_LENGTH)

    def address(self, text: str, reply_to: str) -> str:
        """`text` after a mention: without one nobody is told, and a direct message reaches nobody."""
        return f"@{reply_to} {text}"

    def reply(self, reply: Reply) -> Receipt:
        """Post the reply under its idempotency key."""
        answer = self._door.ask(
            "POST",
            "/api/v1/statuses",
            body={
                "status": reply.text,
                "in_reply_to_id": reply.in_reply_to,
                # Always said: left out, each server picks its own.
                "visibility": _wire.SENT_AS[reply.visibility],
                "language": reply.language,
            },
            headers={"Idempotency-Key": reply.idempotency_key},
        )
        try:
            return _receipt(_wire.Posted.model_validate(answer))
        except ValidationError:
            raise UnknownOutcomeError(f"{self._door.host} took the reply but did not name it") from None

    def find_reply(self, reply: Reply) -> Receipt | None:
        """Look below the post answered for one of ours with the same words; none where it was deleted."""
        try:
            context = self._get(status_path(reply.in_reply_to) + "/context", _wire.Context)
        except RefusedError as error:
            if error.status in GONE:
                return None
            raise
        for status in context.descendants:
            ours = status.account is not None and status.account.id == self.account.external_id
            answers = status.in_reply_to_id == reply.in_reply_to
            if ours and answers and _text.same_words(status.content or "", reply.text):
                return _receipt(status)
        return None

    def repeat_is_safe(self, reply: Reply) -> bool:
        """Whether the key still holds; only Mastodon itself is known to keep it."""
        first = reply.first_attempt_at
        return first is not None and datetime.now(UTC) - first < _KEY_HOLDS and self._instance.keeps_keys

    @cached_property
    def _instance(self) -> _wire.Instance:
        try:
            return self._get("/api/v2/instance", _wire.Instance)
        except RefusedError as error:
            if error.status not in _UNKNOWN_PATH:
                raise
            return _wire.Instance()

    def _get(self, path: str, model: type[Model]) -> Model:
        try:
            return model.model_validate(self._door.get(path))
        except ValidationError:
            raise TemporaryError(f"{self._door.host} answered {path} with something unreadable") from None

    def _feeds(self) -> list[tuple[str, Feed, Callable[[Entry, Threads], PlatformEvent]]]:
        told = {"types[]": ["mention", "update"], "include_filtered": "true"}
        mine = f"/api/v1/accounts/{self.account.external_id}/statuses"
        return [
            ("notifications", Feed(self._door, "/api/v1/notifications", 80, told), _events.notified),
            ("own", Feed(self._door, mine, 40, {"exclude_reblogs": "true"}), _events.own),
        ]

    def _several(self, ids: list[str]) -> dict[str, Entry]:
        try:
            answer = self._door.get("/api/v1/statuses", {"id[]": ids})
        except RefusedError as error:
            if error.status not in _UNKNOWN_PATH:
                raise
            return {}
        statuses = answer if isinstance(answer, list) else []
        return {str(one["id"]): one for one in statuses if isinstance(one, dict) and one.get("id")}

    def _single(self, one: str) -> Entry | None:
        try:
            status = self._door.get(status_path(one))
        except RefusedError as error:
            if error.status in GONE:
                return None
            raise
        if not isinstance(status, dict) or not status.get("id"):
            raise TemporaryError(f"{self._door.host} answered with a post that cannot be read")
        return status


def _receipt(posted: _wire.Posted) -> Receipt:
    return Receipt(external_id=posted.id, url=posted.url)

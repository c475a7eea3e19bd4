"""A small town for the river: a platform and a channel that do what a test tells them, and a clock."""

import secrets
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
import time_machine
from pydantic import TypeAdapter

from bridge import delivery, platforms
from bridge.city import load_city
from bridge.delivery.base import Channel
from bridge.domain import (
    Author,
    Handover,
    InboundMessage,
    PermanentError,
    PlatformEvent,
    Receipt,
    Reply,
    TemporaryError,
    Understanding,
    UnknownOutcomeError,
    Visibility,
    Withdrawal,
)
from bridge.places import maps
from bridge.platforms.base import Account, Capabilities, Page, Platform
from bridge.tickets import search
from bridge.tickets.book import accounts, events
from bridge.tickets.views import Case
from tests.factories import make_city_folder, make_message, make_understanding
from workers import deliver, open, receive, reply, route, understand, update

ADA = Author(external_id="7", handle="ada@marktplatz.example", display_name="Ada")
FOUND = TypeAdapter(list[InboundMessage | Withdrawal])
LATE_SECONDS = 60


class Killed(BaseException):
    """The process ends here, without a word to anybody."""


@dataclass
class Post:
    """A reply as everybody sees it, from a moment on."""

    reply: Reply
    id: str
    at: datetime


@dataclass
class Script:
    """What the platform and the channel will do next, and what they have seen."""

    faults: deque[str] = field(default_factory=deque)
    blind: deque[Exception] = field(default_factory=deque)
    """What reading a thread back will raise."""
    pages: deque[Page | Exception] = field(default_factory=deque)
    gone: list[Page | Exception] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    read_lag: float = 0.0
    keeps_keys: bool = False
    mails: list[Handover] = field(default_factory=list)
    lists: list[tuple[str, list[Handover]]] = field(default_factory=list)
    mail_faults: deque[BaseException] = field(default_factory=deque)

    def publish(self, said: Reply, late: float = 0.0) -> Receipt:
        """Post a reply, visible `late` seconds from now; once under one key where keys are kept."""
        for post in self.posts:
            if self.keeps_keys and post.reply.idempotency_key == said.idempotency_key:
                return Receipt(external_id=post.id)
        post = Post(said, secrets.token_hex(4), datetime.now(UTC) + timedelta(seconds=late))
        self.posts.append(post)
        return Receipt(external_id=post.id)


class ScriptedPlatform(Platform):
    """The town square of these tests."""

    name = "mastodon"
    label = "Marktplatz"
    capabilities = Capabilities(receives="poll")
    script: ClassVar[Script]

    def connect(self) -> Account:
        return self.account

    def poll(self, cursor: str | None) -> Page:
        page = self.script.pages.popleft()
        if isinstance(page, Exception):
            raise page
        return page

    def look_again(self, external_ids: list[str]) -> Page:
        page = self.script.gone.pop() if self.script.gone else Page()
        if isinstance(page, Exception):
            raise page
        return page

    def parse(self, payload: str) -> list[InboundMessage | Withdrawal]:
        return FOUND.validate_json(payload)

    def limit(self) -> int:
        return 500

    def count(self, text: str) -> int:
        return len(text)

    def address(self, text: str, reply_to: str) -> str:
        return f"@{reply_to} {text}"

    def visibility_of_reply(self, incoming: Visibility) -> Visibility:
        return incoming.of_answer

    def reply(self, reply: Reply) -> Receipt:
        script, fault = self.script, self.script.faults.popleft() if self.script.faults else ""
        match fault:
            case "429":
                raise TemporaryError("too many", retry_after=30)
            case "refused":
                raise PermanentError("422")
            case "500 before" | "time-out before":
                raise UnknownOutcomeError(fault)
            case "500 after" | "time-out after" | "reset after":
                script.publish(reply)
                raise UnknownOutcomeError(fault)
            case "late":
                script.publish(reply, LATE_SECONDS)
                raise UnknownOutcomeError(fault)
            case "killed before":
                raise Killed
            case "killed after":
                script.publish(reply)
                raise Killed
            case "bug":
                raise KeyError("text")
        return script.publish(reply)

    def find_reply(self, reply: Reply) -> Receipt | None:
        if self.script.blind:
            raise self.script.blind.popleft()
        seen = datetime.now(UTC) - timedelta(seconds=self.script.read_lag)
        for post in self.script.posts:
            if post.reply.text == reply.text and post.at <= seen:
                return Receipt(external_id=post.id)
        return None

    def repeat_is_safe(self, reply: Reply) -> bool:
        return self.script.keeps_keys


class ScriptedChannel(Channel):
    """The mailbox of every department."""

    name = "email"
    takes_lists = True
    script: ClassVar[Script]

    def check_address(self, address: str) -> None:
        return

    def deliver(self, handover: Handover) -> Receipt:
        self.script.mails.append(handover)
        if self.script.mail_faults:
            raise self.script.mail_faults.popleft()
        return Receipt(external_id=handover.message_id)

    def deliver_list(self, handovers: tuple[Handover, ...], message_id: str) -> Receipt:
        self.script.lists.append((message_id, list(handovers)))
        if self.script.mail_faults:
            raise self.script.mail_faults.popleft()
        return Receipt(external_id=message_id)


@dataclass
class Town:
    """One city with an account, a platform, a mailbox and a clock."""

    account: int
    script: Script
    clock: time_machine.Traveller
    meanings: dict[str, Understanding] = field(default_factory=dict)

    def write(
        self, text: str = "Die Ampel ist aus", meaning: Understanding | None = None, **changed: Any
    ) -> str:
        """A citizen writes; returns the message's id on the platform."""
        key = changed.pop("id", None) or secrets.token_hex(4)
        given = {"external_id": key, "conversation_id": key, "author": ADA, "written_at": datetime.now(UTC)}
        self.meanings[text] = meaning or make_understanding()
        self.tell(make_message(text, **given | changed))
        return str(key)

    def tell(self, *found: InboundMessage | Withdrawal) -> None:
        """The platform tells us something."""
        event = PlatformEvent(key=secrets.token_hex(8), payload=FOUND.dump_json(list(found)).decode())
        events.store_events(self.account, (event,))

    def flow(self, seconds: float = 0.0) -> None:
        """Let time pass and the river flow."""
        self.clock.shift(seconds)
        for step in (receive, understand, open, route, update, reply, deliver):
            step.run()

    def settle(self) -> None:
        """Let the river flow until the join window is over and everything was handed over."""
        self.flow()
        self.flow(11)

    def case(self, ticket_id: int = 1) -> Case:
        """A ticket as it stands now."""
        found = search.case(ticket_id)
        assert found is not None
        return found

    @property
    def said(self) -> list[str]:
        """What everybody could read by now."""
        return [post.reply.text for post in self.script.posts if post.at <= datetime.now(UTC)]


def change_city(tmp_path: Path, **files: str) -> None:
    """Put other texts into the files of the city, and let every step read them."""
    make_city_folder(tmp_path, **files)
    load_city.cache_clear()


@pytest.fixture
def town(database: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """A small town in which everything outside of the case book is scripted."""
    script = Script()
    for scripted in (ScriptedPlatform, ScriptedChannel):
        monkeypatch.setattr(scripted, "script", script, raising=False)
    monkeypatch.setattr(platforms, "load", lambda name: ScriptedPlatform)
    monkeypatch.setattr(delivery, "load", lambda name: ScriptedChannel)
    monkeypatch.setattr(maps, "png", lambda *_: b"a map")
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        account = accounts.connect(
            "mastodon", "https://marktplatz.example", "stadt", "1", "t", limit=500, poll_seconds=30
        )
        made = Town(account, script, clock)
        monkeypatch.setattr(understand, "understand", lambda text, **_: made.meanings[text])
        yield made

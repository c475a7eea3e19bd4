"""The world outside the bridge, which goes on when the bridge's process ends: posts, mails and the clock.

Everything is a line in one file, so that it survives as a platform and a mail server would.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

from pydantic import TypeAdapter

from bridge.delivery.base import Channel
from bridge.domain import (
    Handover,
    InboundMessage,
    PermanentError,
    PlatformEvent,
    Receipt,
    Reply,
    Withdrawal,
)
from bridge.platforms.base import Account, Capabilities, Page, Platform
from tests import map_service
from tests.crashes.points import Points

FOUND = TypeAdapter(list[InboundMessage | Withdrawal])
LAG = timedelta(seconds=60)
"""How long a lagging platform hides a new post from its thread: less than the read-back waits."""


class Manner(StrEnum):
    """What a platform does for a bridge that does not know whether its reply arrived."""

    KEY = "keeps the key"
    KEY_AND_LAG = "keeps the key, shows late"
    READ_BACK = "shows the thread"
    LAG = "shows the thread late"
    BROKEN_WORD = "says it keeps the key, does not"
    NOTHING = "nothing"

    @property
    def keeps_keys(self) -> bool:
        """Whether the same reply under the same key is posted once."""
        return self in {Manner.KEY, Manner.KEY_AND_LAG}


@dataclass
class Outside:
    """What has happened out there, as lines of a file."""

    file: Path
    manner: Manner
    points: Points

    def add(self, what: str, **told: Any) -> None:
        """Something happened."""
        with self.file.open("a") as lines:
            lines.write(json.dumps({"what": what, "at": datetime.now(UTC).timestamp(), **told}) + "\n")

    def all(self, what: str) -> list[dict[str, Any]]:
        """Everything of one sort, oldest first."""
        if not self.file.exists():
            return []
        lines = map(json.loads, self.file.read_text().splitlines())
        return [line for line in lines if line["what"] == what]

    def publish(self, reply: Reply) -> str:
        """Show a reply of the city to everybody; once under one key where keys are kept."""
        said = self.all("reply")
        for post in said:
            if self.manner.keeps_keys and post["key"] == reply.idempotency_key:
                return str(post["id"])
        key = f"r{len(said) + 1}"
        self.add(
            "reply",
            id=key,
            key=reply.idempotency_key,
            to=reply.in_reply_to,
            recipient=reply.recipient.external_id,
            visibility=reply.visibility,
            text=reply.text,
        )
        return key

    def look_up(self) -> list[SimpleNamespace]:
        """A geocoder knows the street that somebody names, and may be the last thing a process asks."""
        self.points.pass_by("before the look-up")
        self.points.pass_by("after the look-up")
        return [SimpleNamespace(raw=map_service.photon(map_service.street("Hauptstraße")))]


class Square(Platform):
    """A platform that keeps its own record."""

    name = "mastodon"
    label = "Marktplatz"
    capabilities = Capabilities(receives="poll")
    outside: ClassVar[Outside]

    def connect(self) -> Account:
        return self.account

    def poll(self, cursor: str | None) -> Page:
        written = self.outside.all("written")[int(cursor or 0) :]
        events = (PlatformEvent(key=one["id"], payload=one["payload"]) for one in written)
        return Page(events=tuple(events), cursor=str(int(cursor or 0) + len(written)))

    def look_again(self, external_ids: list[str]) -> Page:
        return Page()

    def parse(self, payload: str) -> list[InboundMessage | Withdrawal]:
        return FOUND.validate_json(payload)

    def limit(self) -> int:
        return 500

    def count(self, text: str) -> int:
        return len(text)

    def address(self, text: str, reply_to: str) -> str:
        return f"@{reply_to} {text}"

    def reply(self, reply: Reply) -> Receipt:
        points = self.outside.points
        points.pass_by("before the reply")
        posted = self.outside.publish(reply)
        points.pass_by("after the reply")
        return Receipt(external_id=posted)

    def find_reply(self, reply: Reply) -> Receipt | None:
        if self.outside.manner is Manner.NOTHING:
            raise PermanentError("this platform shows nobody what was said")
        late = self.outside.manner in {Manner.LAG, Manner.KEY_AND_LAG}
        shown = (datetime.now(UTC) - (LAG if late else timedelta())).timestamp()
        for post in self.outside.all("reply"):
            same = (post["to"], post["text"]) == (reply.in_reply_to, reply.text)
            if same and post["at"] <= shown:
                return Receipt(external_id=post["id"])
        return None

    def repeat_is_safe(self, reply: Reply) -> bool:
        return self.outside.manner.keeps_keys or self.outside.manner is Manner.BROKEN_WORD


class Mailbox(Channel):
    """The mailbox of every department."""

    name = "email"
    outside: ClassVar[Outside]

    def check_address(self, address: str) -> None:
        return

    def deliver(self, handover: Handover) -> Receipt:
        points = self.outside.points
        points.pass_by("before the mail")
        self.outside.add("mail", id=handover.message_id, ticket=handover.reference, to=handover.department)
        points.pass_by("after the mail")
        return Receipt(external_id=handover.message_id)

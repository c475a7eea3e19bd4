"""What became of the mentions of a kill run, in the words of those who test queues."""

import json
import re
from collections import Counter
from pathlib import Path

from pydantic import BaseModel

from tests.journey.whole import Whole

LATER = " + ".join(
    f"(SELECT count(*) FROM {table} WHERE step IS NOT NULL)"
    for table in ("raw_event", "message", "ticket", "status_update", "delivery", "sent_reply", "attachment")
)
RECOVERED = " + ".join(
    f"(SELECT count(*) FROM {table} WHERE attempt > {usual})"
    for table, usual in (("raw_event", 1), ("message", 2), ("delivery", 1), ("sent_reply", 1))
)

TICKETED = "SELECT m.external_id FROM message m JOIN ticket_message t ON t.message_id = m.id"


class Tally(BaseModel):
    """One kill run in numbers; everything from `lost` to `unexpected` is to be zero."""

    acknowledged: int
    lost: int
    doubled_tickets: int
    doubled_deliveries: int
    doubled_replies: int
    unexpected: int
    recovered: int
    to_a_person: int
    mails_twice: int

    @property
    def clean(self) -> bool:
        """Whether every promise was kept."""
        doubled = self.doubled_tickets + self.doubled_deliveries + self.doubled_replies
        return self.lost + doubled + self.unexpected == 0


def at_rest(whole: Whole, count: int) -> bool:
    """Whether every mention has come and nothing waits any more."""
    known = whole.rows("SELECT count(*) FROM message WHERE NOT by_us")[0][0]
    return bool(known >= count and whole.rows(f"SELECT {LATER}")[0][0] == 0)


def tally(whole: Whole, mentions: dict[str, str]) -> Tally:
    """Compare what the square and the mailbox saw with what was written: message id to persona."""
    said = said_by_the_city(next(whole.data.rglob("journal.jsonl")))
    answered = {one for one, _ in said}
    waiting = left_to_a_person(whole)
    mails = Counter(str(mail["message-id"]) for mail in whole.mails("[LE-"))
    ticketed = {one for (one,) in whole.rows(TICKETED)}
    heard = ticketed & (answered | waiting)
    return Tally(
        acknowledged=len(mentions),
        lost=len(mentions.keys() - heard) + max(0, len(mentions) - len(mails)),
        doubled_tickets=whole.rows("SELECT count(*) - count(DISTINCT reporter_id) FROM ticket")[0][0],
        doubled_deliveries=max(0, len(mails) - len(mentions)),
        doubled_replies=sum(said.values()) - len(answered),
        unexpected=sum(mentions.get(one) != _addressed(words) for one, words in said),
        recovered=whole.rows(f"SELECT {RECOVERED}")[0][0],
        to_a_person=len(waiting),
        mails_twice=sum(mails.values()) - len(mails),
    )


def left_to_a_person(whole: Whole) -> set[str]:
    """The mentions whose answer waits for a person."""
    query = (
        "SELECT m.external_id FROM sent_reply r JOIN message m ON m.id = r.message_id "
        "WHERE r.step IS NULL AND r.state IN ('unknown', 'needs_decision')"
    )
    return {one for (one,) in whole.rows(query)}


def said_by_the_city(journal: Path) -> Counter[tuple[str, str]]:
    """How often the city said what to which post."""
    said: Counter[tuple[str, str]] = Counter()
    for line in journal.read_text().splitlines():
        event = json.loads(line)
        if event["did"] == "wrote" and event["status"]["account_id"] == "1":
            draft = event["status"]["draft"]
            said[draft["in_reply_to_id"], draft["status"]] += 1
    return said


def _addressed(words: str) -> str | None:
    mention = re.match(r"@(\w+)", words)
    return mention[1] if mention else None

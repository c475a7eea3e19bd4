"""What has had its time is forgotten, and what was set aside can be tried again."""

from datetime import timedelta

import pytest

from bridge.domain import Attachment, ClockKind, PlatformEvent, Step, TicketStatus
from bridge.tickets import claims, search
from bridge.tickets.book import chores, events, messages, tickets, updates
from bridge.tickets.session import writing
from bridge.tickets.tables import ChoreRow, ClockRow, RawEventRow
from bridge.tickets.types import utcnow
from tests.tickets import story

pytestmark = pytest.mark.usefixtures("database")


def test_the_sweep_forgets_payloads_and_keeps_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chores, "BATCH", 2)
    account = story.connect()
    for _ in range(5):
        story.enter(account, story.post())
    waiting = PlatformEvent(key="waiting", payload="unread")
    events.store_events(account, (waiting,))
    assert chores.sweep_raw(utcnow() - timedelta(days=30)) == 0
    assert chores.sweep_raw(utcnow() + timedelta(seconds=1)) == 5
    kept = story.rows(RawEventRow)
    assert [row.payload for row in kept] == [""] * 5 + ["unread"]
    assert all(row.key for row in kept)
    assert events.store_events(account, (waiting,)) == 0


def test_the_chores_are_there_once() -> None:
    chores.ensure()
    chores.ensure()
    assert [row.name for row in story.rows(ChoreRow)] == ["sweep"]


def test_everything_set_aside_is_seen_and_can_be_tried_again() -> None:
    account = story.connect()
    picture = Attachment(url="https://marktplatz.example/1.jpg")
    case = story.open_ticket(account)
    tickets.give_up(story.only(Step.ROUTE), "no rule")
    updates.hear(case.id, "press", "1", status=TicketStatus.RESOLVED, words="", actor="staff:vera")
    story.enter(account, story.post(attachments=(picture,), author=story.BEN))
    messages.understood(story.only(Step.UNDERSTAND), story.CLEAR)
    events.store_events(account, (PlatformEvent(key="poison", payload="?"),))
    clock = {"kind": ClockKind.ANSWER, "ends_at": utcnow(), "step": Step.REMIND}
    with writing() as session:
        session.add(ClockRow(ticket_id=case.id, department="streets", **clock))
    for step in (Step.RECEIVE, Step.OPEN, Step.FETCH, Step.UPDATE, Step.REMIND):
        claims.set_aside(story.only(step), f"poison of {step}")
    seen = {item.what: item.error for item in search.set_aside()}
    assert seen == {
        "event": "poison of receive",
        "message": "poison of open",
        "picture": "poison of fetch",
        "update": "poison of update",
        "clock": "poison of remind",
    }
    again = chores.requeue()
    steps = (Step.RECEIVE, Step.UNDERSTAND, Step.FETCH, Step.ROUTE, Step.UPDATE, Step.REMIND)
    assert again == dict.fromkeys(steps, 1)
    assert search.set_aside() == []
    assert set(steps) <= set(claims.due_steps())
    assert not chores.requeue().total()

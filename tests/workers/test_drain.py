"""The loop under every step: poison is set aside, and bells may be lost."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest

from bridge import queues
from bridge.domain import (
    PermanentError,
    PlatformEvent,
    Step,
    TemporaryError,
    TicketStatus,
)
from bridge.tickets import claims, search
from bridge.tickets.book import events
from bridge.tickets.claims import Claim
from bridge.tickets.session import writing
from bridge.tickets.tables import MessageRow, RawEventRow
from bridge.tickets.types import utcnow
from tests.tickets import story
from tests.workers.scripted import Town
from workers import ground, receive, route, ticker


def test_poison_is_set_aside_while_everything_else_goes_on(town: Town) -> None:
    for number in range(100):
        written = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number)
        town.write(f"Fall {number}", written_at=written)
        if number % 20 == 0:
            events.store_events(town.account, (PlatformEvent(key=f"poison {number}", payload="{"),))
    for _ in range(7):
        town.flow(40)
    assert len(story.rows(MessageRow)) == 100
    assert search.listing("all").total == 100
    aside = search.set_aside()
    assert len(aside) == 5
    assert all(item.what == "event" and "ValidationError" in item.error for item in aside)
    assert Step.RECEIVE not in claims.due_steps()


def test_a_row_that_kills_its_process_each_time_is_set_aside(town: Town) -> None:
    town.write()
    for _ in range(ground.MOST_TRIES):
        assert claims.claim(Step.RECEIVE, 1)
        town.clock.shift(61)
    receive.run()
    (item,) = search.set_aside()
    assert item.error == "no result after 5 tries"


def test_a_ticket_no_rule_can_be_applied_to_waits_for_a_person(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(route, "decision", lambda case: 1 / 0)
    town.write()
    for _ in range(7):
        town.flow(40)
    case = town.case()
    assert case.status is TicketStatus.NEEDS_DECISION
    assert "ZeroDivisionError" in case.changes[-1].words


def test_what_trying_cannot_help_is_set_aside_at_once(town: Town) -> None:
    town.write()

    def refuse(claim: Claim) -> tuple[Step, ...]:
        raise PermanentError("nobody can read this")

    ground.drain(Step.RECEIVE, refuse)
    assert [item.error for item in search.set_aside()] == ["nobody can read this"]


def test_a_lost_claim_is_no_failure(town: Town) -> None:
    town.write()

    def lose(claim: Claim) -> tuple[Step, ...]:
        with writing() as session:
            claims.wake(session.get_one(RawEventRow, claim.id), Step.RECEIVE, utcnow() + timedelta(hours=1))
        raise claims.LostClaimError

    ground.drain(Step.RECEIVE, lose)
    assert story.rows(RawEventRow)[0].error == ""


def test_temporary_trouble_is_waited_out_as_long_as_it_asks(town: Town) -> None:
    town.write()
    tried: list[Claim] = []

    def fail(claim: Claim) -> tuple[Step, ...]:
        tried.append(claim)
        raise TemporaryError("later", retry_after=50)

    ground.drain(Step.RECEIVE, fail)
    town.clock.shift(49)
    ground.drain(Step.RECEIVE, fail)
    assert len(tried) == 1
    town.clock.shift(2)
    ground.drain(Step.RECEIVE, fail)
    assert len(tried) == 2


def test_a_job_ends_in_time_and_rings_for_the_rest(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        town.write(f"Fall {number}")
    rung: list[Step] = []
    monkeypatch.setattr(queues, "ring", rung.append)
    monkeypatch.setattr(ground, "SHARE_OF_JOB", -1)
    ground.drain(Step.RECEIVE, receive.receive, batch=1)
    assert rung == [Step.UNDERSTAND, Step.RECEIVE]
    assert len(story.rows(MessageRow)) == 1


def test_only_the_holder_of_the_lease_ticks(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[Step] = []
    monkeypatch.setattr(queues, "ring", rung.append)
    town.write()
    ticker.tick("one")
    ticker.tick("two")
    assert rung == [Step.POLL, Step.RECEIVE]


def test_without_redis_bells_are_silent_and_nothing_is_lost(town: Town) -> None:
    queues.ring(Step.RECEIVE)
    queues.answer(Step.RECEIVE)
    town.write()
    ticker.tick("one")
    assert story.only(Step.RECEIVE)


def test_every_step_has_a_queue_a_job_and_a_table() -> None:
    for step in Step:
        assert queues.QUEUE_OF[step] in {queues.COMPUTE, queues.NETWORK}
        assert step in claims.TABLES
        module, _, name = queues.JOB_OF[step].rpartition(".")
        assert callable(getattr(import_module(module), name))

"""Who holds a row: one worker at a time, until its lease ends, and a late one writes nothing."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from bridge.domain import Cause, PlatformEvent, Step, Visibility
from bridge.tickets import claims, switches
from bridge.tickets.book import events
from bridge.tickets.book.tickets import Parcel, write_reply
from bridge.tickets.claims import LEASE, Claim, LostClaimError
from bridge.tickets.session import close, writing
from bridge.tickets.tables import RawEventRow, SentReplyRow
from bridge.tickets.types import utcnow
from tests.tickets import story

pytestmark = pytest.mark.usefixtures("database")


def store(account: int, count: int) -> None:
    page = tuple(PlatformEvent(key=str(number), payload="{}") for number in range(count))
    assert events.store_events(account, page) == count


@pytest.fixture
def held() -> Claim:
    store(story.connect(), 1)
    return story.only(Step.RECEIVE)


def later(seconds: float) -> time_machine.travel:
    return time_machine.travel(utcnow() + timedelta(seconds=seconds))


def test_a_leased_row_is_not_given_away(held: Claim) -> None:
    assert claims.claim(Step.RECEIVE, 10) == []


def test_a_row_comes_back_when_its_lease_ends(held: Claim) -> None:
    with later(LEASE.total_seconds() + 1):
        assert story.only(Step.RECEIVE).id == held.id


def test_tries_are_counted_even_where_the_process_died(held: Claim) -> None:
    assert held.tries == 1
    with later(61):
        assert story.only(Step.RECEIVE).tries == 2


def test_a_row_that_kills_its_worker_takes_no_neighbour_along() -> None:
    def work() -> None:
        while found := claims.claim(Step.RECEIVE, 10):
            for claim in found:
                tries[claim.id] = claim.tries
                if claim.id == 1:
                    return
                claims.finish(claim)

    store(story.connect(), 10)
    tries: dict[int, int] = {}
    for minute in range(8):
        with later(minute * 61):
            work()
            work()
    assert tries.pop(1) == 8
    assert list(tries.values()) == [2] * 9


@pytest.mark.parametrize(
    "write",
    [
        claims.finish,
        lambda claim: claims.postpone(claim, 1, "late"),
        lambda claim: claims.set_aside(claim, "late"),
        claims.release,
        lambda claim: events.enter(claim, [story.post()]),
    ],
    ids=["finish", "postpone", "set aside", "release", "enter"],
)
def test_a_worker_that_comes_too_late_writes_nothing(held: Claim, write: Callable[[Claim], object]) -> None:
    with later(61):
        newer = story.only(Step.RECEIVE)
        before = story.rows(RawEventRow)[0].model_dump()
        with pytest.raises(LostClaimError):
            write(held)
        assert story.rows(RawEventRow)[0].model_dump() == before
        assert not claims.still_ours(held, 0)
        assert claims.still_ours(newer, 30)


def test_a_worker_whose_lease_is_nearly_over_starts_nothing(held: Claim) -> None:
    assert claims.still_ours(held, 30)
    with later(45):
        assert not claims.still_ours(held, 30)


def test_waking_takes_the_row_from_whoever_holds_it(held: Claim) -> None:
    with writing() as session:
        claims.wake(session.get_one(RawEventRow, held.id), Step.RECEIVE)
    with pytest.raises(LostClaimError):
        claims.finish(held)
    assert story.only(Step.RECEIVE).tries == 1


def test_a_row_let_go_untried_counts_no_try(held: Claim) -> None:
    claims.release(held)
    assert story.only(Step.RECEIVE).tries == 1


def test_a_postponed_row_keeps_its_tries_and_its_reason(held: Claim) -> None:
    claims.postpone(held, 5, "x" * 900)
    assert claims.claim(Step.RECEIVE, 10) == []
    with later(6):
        again = story.only(Step.RECEIVE)
    assert again.tries == 2
    assert len(claims.last_error(again)) == 500


def test_claimers_never_share_a_row_and_leave_none() -> None:
    store(story.connect(), 200)
    taken: list[int] = []
    barrier = threading.Barrier(8)

    def take() -> None:
        barrier.wait()
        while found := claims.claim(Step.RECEIVE, 7):
            taken.extend(claim.id for claim in found)

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(row.id or 0 for row in story.rows(RawEventRow))


def test_replies_leave_in_the_order_of_their_urgency() -> None:
    case = story.open_ticket(story.connect())
    written = [
        (Cause.ACKNOWLEDGEMENT, Visibility.UNLISTED),
        (Cause.QUESTION, Visibility.UNLISTED),
        (Cause.STATUS, Visibility.UNLISTED),
        (Cause.STAFF, Visibility.UNLISTED),
        (Cause.ACKNOWLEDGEMENT, Visibility.DIRECT),
        (Cause.EMERGENCY, Visibility.UNLISTED),
    ]
    with writing() as session:
        for number, (cause, visibility) in enumerate(written):
            draft = story.draft(case, cause, cause_id=str(number), visibility=visibility)
            write_reply(session, draft, case.id)
    kept = {row.id: (row.cause, row.visibility) for row in story.rows(SentReplyRow)}
    assert [kept[claim.id] for claim in claims.claim(Step.REPLY, 10)] == written[::-1]


def test_the_pause_stops_what_goes_out_and_nothing_else() -> None:
    account = story.connect()
    case = story.open_ticket(account)
    story.route(case, story.draft(case), parcels=(Parcel(department="streets", reason="routed"),))
    store(account, 1)
    switches.pause("staff:vera")
    assert switches.paused_by() == "staff:vera"
    assert claims.due_steps() == [Step.POLL, Step.RECEIVE]
    assert not claims.claim(Step.REPLY, 10) + claims.claim(Step.DELIVER, 10)
    switches.resume()
    assert switches.paused_by() is None
    assert set(claims.due_steps()) == {Step.POLL, Step.RECEIVE, Step.REPLY, Step.DELIVER}
    assert claims.claim(Step.REPLY, 10)


def test_only_one_process_holds_the_lease_of_the_ticker() -> None:
    assert switches.hold_lease("ticker", "one", 5)
    assert switches.hold_lease("ticker", "one", 5)
    assert not switches.hold_lease("ticker", "two", 5)
    with later(6):
        assert switches.hold_lease("ticker", "two", 5)
        assert not switches.hold_lease("ticker", "one", 5)


def test_what_was_committed_is_there_after_a_restart() -> None:
    store(story.connect(), 3)
    close()
    assert len(claims.claim(Step.RECEIVE, 10)) == 3

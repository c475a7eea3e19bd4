"""However a platform fails, a citizen is answered once, or a person looks."""

from contextlib import suppress
from datetime import timedelta

import pytest

from bridge.domain import (
    DecisionReason,
    PermanentError,
    SendState,
    Step,
    TemporaryError,
    TicketStatus,
    Withdrawal,
)
from bridge.tickets import claims, switches
from bridge.tickets.book import desk
from bridge.tickets.tables import SentReplyRow
from bridge.tickets.types import utcnow
from tests.tickets import story
from tests.workers.scripted import Killed, Town
from workers import open, receive, reply, route, understand

FAULTS = [
    "429",
    "500 before",
    "500 after",
    "time-out before",
    "time-out after",
    "reset after",
    "late",
    "killed before",
    "killed after",
    "bug",
]


def go_on(town: Town, rounds: int = 9, seconds: float = 65) -> None:
    for _ in range(rounds):
        town.clock.shift(seconds)
        with suppress(Killed):
            reply.run()


def state(town: Town) -> SendState:
    return town.case().replies[0].state


@pytest.mark.parametrize("keeps_keys", [False, True], ids=["read back", "key"])
@pytest.mark.parametrize("fault", FAULTS)
def test_after_any_fault_the_citizen_is_answered_exactly_once(
    town: Town, fault: str, keeps_keys: bool
) -> None:
    town.script.keeps_keys = keeps_keys
    town.script.faults.append(fault)
    town.write()
    with suppress(Killed):
        town.flow()
    go_on(town)
    assert state(town) is SendState.SENT
    assert len(town.said) == 1
    assert town.case().status is TicketStatus.ROUTED


@pytest.mark.parametrize("first", FAULTS)
@pytest.mark.parametrize("second", ["429", "time-out after", "killed after"])
def test_two_faults_in_a_row_double_nothing(town: Town, first: str, second: str) -> None:
    town.script.faults.extend([first, second])
    town.write()
    with suppress(Killed):
        town.flow()
    go_on(town)
    assert state(town) is SendState.SENT
    assert len(town.said) == 1


@pytest.mark.parametrize("fault", ["500 after", "time-out after", "killed after"])
@pytest.mark.parametrize("lag", [0, 5, 60])
def test_a_thread_that_shows_posts_late_doubles_nothing(town: Town, fault: str, lag: float) -> None:
    town.script.read_lag = lag
    town.script.faults.append(fault)
    town.write()
    with suppress(Killed):
        town.flow()
    go_on(town)
    assert (state(town), len(town.said)) == (SendState.SENT, 1)


def test_an_unreadable_thread_is_read_again_before_anything_is_sent(town: Town) -> None:
    town.script.faults.append("time-out after")
    town.script.blind.extend([TemporaryError("503"), TemporaryError("429", retry_after=90)])
    town.write()
    town.flow()
    go_on(town)
    assert (state(town), len(town.said)) == (SendState.SENT, 1)


def test_a_thread_that_can_never_be_read_is_left_to_a_person(town: Town) -> None:
    town.script.faults.append("time-out after")
    town.script.blind.append(PermanentError("403"))
    town.write()
    town.flow()
    go_on(town)
    assert (state(town), len(town.said)) == (SendState.UNKNOWN, 1)
    assert town.case().reason is DecisionReason.UNKNOWN_OUTCOME


def test_three_unknown_outcomes_are_left_to_a_person(town: Town) -> None:
    town.script.faults.extend(["time-out before"] * 3)
    town.write()
    town.flow()
    go_on(town, 40)
    assert (state(town), town.said) == (SendState.UNKNOWN, [])
    desk.settle_reply(town.case().replies[0].id, "staff:vera", arrived=False)
    town.flow()
    assert (state(town), len(town.said)) == (SendState.SENT, 1)
    assert town.case().status is TicketStatus.DELIVERED


def test_a_refused_reply_is_left_to_a_person_who_may_reword_it(town: Town) -> None:
    town.script.faults.append("refused")
    town.write()
    town.flow()
    assert (state(town), town.case().replies[0].error) == (SendState.NEEDS_DECISION, "422")
    desk.release_reply(town.case().replies[0].id, "staff:vera", "Anders gesagt.")
    town.flow()
    assert town.said == ["@ada@marktplatz.example Anders gesagt."]


def test_a_platform_that_asks_for_patience_gets_it(town: Town) -> None:
    town.script.faults.append("429")
    town.write()
    town.flow()
    town.flow(29)
    assert town.said == []
    town.flow(2)
    assert len(town.said) == 1


def test_one_reply_that_fails_does_not_hold_up_the_others(town: Town) -> None:
    town.script.faults.append("bug")
    for number in range(5):
        town.write(f"Fall {number}", written_at=utcnow() + timedelta(hours=number))
    town.flow()
    assert len(town.said) == 4


def test_a_lease_that_is_nearly_over_sends_nothing_and_costs_no_try(town: Town) -> None:
    town.write()
    for step in (receive, understand, open, route):
        step.run()
    claim = story.only(Step.REPLY)
    town.clock.shift(40)
    assert list(reply.work(claim)) == []
    assert town.said == []
    assert story.only(Step.REPLY).tries == 1


def test_what_is_paused_waits_and_goes_out_afterwards(town: Town) -> None:
    switches.pause("staff:vera")
    town.write()
    town.settle()
    assert (town.said, town.script.mails) == ([], [])
    assert town.case().status is TicketStatus.ROUTED
    switches.resume()
    town.flow()
    assert (len(town.said), len(town.script.mails)) == (1, 1)


def test_a_citizen_who_took_the_message_back_hears_nothing_more(town: Town) -> None:
    town.script.faults.append("429")
    town.write(id="1")
    town.flow()
    town.tell(Withdrawal(external_id="1"))
    town.settle()
    town.flow(60)
    assert (town.said, town.script.mails) == ([], [])


def test_our_own_post_seen_first_settles_the_reply(town: Town) -> None:
    town.script.faults.append("time-out after")
    message = town.write(id="1")
    town.flow()
    (post,) = town.script.posts
    own = story.post(
        post.reply.text,
        id=post.id,
        author=story.US,
        by_us=True,
        in_reply_to=message,
        conversation_id=message,
    )
    town.tell(own)
    town.flow()
    go_on(town)
    assert (state(town), len(town.said)) == (SendState.SENT, 1)
    assert [row.external_id for row in story.rows(SentReplyRow)] == [post.id]
    assert Step.REPLY not in claims.due_steps()


def test_a_key_is_not_trusted_while_the_thread_cannot_be_read(town: Town) -> None:
    town.script.keeps_keys = True
    town.script.faults.append("time-out before")
    town.script.blind.append(TemporaryError("503"))
    town.write()
    town.flow()
    town.flow(125)
    assert (state(town), town.said) == (SendState.UNKNOWN, [])
    go_on(town)
    assert (state(town), len(town.said)) == (SendState.SENT, 1)

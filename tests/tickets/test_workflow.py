"""The states of a ticket and the moves between them."""

import pytest

from bridge.domain import TicketStatus
from bridge.tickets import workflow
from bridge.tickets.workflow import ALLOWED, FINAL, MoveNotAllowedError


def reachable(start: TicketStatus) -> set[TicketStatus]:
    found, new = set[TicketStatus](), {start}
    while new:
        found |= new
        new = {after for status in new for after in ALLOWED[status]} - found
    return found


def test_every_state_is_reached_from_the_first() -> None:
    assert reachable(TicketStatus.RECEIVED) == set(TicketStatus) == set(ALLOWED)


@pytest.mark.parametrize("status", sorted(FINAL))
def test_nothing_leaves_an_end_but_reopening(status: TicketStatus) -> None:
    assert ALLOWED[status] == {TicketStatus.REOPENED}
    assert not workflow.is_open(status)


@pytest.mark.parametrize("status", sorted(set(TicketStatus) - FINAL))
def test_every_open_ticket_can_be_closed_or_given_to_a_person(status: TicketStatus) -> None:
    assert ALLOWED[status] >= FINAL
    assert TicketStatus.NEEDS_DECISION in ALLOWED[status]
    assert workflow.is_open(status)


def test_nothing_goes_back_to_the_beginning() -> None:
    assert not [status for status, after in ALLOWED.items() if TicketStatus.RECEIVED in after]


def test_a_move_that_is_not_allowed_says_so() -> None:
    with pytest.raises(MoveNotAllowedError, match="resolved cannot become accepted"):
        workflow.check(TicketStatus.RESOLVED, TicketStatus.ACCEPTED)

"""Remind: let clocks run, stop and go on, and tell the department, then the press desk, of silence."""

from collections.abc import Iterable
from datetime import datetime

from bridge.domain import ClockKind, Step, WorkingSpan
from bridge.hours import WorkingTime
from bridge.settings import settings
from bridge.tickets import search
from bridge.tickets.book import clocks
from bridge.tickets.book.clocks import Clock
from bridge.tickets.claims import Claim, finish
from bridge.tickets.types import utcnow
from bridge.tickets.views import Case
from bridge.tickets.workflow import OWED, STOPS_CLOCKS
from workers.ground import city, drain, rules

AGAIN = WorkingSpan(days=5)
"""How long after an alert the next one comes."""
MOST_LEVELS = 5
"""One reminder, one alert, and three more."""


def run() -> None:
    """Look at every clock that is due."""
    drain(Step.REMIND, work)


def work(claim: Claim) -> Iterable[Step]:
    """Look at one clock: by what has happened it stops, goes on, or somebody is told of the silence."""
    clock = clocks.look(claim)
    case = search.case(clock.ticket_id)
    assert case is not None
    time = city().working_time(clock.department)
    if clock.left is not None:
        return _go_on(claim, clock, case, time)
    if clock.is_new:
        end = time.add(clock.started_at, _owed(case, clock.kind))
        clock = clock.model_copy(update={"ends_at": end})
    if case.status in STOPS_CLOCKS:
        clocks.stop(claim, time.between(case.changes[-1].at, clock.ends_at))
    elif clock.level >= MOST_LEVELS:
        finish(claim)
    elif (due := _next_look(clock, time)) > utcnow():
        clocks.run(claim, clock.ends_at, due)
    elif not time.is_open(utcnow()):
        clocks.run(claim, clock.ends_at, time.next_opening(utcnow()))
    else:
        return _tell(claim, clock, case, time)
    return ()


def _go_on(claim: Claim, clock: Clock, case: Case, time: WorkingTime) -> Iterable[Step]:
    """Let a stopped clock run again once the department has the ticket again."""
    if case.status in OWED and clock.left is not None:
        clock = clock.model_copy(update={"ends_at": time.after(utcnow(), clock.left)})
        clocks.run(claim, clock.ends_at, _next_look(clock, time))
    else:
        finish(claim)
    return ()


def _tell(claim: Claim, clock: Clock, case: Case, time: WorkingTime) -> Iterable[Step]:
    """Remind the department first, and tell the press desk if that did not help."""
    later = clock.model_copy(update={"level": clock.level + 1})
    if clock.level:
        clocks.alert(claim, _next_look(later, time))
        return (Step.NOTIFY,)
    automation = city().automation(Step.REMIND, case.category, settings().automation)
    clocks.remind(claim, automation, _next_look(later, time))
    return Step.DELIVER, Step.NOTIFY


def _next_look(clock: Clock, time: WorkingTime) -> datetime:
    """When somebody is to be told next; always at the beginning of an opening, so that they are there."""
    at = time.next_opening(clock.ends_at)
    for level in range(clock.level):
        patience = AGAIN if level else city().reminds(clock.department)
        at = time.next_opening(time.add(at, patience))
    return at


def _owed(case: Case, kind: ClockKind) -> WorkingSpan:
    """How long the department has: for its first word, or by rule or category for an outcome."""
    if kind is ClockKind.ANSWER:
        return city().reminds(case.department or "")
    rule = next((rule for rule in rules().rules if rule.name == case.rule), None)
    return rule.due if rule and rule.due else city().due(case.category)

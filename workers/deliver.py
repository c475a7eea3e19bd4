"""Deliver: hand tickets to the departments that must act, each in the rhythm its office wants."""

import time
from collections.abc import Iterable
from datetime import datetime, timedelta

from bridge import delivery
from bridge.delivery import Channel
from bridge.domain import (
    BridgeError,
    GoneError,
    Kind,
    PermanentError,
    Priority,
    Purpose,
    Receipt,
    Step,
    TemporaryError,
    UnknownOutcomeError,
)
from bridge.settings import settings
from bridge.tickets import search, switches
from bridge.tickets.book import deliveries, trackers
from bridge.tickets.book.attempts import Trial
from bridge.tickets.book.deliveries import ALARM, ROUTED, Task, Waiting
from bridge.tickets.claims import Claim, release, still_ours
from bridge.tickets.types import utcnow
from bridge.tickets.views import Case
from workers.ground import city, drain, gazetteer
from workers.handovers import channel_of, handover
from workers.outside import fit_for

SEND_SECONDS = 30.0
"""What must be left of the lease before a hand-over starts."""
SLOW_MILLISECONDS, SLOW_PAUSE = 4000, 60.0
"""From when on a failed try was slow, and for how many seconds its department is then left alone."""
HOUR = timedelta(hours=1)


def warm_up() -> None:
    """Read the places for the maps and load every channel."""
    gazetteer()
    for name in delivery.names():
        delivery.load(name)


def run() -> None:
    """Make every hand-over that is due."""
    drain(Step.DELIVER, work, batch=10, most_tries=None)


def work(claim: Claim) -> Iterable[Step]:
    """Make one hand-over, or the list it leads; rather twice under one identity than not at all."""
    if not still_ours(claim, SEND_SECONDS):
        release(claim)
        return ()
    waiting = deliveries.look(claim)
    wait = switches.until_turn(_slow(waiting.department)) if claim.tries == 1 else 0.0
    if wait and waiting.reason != ALARM:
        release(claim, wait)
        return ()
    case = _case(waiting.ticket_id)
    worthless_at = _worthless_at(case, waiting)
    leaves = _leaves(case, waiting) if claim.tries == 1 and waiting.listed_in is None else None
    if leaves and leaves > utcnow():
        deliveries.gather(claim, leaves, worthless_at)
        return (Step.UPDATE,)
    task = deliveries.begin(claim, worthless_at)
    if task is None:
        return Step.UPDATE, Step.NOTIFY
    return _try(claim, task)


def _try(claim: Claim, task: Task) -> Iterable[Step]:
    """Send once and write down what came of it."""
    retry_seconds, began = Channel.retry_seconds, time.monotonic()
    case = _case(task.ticket_id)
    try:
        channel = delivery.load(channel_of(task.department, case.rule))(settings())
        retry_seconds = channel.retry_seconds
        receipt = _send(channel, task, case)
        deliveries.sent(claim, receipt, _trial(began, receipt))
    except PermanentError as error:
        deliveries.refused(claim, str(error), _trial(began, error))
        return (Step.NOTIFY,)
    except (TemporaryError, UnknownOutcomeError) as error:
        after = getattr(error, "retry_after", None)
        unclear = isinstance(error, UnknownOutcomeError)
        trial = _trial(began, error)
        deliveries.not_sent(claim, after, str(error), retry_seconds, trial, unclear=unclear)
        if trial.milliseconds > SLOW_MILLISECONDS:
            switches.put_off(_slow(task.department), SLOW_PAUSE)
    return ()


def _slow(department: str) -> str:
    """The turn that what is new for a department waits for, where its server has kept us waiting.

    Else a hundred tickets for one office whose server hangs would hold up all other offices.
    """
    return f"slow:{department}"


def _trial(began: float, told: Receipt | BridgeError) -> Trial:
    return Trial(milliseconds=round((time.monotonic() - began) * 1000), status_code=told.status_code)


def _send(channel: Channel, task: Task, case: Case) -> Receipt:
    parcels = ((case, task), *((_case(each.ticket_id), each) for each in task.beside))
    handovers = [fit_for(about, handover(about, each)) for about, each in parcels]
    address = handovers[0].address
    if switches.shut_addresses().get(task.department) == address:
        raise PermanentError(f"{address} said that it is gone; `bridge departments enable {task.department}`")
    if channel.purpose is Purpose.TRACKER:
        trackers.ensure(task.department)
    try:
        if task.listed_in:
            return channel.deliver_list(tuple(handovers), task.listed_in)
        return channel.deliver(handovers[0])
    except GoneError:
        switches.shut(task.department, address)
        raise


def _leaves(case: Case, waiting: Waiting) -> datetime | None:
    """When the office wants to hear of this; None for at once."""
    office = city().departments.get(waiting.department)
    urgent = case.kind is Kind.EMERGENCY or case.priority is Priority.HIGH
    again = bool(waiting.sent_at or waiting.address)
    if office is None or urgent or again:
        return None
    if not delivery.load(channel_of(waiting.department, case.rule)).takes_lists:
        return None
    leaves = office.mail.leaves(waiting.due_at, city().working_time(waiting.department), city().zone)
    most = office.mail.list_above
    if most and len(waiting.recent) >= most:
        leaves = max(leaves, waiting.recent[-most] + HOUR)
    return leaves


def _worthless_at(case: Case, waiting: Waiting) -> datetime | None:
    """From when on the office could do nothing with it; it already knows of what it got before."""
    category = city().all_categories.get(case.category or "")
    hours = category.worthless_after_hours if category else None
    if hours is None or waiting.known or waiting.reason != ROUTED:
        return None
    written = min((m.written_at for m in case.messages if m.from_reporter), default=case.opened_at)
    return written + timedelta(hours=hours)


def _case(ticket_id: int) -> Case:
    case = search.case(ticket_id)
    assert case is not None
    return case

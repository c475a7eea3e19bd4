"""Track: ask the departments' own trackers what became of our tickets."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from bridge.city import DepartmentFile
from bridge.delivery.open311 import Tracker
from bridge.delivery.open311.states import means
from bridge.delivery.open311.tracker import TOKEN, Said
from bridge.domain import BridgeError, PermanentError, Purpose, Step, TemporaryError
from bridge.hours import local
from bridge.settings import settings
from bridge.tickets.book import secrets, trackers, updates
from bridge.tickets.book.trackers import Asked, Known, Word
from bridge.tickets.claims import Claim, finish
from bridge.tickets.types import utcnow
from workers.ground import city, drain, rules

EVERY_SECONDS = 15 * 60.0
OVERLAP = timedelta(minutes=30)
"""Asked for again each time: clocks differ, and what is said late bears its own time."""
NIGHT, LOOK_BACK = time(3), timedelta(days=1)
"""When once a day everything of a whole day is asked for again."""
MOST_BACK = timedelta(days=89)
BY_TRACKER = "open311-"


def run() -> None:
    """Ask every tracker that is due."""
    drain(Step.TRACK, work, batch=1, most_tries=None)


def work(claim: Claim) -> Iterable[Step]:
    """Ask one tracker for what is new since it was asked last."""
    asked, now = trackers.look(claim), utcnow()
    office = city().departments.get(asked.department)
    if office is None or "open311" not in _channels(asked.department, office):
        finish(claim)
        return ()
    tracker = _tracker(asked.department, office)
    try:
        _number(asked.department, tracker)
        heard = _hear(asked.department, tracker, _since(asked, now), now)
    except (TemporaryError, PermanentError) as error:
        trackers.failed(claim, getattr(error, "retry_after", None) or EVERY_SECONDS, str(error))
        return ()
    trackers.asked(claim, now, EVERY_SECONDS)
    return (Step.UPDATE, Step.NOTIFY) if heard else ()


def _channels(department: str, office: DepartmentFile) -> set[str | None]:
    """Its own channel, and those that rules name for it."""
    return {office.channel, *(rule.channel for rule in rules().rules if rule.send_to == department)}


def _tracker(department: str, office: DepartmentFile) -> Tracker:
    keys = secrets.holding(department, Purpose.TRACKER)
    key = keys[0] if keys else None
    return Tracker(settings(), office.address, office.open311.jurisdiction_id, key)


def _since(asked: Asked, now: datetime) -> datetime:
    """From when on to ask: a little before the last time, and once a night a whole day before."""
    before = asked.asked_until or now - LOOK_BACK
    zone = city().zone
    night = datetime.combine(local(now, zone).date(), NIGHT, zone)
    since = now - LOOK_BACK if before < night <= now else before - OVERLAP
    return max(min(since, before), now - MOST_BACK)


def _number(department: str, tracker: Tracker) -> None:
    """Ask for the numbers of what has only a token."""
    for each in trackers.known(department):
        if _is_token(each.number):
            try:
                trackers.numbered(department, each.number, tracker.number(each.number))
            except BridgeError:
                continue


def _hear(department: str, tracker: Tracker, start: datetime, end: datetime) -> bool:
    """Take in what is new; True where anything was.

    Without the update extension every open ticket is looked at instead.
    """
    said = tracker.updates(start, end)
    if said is None:
        known = {each.number: each for each in trackers.known(department) if not _is_token(each.number)}
        said = tracker.states(list(known)) if known else []
    else:
        known = {each.number: each for each in trackers.known(department, {each.number for each in said})}
    heard = False
    for each in said:
        ticket = known.get(each.number)
        taken = _take(department, ticket, each) if ticket else None
        if taken:
            known[each.number], heard = taken, True
    return heard


def _take(department: str, ticket: Known, said: Said) -> Known | None:
    """Store one word of a tracker; the ticket as known from then on, None where it was nothing new.

    A state nobody knows is for staff to read.
    """
    status = means(said.status, ticket.status, said.words)
    word = Word(
        ticket_id=ticket.ticket_id,
        department=department,
        external_id=f"{BY_TRACKER}{said.id}",
        status=status or ticket.status,
        words=said.words if status else f"Unbekannter Stand „{said.status}“. {said.words}".strip(),
        actor=f"department:{department}",
    )
    if status is None:
        return ticket if trackers.not_understood(word) else None
    repeats = (status, said.words) == (ticket.last_status, ticket.last_words)
    if repeats or (status == ticket.status and not said.words):
        trackers.keep(word)
        return None
    now = {"status": status, "last_status": status, "last_words": said.words}
    return ticket.model_copy(update=now) if updates.hear(**word.model_dump()) else None


def _is_token(number: str) -> bool:
    return number.startswith(TOKEN)

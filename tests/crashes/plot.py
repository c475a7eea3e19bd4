"""A small town's afternoon: every step of the river, one citizen after the other, a department, a colleague.

Whoever acts looks first what is there already, as people do; so the story goes on where a crash left it.
"""

from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any, NamedTuple

import time_machine
from sqlmodel import col, select

from bridge.domain import Attachment, Author, Cause, Kind, Step, TicketStatus, Understanding, Visibility
from bridge.tickets import claims, search
from bridge.tickets.book import accounts, desk, staff, updates
from bridge.tickets.session import reading
from bridge.tickets.tables import CityAccountRow, ClockRow, MessageRow, TicketMessageRow
from bridge.tickets.views import Case
from tests.crashes.outside import FOUND, Outside
from tests.factories import make_location, make_message, make_understanding
from workers import (
    deliver,
    fetch,
    locate,
    notify,
    open,
    poll,
    receive,
    remind,
    reply,
    route,
    understand,
    update,
)

BEGIN = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
STEPS: tuple[ModuleType, ...] = (
    poll,
    receive,
    understand,
    locate,
    fetch,
    open,
    route,
    update,
    reply,
    deliver,
    remind,
    notify,
)
ROUND = 15.0
"""Seconds from one ring of all bells to the next: longer than the join window."""
MOST_ROUNDS = 400


class Written(NamedTuple):
    """What a citizen writes."""

    id: str
    persona: str
    text: str
    meaning: Understanding
    visibility: Visibility = Visibility.PUBLIC
    answers: str | None = None
    photo: bool = False


LAMP = Written("m1", "ada", "Die Ampel ist aus", make_understanding(), photo=True)
DUMP = Written("m2", "ben", "Sperrmüll", make_understanding(category="illegal_dumping", location=None))
WHERE = Written("m3", "ben", "Hauptstraße", make_understanding(category="illegal_dumping"), answers="m2")
FIRE = Written("m4", "cem", "Es brennt", make_understanding(kind=Kind.EMERGENCY, category=None))
HOLE = Written(
    "m5",
    "dora",
    "Schlagloch",
    make_understanding(category="road_damage", location=make_location(lat=None, lon=None)),
    visibility=Visibility.DIRECT,
)
STORY = (LAMP, DUMP, WHERE, FIRE, HOLE)
MEANINGS = {each.text: each.meaning for each in STORY}
REPLIES, TICKETS = 7, 4
"""Lamp: acknowledged and done. Dump: asked and acknowledged. Fire: 112. Hole: acknowledged and answered."""


def live(outside: Outside) -> None:
    """Live through the whole story, from where the last process ended, until nothing is left to do."""
    times = [line["at"] for line in outside.all("time")]
    begin = datetime.fromtimestamp(times[-1], UTC) + timedelta(seconds=ROUND) if times else BEGIN
    with time_machine.travel(begin, tick=False) as clock:
        for _ in range(MOST_ROUNDS):
            outside.add("time")
            acted = _people_act(outside)
            for step in STEPS:
                outside.points.step = step.__name__.rpartition(".")[2]
                step.run()
            clock.shift(ROUND)
            if not acted and at_rest():
                return
        raise AssertionError("the story does not end")


def found_city(outside: Outside) -> None:
    """What is there before the story begins."""
    with time_machine.travel(BEGIN, tick=False):
        accounts.connect(
            "mastodon", "https://marktplatz.example", "stadt", "1", "t", limit=500, poll_seconds=ROUND
        )
        staff.add("vera", "Vera", password="ein langes Passwort", email="vera@musterstadt.example")


def at_rest() -> bool:
    """Whether no row is waiting for anything, and what was written has been asked for."""
    with reading() as session:
        return not any(
            session.exec(select(table.id).where(table.step == step, *_unfinished(step)).limit(1)).first()
            for step, table in claims.TABLES.items()
        )


def _unfinished(step: Step) -> list[Any]:
    match step:
        case Step.POLL:
            # The next poll is always due; only one that was begun and not ended is worth waiting for.
            return [col(CityAccountRow.lease_until).is_not(None)]
        case Step.REMIND:
            # A running clock is due in some days.
            return [col(ClockRow.due_at) <= datetime.now(UTC)]
    return []


def _people_act(outside: Outside) -> bool:
    outside.points.step = "people"
    written = {line["id"] for line in outside.all("written")}
    due = [each for each in STORY if each.id not in written and _may_write(outside, each)]
    for each in due:
        outside.add("written", id=each.id, payload=_payload(outside, each))
    return any((due, _press_done(), _answer_by_hand()))


def _may_write(outside: Outside, each: Written) -> bool:
    return each.answers is None or bool(_answers_to(outside, each.answers))


def _answers_to(outside: Outside, message: str) -> list[str]:
    return [line["id"] for line in outside.all("reply") if line["to"] == message]


def _payload(outside: Outside, each: Written) -> str:
    message = make_message(
        each.text,
        external_id=each.id,
        conversation_id=each.answers or each.id,
        author=Author(external_id=each.persona, handle=f"{each.persona}@marktplatz.example"),
        visibility=each.visibility,
        written_at=datetime.now(UTC),
        in_reply_to=_answers_to(outside, each.answers)[0] if each.answers else None,
        attachments=(Attachment(url="https://marktplatz.example/1.jpg"),) if each.photo else (),
    )
    return FOUND.dump_json([message]).decode()


def _press_done() -> bool:
    """The department presses its button, once more where the page did not answer: it is the same word."""
    case = case_of(LAMP)
    if case is None or case.status is not TicketStatus.DELIVERED:
        return False
    status, actor = TicketStatus.RESOLVED, "department:streets"
    return updates.hear(case.id, "streets", "button", status=status, words="", actor=actor)


def _answer_by_hand() -> bool:
    case = case_of(HOLE)
    if case is None or not case.deliveries or any(said.cause is Cause.STAFF for said in case.replies):
        return False
    return desk.answer(case.id, "staff:vera", "Wir kümmern uns.") > 0


def case_of(each: Written) -> Case | None:
    """The ticket of a message, once there is one."""
    with reading() as session:
        ticket = session.exec(
            select(TicketMessageRow.ticket_id).join(MessageRow).where(MessageRow.external_id == each.id)
        ).first()
    return search.case(ticket) if ticket else None

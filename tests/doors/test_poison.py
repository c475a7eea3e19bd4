"""Poison among good messages: all the good ones become tickets, and each poison one waits for a person."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

import pytest
import structlog
import time_machine
from flask.testing import FlaskClient
from sqlmodel import col, select

from bridge.app import create_app
from bridge.domain import PlatformEvent, Step, TicketStatus
from bridge.platforms.mastodon import Adapter
from bridge.settings import settings
from bridge.tickets import claims, search
from bridge.tickets.book import accounts, events, messages
from bridge.tickets.book.messages import NO_TICKET
from bridge.tickets.claims import Claim
from bridge.tickets.session import reading
from bridge.tickets.tables import MessageRow, RawEventRow, TicketMessageRow, TicketRow
from tests.doors.poison import HARMLESS, KILLS, POISON, RAISES, good
from tests.factories import LEIPZIG
from tests.web import seed
from workers import ground, open, receive, route, understand

RIVER = {Step.RECEIVE: receive, Step.UNDERSTAND: understand, Step.OPEN: open, Step.ROUTE: route}
STRANGE = 1_000_000
"""The number of the first strange event."""
MINUTES = 12
"""After so many rounds of a minute each nothing may be due any more."""


class Killed(BaseException):
    """The process ends here, without a word to anybody."""


@pytest.fixture
def clock(database: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    """The real reader, rules and texts of the demo city over an empty case book, and a clock."""
    monkeypatch.setenv("BRIDGE_CITY", LEIPZIG.name)
    monkeypatch.setenv("BRIDGE_RULES", str(LEIPZIG.parent))
    monkeypatch.setattr(Adapter, "limit", lambda _: 500)
    monkeypatch.setattr(receive, "receive", poisoned("receive", receive.receive, lambda c: events.raw(c)[1]))
    for module, words in ((understand, _words), (open, _words), (route, _case)):
        name = module.__name__.rpartition(".")[2]
        monkeypatch.setattr(module, "work", poisoned(name, module.work, words))
    _forget()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("critical"))
    with time_machine.travel(datetime.now(UTC)) as traveller:
        yield traveller
    structlog.reset_defaults()
    _forget()


def _forget() -> None:
    settings.cache_clear()


def _words(claim: Claim) -> str:
    return messages.words(claim).text


def _case(claim: Claim) -> str:
    case = search.case(claim.id)
    return case.text if case else ""


def poisoned(
    step: str, work: Callable[[Claim], Iterable[Step]], text: Callable[[Claim], str]
) -> Callable[[Claim], Iterable[Step]]:
    """The same work, but it fails at one word and its process ends at another."""

    def harmed(claim: Claim) -> Iterable[Step]:
        if f"{RAISES}-{step}" in text(claim):
            raise KeyError("something nobody thought of")
        if f"{KILLS}-{step}" in text(claim):
            raise Killed
        return work(claim)

    return harmed


def flow(clock: time_machine.Traveller) -> int:
    """Let the river flow minute by minute; how often a worker died and was started again."""
    deaths = 0
    for _ in range(MINUTES):
        for step, module in RIVER.items():
            while step in claims.due_steps():
                try:
                    module.run()
                except Killed:
                    deaths += 1
        clock.shift(61)
    return deaths


def store(count: int, poison: int) -> dict[str, str]:
    """Good and poison events in one stream, as a poll stores them; the kind of each by its key."""
    account = accounts.connect(
        "mastodon", "https://marktplatz.example", "stadt", "1", "geheim", limit=500, poll_seconds=30
    )
    kinds = islice(cycle({**POISON, **HARMLESS}.items()), poison)
    every = max(count // max(poison, 1), 1)
    stored, told = [], {}
    for number in range(count):
        stored.append((f"good {number}", good(number + 1)))
        if number % every == 0 and (kind := next(kinds, None)):
            key = f"{kind[0]} {number}"
            stored.append((key, kind[1](STRANGE + number)))
            told[key] = kind[0]
    for first in range(0, len(stored), 80):
        page = tuple(PlatformEvent(key=key, payload=payload) for key, payload in stored[first : first + 80])
        events.store_events(account, page)
    return told


def outcomes() -> dict[str, str]:
    """What became of each event: how many tickets, or where it waits for a person."""
    with reading() as session:
        linked = Counter(session.exec(select(TicketMessageRow.message_id)).all())
        given_up = set(
            session.exec(
                select(TicketMessageRow.message_id)
                .join(TicketRow)
                .where(TicketRow.status == TicketStatus.NEEDS_DECISION, col(TicketRow.error) != "")
            ).all()
        )
        said = {message.external_id: message for message in session.exec(select(MessageRow)).all()}
        found = {}
        for event in session.exec(select(RawEventRow)).all():
            message = said.get(event.about or "")
            if event.error or message is None or message.error:
                aside = event.step is None and bool(event.error or (message and message.error))
                found[event.key] = "set aside" if aside else "lost"
            elif message.id in given_up:
                found[event.key] = "given up"
            elif message.kind in NO_TICKET and not linked[message.id]:
                found[event.key] = "put away"
            else:
                found[event.key] = f"{linked[message.id]} tickets"
    return found


def expected(kind: str) -> set[str]:
    """Where an event of this kind may end."""
    if kind in HARMLESS:
        return {"1 tickets", "put away"}
    return {"given up"} if kind.endswith("route") else {"set aside"}


def check(clock: time_machine.Traveller, client: FlaskClient, count: int, poison: int) -> None:
    """Play it and hold every promise."""
    told = store(count, poison)
    deaths = flow(clock)
    assert not RIVER.keys() & set(claims.due_steps())
    found = outcomes()
    wrong = {key: found[key] for key, kind in told.items() if found[key] not in expected(kind)}
    assert wrong == {}
    assert {found[key] for key in found if key.startswith("good ")} == {"1 tickets"}
    killers = sum(kind.startswith("what kills") for kind in told.values())
    assert deaths == killers * ground.MOST_TRIES
    shown = re.findall(r"<li><b>(?:Ereignis|Nachricht) \d+</b>", client.get("/stoerungen").text)
    ends = Counter(found[key] for key in told)
    assert len(shown) == ends["set aside"]
    print(f"\n{count} good: all one ticket each. {len(told)} strange: {dict(ends)}, {deaths} deaths")


@pytest.fixture
def client(clock: time_machine.Traveller) -> FlaskClient:
    browser = create_app().test_client()
    seed.sign_in(browser)
    return browser


def every_page_can_be_read(client: FlaskClient) -> None:
    """The lists and the ticket of every strange message: no words of a stranger break a page."""
    pages = ["/?sicht=all", "/abgelegt", "/netiquette"]
    strange = select(TicketRow.reference).join(TicketMessageRow).join(MessageRow)
    with reading() as session:
        found = session.exec(strange.where(col(MessageRow.external_id).startswith(str(STRANGE)[:4]))).all()
        assert len(found) > len(HARMLESS) // 2
        pages += [f"/anliegen/{reference}" for reference in found]
    assert {client.get(page).status_code for page in pages} == {200}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("case_book", ["sqlite"], indirect=True)
def test_the_good_ones_pass_and_the_poison_waits_for_a_person(
    clock: time_machine.Traveller, client: FlaskClient
) -> None:
    check(clock, client, 150, len(POISON) + len(HARMLESS))
    every_page_can_be_read(client)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_two_hundred_poison_ones_among_five_thousand_hold_nobody_up(
    clock: time_machine.Traveller, client: FlaskClient
) -> None:
    check(clock, client, 5000, 200)

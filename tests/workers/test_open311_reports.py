"""What another system reports by Open311 flows like what citizens write, and comes back to that system."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge import delivery
from bridge.app import create_app
from bridge.city import load_city
from bridge.delivery import open311
from bridge.domain import Flag, Kind, Purpose, SendState, TicketStatus, Understanding
from bridge.settings import settings
from bridge.tickets import search
from bridge.tickets.book import partners, secrets, updates
from bridge.tickets.book.partners import Report
from bridge.tickets.tables import SentReplyRow, TicketRow
from tests.delivery.served import Served, serving
from tests.factories import FILES, make_location, make_understanding
from tests.tickets import story
from tests.workers.scripted import Town, change_city
from workers import track, understand

NOTHING = make_understanding(kind=Kind.IRRELEVANT, category=None, location=None)
PIN = make_location(label="bei Hauptstraße", confidence=1.0)


def report(town: Town, text: str = "Loch", meaning: Understanding | None = None) -> str:
    """FixMyStreet reports road damage at a pin; how its words will be understood."""
    town.meanings[text] = meaning or NOTHING
    told = Report(partner="fms", key=text, text=text, category="road_damage", location=PIN)
    return partners.report(told, "MU")


def test_it_waits_until_its_words_are_read_and_is_handed_over_as_it_was_reported(town: Town) -> None:
    report(town)
    case = town.case()
    assert (case.status, case.department, story.rows(TicketRow)[0].step) == (
        TicketStatus.RECEIVED,
        None,
        None,
    )
    town.settle()
    case = town.case()
    assert (case.status, case.department) == (TicketStatus.DELIVERED, "streets")
    assert (case.category, case.location, case.confidence) == ("road_damage", PIN, 1.0)
    (handover,) = town.script.mails
    assert (handover.text, handover.category) == ("Loch", "road_damage")


def test_nobody_is_written_to_and_nothing_waits_for_staff(town: Town) -> None:
    report(town)
    town.settle()
    updates.hear(1, "streets", "1", status=TicketStatus.RESOLVED, words="", actor="department:streets")
    town.flow()
    assert town.case().status is TicketStatus.RESOLVED
    assert story.rows(SentReplyRow) == []
    assert town.case().news_at is None
    assert search.listing("now").total == 0


def test_words_that_tell_of_danger_make_it_an_emergency(town: Town) -> None:
    report(town, "Hier brennt es", make_understanding(kind=Kind.EMERGENCY, category=None))
    town.settle()
    case = town.case()
    assert (case.kind, case.status) == (Kind.EMERGENCY, TicketStatus.NEEDS_DECISION)
    assert [handover.reason for handover in town.script.mails] == ["alarm"]


def test_what_the_words_give_away_is_known_to_the_rules(town: Town) -> None:
    report(town, "Ihr Nichtsnutze", make_understanding(kind=Kind.ABUSE, flags=(Flag.INSULT,)))
    town.settle()
    assert town.case().flags == ("insult",)


def test_two_reports_of_one_system_are_two_tickets(town: Town) -> None:
    assert report(town, "Loch") != report(town, "Noch ein Loch")
    assert report(town, "Loch") == town.case(1).reference
    town.settle()
    assert town.case(2).text == "Noch ein Loch"


def test_the_report_comes_back_after_a_crash_before_it_was_answered(town: Town) -> None:
    first = report(town)
    town.settle()
    assert report(town) == first
    assert len(story.rows(TicketRow)) == 1


DEPARTMENTS = """\
departments:
  press: {{name: Pressestelle, address: presse@musterstadt.example}}
  streets: {{name: Tiefbauamt, channel: open311, address: "{url}"}}
  cleaning: {{name: Stadtreinigung, address: reinigung@musterstadt.example}}
"""
THERE = """\
rules:
  - name: there
    when: {platform: open311}
    send_to: cleaning
    because: Was andere Systeme melden, geht hier an die Stadtreinigung.
    examples: [Ein Loch]
"""


@pytest.fixture
def tracker(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """The department's tracker is our own server, in the same case book; there it goes to another office."""
    scripted = delivery.load
    monkeypatch.setattr(
        delivery, "load", lambda name: open311.Adapter if name == "open311" else scripted(name)
    )
    monkeypatch.setenv("BRIDGE_FETCH_PRIVATE_HOSTS", "true")
    settings.cache_clear()
    monkeypatch.setattr(understand, "understand", lambda text, **_: town.meanings.get(text, NOTHING))
    rules = THERE + FILES["rules.yaml"].removeprefix("rules:\n")
    with serving() as running:
        change_city(tmp_path, departments=DEPARTMENTS.format(url=running.base), rules=rules)
        load_city.cache_clear()
        running.app = create_app()
        key = secrets.make("cleaning", Purpose.UPDATES)
        secrets.keep("streets", Purpose.TRACKER, key)
        yield running


def test_a_ticket_goes_out_by_one_side_and_its_end_comes_back_by_the_other(
    town: Town, tracker: Served
) -> None:
    town.write("Ampel aus")
    town.settle()
    ours, theirs = town.case(1), town.case(2)
    assert (ours.status, ours.deliveries[0].receipt) == (TicketStatus.DELIVERED, theirs.reference)
    assert theirs.text.startswith(f"{ours.reference} · Ampel defekt\nAmpel aus")
    town.settle()
    assert town.case(2).department == "cleaning"
    updates.hear(2, "cleaning", "1", status=TicketStatus.RESOLVED, words="", actor="department:cleaning")
    town.flow()
    town.clock.shift(15 * 60)
    track.run()
    town.flow()
    assert town.case(1).status is TicketStatus.RESOLVED
    assert [post.reply.text for post in town.script.posts if "erledigt" in post.reply.text.lower()]
    assert [row.state for row in story.rows(SentReplyRow)].count(SendState.SENT) == 2

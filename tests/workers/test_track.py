"""A department's tracker by script: what it says about our tickets is heard once, and staff hear the rest."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bridge import delivery
from bridge.city import load_city
from bridge.delivery import open311
from bridge.domain import Cause, Purpose, SendState, Step, TicketStatus
from bridge.settings import settings
from bridge.tickets import claims
from bridge.tickets.book import desk, secrets, trackers
from bridge.tickets.session import writing
from bridge.tickets.tables import DeliveryRow, StatusUpdateRow, TrackerRow
from bridge.tickets.types import utcnow
from tests.delivery.served import Served, serving
from tests.tickets import story
from tests.workers.scripted import Town
from workers import track

DEPARTMENTS = """\
departments:
  press: {{name: Pressestelle, address: presse@musterstadt.example}}
  streets:
    {{name: Tiefbauamt, channel: open311, address: "{url}", open311: {{services: {{traffic_light: TL}}}}}}
  cleaning: {{name: Stadtreinigung, address: reinigung@musterstadt.example}}
"""
NUMBERED = (
    "<service_requests><request><service_request_id>77</service_request_id></request></service_requests>"
)
TOKEN = "<service_requests><request><token>t1</token></request></service_requests>"
UPDATE = """<request_update>
<update_id>{}</update_id><service_request_id>77</service_request_id><status>{}</status>
<description>{}</description><updated_datetime>{}</updated_datetime></request_update>"""
STATE = """<service_requests><request><service_request_id>77</service_request_id><status>{}</status>
<status_notes>{}</status_notes><updated_datetime>2026-11-20T10:00:00Z</updated_datetime></request></service_requests>"""
UPDATES = "servicerequestupdates.xml"


@pytest.fixture
def tracker(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    scripted = delivery.load
    monkeypatch.setattr(
        delivery, "load", lambda name: open311.Adapter if name == "open311" else scripted(name)
    )
    monkeypatch.setattr(open311.tracker, "PAUSE_SECONDS", 0.0)
    monkeypatch.setenv("BRIDGE_FETCH_PRIVATE_HOSTS", "true")
    with serving() as running:
        file = tmp_path / "musterstadt" / "departments.yaml"
        file.write_text(DEPARTMENTS.format(url=running.base), "utf-8")
        load_city.cache_clear()
        settings.cache_clear()
        secrets.keep("streets", Purpose.TRACKER, "geheim")
        running.pages["POST", "requests.xml"] = 200, NUMBERED
        running.pages["GET", UPDATES] = 200, "<service_requests_updates/>"
        trackers.ensure("streets")
        yield running


def report(town: Town) -> None:
    town.write("Ampel aus")
    town.settle()
    assert town.case().status is TicketStatus.DELIVERED


def says(tracker: Served, *updates: tuple[str, str, str]) -> None:
    """What the tracker lists from now on: id, status, words, each a minute after the one before."""
    listed = [UPDATE.format(*each, f"2026-11-20T10:{minute:02}:00Z") for minute, each in enumerate(updates)]
    tracker.pages["GET", UPDATES] = (
        200,
        f"<service_requests_updates>{''.join(listed)}</service_requests_updates>",
    )


def ask(town: Town) -> None:
    town.clock.shift(15 * 60)
    assert Step.TRACK in claims.due_steps()
    track.run()
    town.flow()


def heard() -> list[tuple[str, TicketStatus, str]]:
    return [(row.external_id, row.status, row.words) for row in story.rows(StatusUpdateRow)]


def test_a_ticket_goes_in_without_links_photos_and_personal_words(town: Town, tracker: Served) -> None:
    town.write("Ampel aus, rufen Sie mich an: 0341 0000000")
    town.settle()
    (asked,) = tracker.asked("POST", "requests.xml")
    assert (asked.words["service_code"], asked.words["api_key"]) == ("TL", "geheim")
    assert "Ampel aus" in asked.words["description"]
    assert "0341" not in asked.body
    assert "/amt/" not in asked.body
    assert "media_url" not in asked.words
    assert story.rows(DeliveryRow)[0].receipt == "77"


def test_what_the_tracker_says_reaches_the_citizen(town: Town, tracker: Served) -> None:
    report(town)
    says(tracker, ("1", "IN_PROGRESS", ""), ("2", "FIXED", "Neue Lampe eingesetzt."))
    ask(town)
    assert heard() == [
        ("open311-1", TicketStatus.IN_PROGRESS, ""),
        ("open311-2", TicketStatus.RESOLVED, "Neue Lampe eingesetzt."),
    ]
    case = town.case()
    assert case.status is TicketStatus.RESOLVED
    assert [change.actor for change in case.changes[-2:]] == ["department:streets"] * 2
    (waiting,) = [reply for reply in case.replies if reply.state is SendState.NEEDS_DECISION]
    assert (waiting.cause, "Neue Lampe" in waiting.text) == (Cause.STAFF, True)
    assert not any("Neue Lampe" in said for said in town.said)


def test_nothing_is_heard_twice_and_repeats_are_passed_over(town: Town, tracker: Served) -> None:
    report(town)
    said = [
        ("1", "IN_PROGRESS", "Wir sind dran."),
        ("2", "in_progress", "Wir sind dran."),
        ("3", "FIXED", ""),
    ]
    says(tracker, *said[:2])
    ask(town)
    says(tracker, *said)
    ask(town)
    ask(town)
    case = town.case()
    assert [change.status for change in case.changes[-2:]] == [
        TicketStatus.IN_PROGRESS,
        TicketStatus.RESOLVED,
    ]
    assert len([reply for reply in case.replies if "Wir sind dran." in reply.text]) == 1
    assert [entry.what for entry in case.history if entry.what in ("said", "not applied")] == []


def test_a_state_nobody_knows_is_for_staff(town: Town, tracker: Served) -> None:
    report(town)
    story.person()
    says(tracker, ("1", "on hold", "Warten auf Ersatzteil."))
    ask(town)
    ask(town)
    case = town.case()
    assert case.status is TicketStatus.DELIVERED
    assert case.news_at
    said = [entry.detail["words"] for entry in case.history if entry.what == "said"]
    assert said == ["Unbekannter Stand „on hold“. Warten auf Ersatzteil."]
    assert Step.NOTIFY in claims.due_steps()
    assert [reply for reply in case.replies if "Ersatzteil" in reply.text] == []


def test_what_was_said_before_a_ticket_was_closed_opens_nothing_again(town: Town, tracker: Served) -> None:
    report(town)
    said = ("1", "OPEN", ""), ("2", "FIXED", "")
    says(tracker, said[0])
    ask(town)
    for _ in range(3):
        says(tracker, *said)
        ask(town)
    assert town.case().status is TicketStatus.RESOLVED


def test_what_is_not_ours_concerns_nobody(town: Town, tracker: Served) -> None:
    report(town)
    says(tracker, ("1", "FIXED", ""))
    status, text = tracker.pages["GET", UPDATES]
    tracker.pages["GET", UPDATES] = status, text.replace(">77<", ">78<")
    ask(town)
    assert heard() == []


def test_a_refusal_goes_to_the_next(town: Town, tracker: Served) -> None:
    report(town)
    says(tracker, ("1", "NOT_COUNCILS_RESPONSIBILITY", "Das ist eine Bundesstraße."))
    ask(town)
    assert town.case().refused_by == ("streets",)


def since(tracker: Served) -> datetime:
    return datetime.fromisoformat(tracker.asked("GET", UPDATES)[-1].words["start_date"])


def test_it_is_asked_with_an_overlap_and_once_a_night_for_a_day(town: Town, tracker: Served) -> None:
    town.clock.move_to(datetime.fromisoformat("2027-03-20T12:00:00+01:00"))
    ask(town)
    assert utcnow() - since(tracker) == timedelta(days=1)
    ask(town)
    assert utcnow() - since(tracker) == timedelta(minutes=45)
    town.clock.move_to(datetime.fromisoformat("2027-03-21T02:40:00+01:00"))
    ask(town)
    assert since(tracker) == datetime.fromisoformat("2027-03-20T11:00:00Z")
    ask(town)
    assert utcnow() - since(tracker) == timedelta(days=1)
    ask(town)
    assert utcnow() - since(tracker) == timedelta(minutes=45)


def test_a_tracker_that_is_away_is_asked_later_for_all_of_it(town: Town, tracker: Served) -> None:
    ask(town)
    until = story.rows(TrackerRow)[0].asked_until
    tracker.pages["GET", UPDATES] = 503, ""
    ask(town)
    (row,) = story.rows(TrackerRow)
    assert (row.asked_until, row.error) == (until, "answered 503")
    tracker.pages["GET", UPDATES] = 200, "<service_requests_updates/>"
    ask(town)
    assert since(tracker) == (until - timedelta(minutes=30)).replace(microsecond=0) if until else None
    assert story.rows(TrackerRow)[0].error == ""


@pytest.mark.parametrize("status", [400, 404, 501])
def test_without_the_extension_each_open_ticket_is_looked_at(
    town: Town, tracker: Served, status: int
) -> None:
    report(town)
    tracker.pages["GET", UPDATES] = status, ""
    tracker.pages["GET", "requests.xml"] = 200, STATE.format("open", "Weitergegeben")
    ask(town)
    assert town.case().status is TicketStatus.DELIVERED
    assert tracker.asked("GET", "requests.xml")[0].words["service_request_id"] == "77"
    tracker.pages["GET", "requests.xml"] = 200, STATE.format("closed", "Repariert.")
    ask(town)
    assert town.case().status is TicketStatus.RESOLVED
    ask(town)
    assert [change.words for change in town.case().changes].count("Repariert.") == 1


def test_a_token_becomes_a_number_when_the_tracker_gives_one(town: Town, tracker: Served) -> None:
    tracker.pages["POST", "requests.xml"] = 200, TOKEN
    report(town)
    assert story.rows(DeliveryRow)[0].receipt == "token:t1"
    tracker.pages["GET", "tokens/t1.xml"] = 200, NUMBERED
    says(tracker, ("1", "FIXED", ""))
    ask(town)
    assert story.rows(DeliveryRow)[0].receipt == "77"
    assert town.case().status is TicketStatus.RESOLVED


def test_a_department_that_has_no_tracker_any_more_is_not_asked(
    town: Town, tracker: Served, tmp_path: Path
) -> None:
    file = tmp_path / "musterstadt" / "departments.yaml"
    file.write_text(file.read_text().replace("channel: open311", "channel: email"), "utf-8")
    load_city.cache_clear()
    track.run()
    assert tracker.seen == []
    assert story.rows(TrackerRow)[0].step is None
    trackers.ensure("streets")
    assert story.rows(TrackerRow)[0].step is Step.TRACK


def test_what_may_have_arrived_is_looked_for_before_the_next_try(town: Town, tracker: Served) -> None:
    tracker.script.append("hang up")
    town.write("Ampel aus")
    town.settle()
    assert story.rows(DeliveryRow)[0].state is SendState.PENDING
    shown = NUMBERED.replace("</request>", "<description>MU-2026-00001 · Ampel</description></request>")
    tracker.pages["GET", "requests.xml"] = 200, shown.replace("MU-2026-00001", town.case().reference)
    town.flow(5)
    assert len(tracker.asked("POST", "requests.xml")) == 1
    assert story.rows(DeliveryRow)[0].receipt == "77"
    assert town.case().status is TicketStatus.DELIVERED


def test_a_correction_is_added_to_the_request_there_is(town: Town, tracker: Served) -> None:
    report(town)
    tracker.pages["POST", UPDATES] = 200, "<service_request_updates/>"
    desk.correct(1, "staff:vera", category="road_damage")
    town.settle()
    (asked,) = tracker.asked("POST", UPDATES)
    assert asked.words["service_request_id"] == "77"
    assert "Kategorie: Straßenschaden statt Ampel defekt" in asked.words["description"]
    assert len(tracker.asked("POST", "requests.xml")) == 1
    assert [row.receipt for row in story.rows(DeliveryRow)] == ["77", "77"]


def test_whoever_got_a_ticket_is_asked_from_then_on(town: Town, tracker: Served) -> None:
    with writing() as session:
        session.delete(session.get_one(TrackerRow, 1))
    report(town)
    assert [row.department for row in story.rows(TrackerRow)] == ["streets"]
    assert Step.TRACK in claims.due_steps()


def test_the_key_is_never_shown(town: Town, tracker: Served) -> None:
    assert secrets.holding("streets", Purpose.TRACKER) == (SecretStr("geheim"),)
    assert "geheim" not in repr(story.rows(TrackerRow))

"""A place without coordinates is looked up, one a second, and no ticket is lost over it."""

import threading
from collections.abc import Iterator
from itertools import pairwise

import pytest
from sqlmodel import select

from bridge.city import load_city
from bridge.domain import Kind, Location, Point, Precision, Step, Understanding
from bridge.places.geocode import city_geocoder
from bridge.settings import settings
from bridge.tickets import claims, session
from bridge.tickets.book import locations
from bridge.tickets.tables import GeocodeRow, MessageRow
from tests import map_service
from tests.factories import make_location, make_understanding
from tests.map_service import Service, place
from tests.tickets import story
from tests.workers.scripted import Killed, Town
from workers import locate, open

TURN = locations.TURN_SECONDS


def unknown(label: str = "Ringstr 12", house_number: str = "12") -> Location:
    """A place that was named and that no gazetteer knows."""
    return Location(
        label=label,
        precision=Precision.ADDRESS,
        street="Ringstr",
        house_number=house_number,
        confidence=0.45,
    )


def meant(location: Location | None = None, **changed: object) -> Understanding:
    """A report about such a place."""
    return make_understanding(location=location or unknown(), **changed)


@pytest.fixture
def service(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A geocoder that is configured and knows one house."""
    with map_service.serving() as listening:
        listening.places = [place()]
        monkeypatch.setenv("BRIDGE_GEOCODER", "nominatim")
        monkeypatch.setenv("BRIDGE_GEOCODER_URL", listening.url)
        monkeypatch.setenv("BRIDGE_GEOCODER_CONTACT", map_service.CONTACT)
        _read_again()
        yield listening
    _read_again()


def _read_again() -> None:
    for kept in (settings, load_city, city_geocoder):
        kept.cache_clear()


def waiting() -> list[Step | None]:
    """What comes next for each message."""
    return [row.step for row in story.rows(MessageRow)]


def test_a_city_without_a_gazetteer_opens_a_ticket_with_coordinates(town: Town, service: Service) -> None:
    town.write("Ringstr 12: Ampel aus", meant())
    town.flow()
    assert waiting() == [Step.LOCATE]
    locate.run()
    town.flow()
    location = town.case().location
    assert location
    assert (location.label, location.district, location.point) == (
        *("Ringstraße 12", "Nord", Point(lat=51.01, lon=12.01)),
    )
    meaning = town.case().messages[0].understanding
    assert meaning
    assert [(e.words, e.because) for e in meaning.evidence] == [("Ringstr 12", "geocoder")]


def test_a_question_of_many_is_asked_once_and_the_service_never_sees_the_text(
    town: Town, service: Service
) -> None:
    for number in range(3):
        town.write(f"Nummer {number}, bitte helfen", meant())
    town.flow()
    for _ in range(3):
        locate.run()
        town.clock.shift(TURN)
    assert waiting() == [Step.OPEN] * 3
    assert [asked.query["q"] for asked in service.asked] == ["Ringstr 12, Musterstadt"]


def test_one_question_a_second_is_asked_whoever_asks(town: Town, service: Service) -> None:
    for number in range(3):
        town.write(f"Ringstr {number}", meant(unknown(f"Ringstr {number}", house_number=str(number))))
    town.flow()
    for _ in range(9):
        locate.run()
        locate.run()
        town.clock.shift(0.4)
    times = [asked.at for asked in service.asked]
    assert len(times) == 3
    assert all(later - earlier >= 1 for earlier, later in pairwise(times))


def test_of_many_processes_one_has_the_turn(town: Town) -> None:
    taken: list[bool] = []
    threads = [threading.Thread(target=lambda: taken.append(locations.take_turn())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False] * 5 + [True]


def test_an_emergency_is_looked_up_before_all_others(town: Town, service: Service) -> None:
    for number in range(3):
        town.write(f"Ringstr {number}", meant(unknown(f"Ringstr {number}", house_number=str(number))))
    town.write("Ringstr 112 brennt", meant(unknown("Ringstr 112", house_number="112"), kind=Kind.EMERGENCY))
    town.flow()
    locate.run()
    assert waiting() == [Step.LOCATE] * 3 + [Step.OPEN]


def test_an_emergency_waits_for_no_second_try(town: Town, service: Service) -> None:
    service.status = 503
    town.write("Ringstr 12 brennt", meant(kind=Kind.EMERGENCY))
    town.flow()
    locate.run()
    assert waiting() == [Step.OPEN]


@pytest.mark.parametrize(
    "meaning",
    [
        make_understanding(),
        make_understanding(location=None),
        meant(kind=Kind.QUESTION),
        meant(kind=Kind.ABUSE),
        meant(kind=Kind.IRRELEVANT),
    ],
    ids=["known place", "no place", "question", "abuse", "irrelevant"],
)
def test_only_a_matter_with_a_place_that_has_no_coordinates_is_looked_up(
    town: Town, service: Service, meaning: Understanding
) -> None:
    town.write("Hallo", meaning)
    town.flow()
    locate.run()
    assert Step.LOCATE not in waiting()
    assert service.asked == []


def test_without_a_geocoder_nobody_is_asked_and_nothing_waits(town: Town) -> None:
    town.write("Ringstr 12: Ampel aus", meant())
    town.flow()
    assert waiting() == [None]
    assert town.case().location == unknown()


def test_what_waits_when_the_geocoder_is_given_up_goes_on(
    town: Town, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.write("Ringstr 12: Ampel aus", meant())
    town.flow()
    monkeypatch.setenv("BRIDGE_GEOCODER", "none")
    _read_again()
    locate.run()
    assert waiting() == [Step.OPEN]
    assert service.asked == []


def test_a_service_that_asks_for_patience_is_asked_later(town: Town, service: Service) -> None:
    service.status, service.headers = 429, {"Retry-After": "20"}
    for number in (12, 14):
        town.write(f"Ringstr {number}", meant(unknown(f"Ringstr {number}", house_number=str(number))))
    town.flow()
    locate.run()
    service.status = 200
    for _ in range(15):
        town.clock.shift(TURN)
        locate.run()
    assert len(service.asked) == 1
    for _ in range(6):
        town.clock.shift(TURN)
        locate.run()
    assert waiting() == [Step.OPEN] * 2
    assert len(service.asked) == 3


def test_nobody_waits_for_a_service_that_wants_an_hour(town: Town, service: Service) -> None:
    service.status, service.headers = 429, {"Retry-After": "3600"}
    for number in (12, 14):
        town.write(f"Ringstr {number}", meant(unknown(f"Ringstr {number}", house_number=str(number))))
    town.flow()
    locate.run()
    locate.run()
    assert waiting() == [Step.OPEN] * 2
    assert len(service.asked) == 1


@pytest.mark.parametrize("trouble", ["silent", "500", "garbage"])
def test_after_five_tries_the_ticket_opens_without_coordinates(
    town: Town, service: Service, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    monkeypatch.setattr(locate, "PATIENCE_SECONDS", 0.1)
    service.silent, service.status = trouble == "silent", 500 if trouble == "500" else 200
    service.raw = "<html>" if trouble == "garbage" else ""
    town.write("Ringstr 12: Ampel aus", meant())
    town.flow()
    for _ in range(6):
        assert waiting() == [Step.LOCATE]
        locate.run()
        town.clock.shift(40)
    assert waiting() == [Step.OPEN]
    assert len(service.asked) == 5
    open.run()
    assert town.case().location == unknown()
    meaning = town.case().messages[0].understanding
    assert meaning
    assert meaning.evidence[-1].because == "the geocoder did not answer"


@pytest.mark.parametrize(
    ("status", "places"), [(403, [place()]), (200, []), (200, [place(street="Uferweg")])]
)
def test_a_refusal_an_empty_answer_and_a_wrong_guess_change_nothing_about_the_place(
    town: Town, service: Service, status: int, places: list[dict[str, object]]
) -> None:
    service.status, service.places = status, places
    town.write("Ringstr 12: Ampel aus", meant())
    town.flow()
    locate.run()
    open.run()
    assert town.case().location == unknown()


def test_a_process_that_dies_while_it_asks_loses_nothing(
    town: Town, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.write("Ringstr 12: Ampel aus", meant())
    town.flow()
    with monkeypatch.context() as dying:
        dying.setattr(locations, "remember", lambda *_: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            locate.run()
    town.clock.shift(claims.LEASE.total_seconds() + 1)
    locate.run()
    assert waiting() == [Step.OPEN]
    assert len(service.asked) == 2


def test_a_message_that_kills_every_process_opens_its_ticket_all_the_same(
    town: Town, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.write("Ringstr 12: Ampel aus", meant())
    town.flow()
    monkeypatch.setattr(locations, "remember", lambda *_: (_ for _ in ()).throw(Killed))
    for _ in range(5):
        with pytest.raises(Killed):
            locate.run()
        town.clock.shift(claims.LEASE.total_seconds() + 1)
    locate.run()
    assert waiting() == [Step.OPEN]


def test_what_is_understood_anew_meanwhile_is_not_overwritten(town: Town, service: Service) -> None:
    town.write("Ringstr 12: Ampel aus", meant(), id="1")
    town.flow()
    (claim,) = claims.claim(Step.LOCATE, 1)
    with session.writing() as book:
        row = book.exec(select(MessageRow)).one()
        claims.wake(row, Step.UNDERSTAND)
    with pytest.raises(claims.LostClaimError):
        locate.work(claim)
    assert waiting() == [Step.UNDERSTAND]


def test_answers_are_forgotten_after_a_month(town: Town) -> None:
    locations.remember("a", [make_location()])
    town.clock.shift(20 * 86400)
    locations.remember("b", [])
    assert locations.known("a") == [make_location()]
    town.clock.shift(11 * 86400)
    assert (locations.known("a"), locations.known("b")) == (None, [])
    locations.forget()
    assert [row.query for row in story.rows(GeocodeRow)] == ["b"]


def test_a_newer_answer_takes_the_place_of_an_older_one(town: Town) -> None:
    locations.remember("a", [])
    locations.remember("a", [make_location(precision=Precision.STREET)])
    assert locations.known("a") == [make_location(precision=Precision.STREET)]


def test_rest_never_shortens_the_turn(town: Town) -> None:
    assert locations.take_turn()
    locations.rest(0.1)
    assert locations.resting() == pytest.approx(TURN)
    assert not locations.take_turn()

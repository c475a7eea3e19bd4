"""The Open311 server, held against the tables of GeoReport v2 and the dialect of FixMyStreet."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from georeport import GeoReport
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select
from werkzeug.test import TestResponse

from bridge.domain import Kind, Precision, Purpose, Step, TicketStatus, Visibility
from bridge.tickets.book import secrets, updates
from bridge.tickets.session import writing
from bridge.tickets.tables import (
    MessageRow,
    ReporterRow,
    StatusChangeRow,
    StatusUpdateRow,
    TicketMessageRow,
    TicketRow,
)
from bridge.tickets.types import utcnow
from bridge.web.open311 import asked
from tests.delivery.served import serving
from tests.factories import make_location
from tests.tickets import story
from tests.web import seed

FORMS = ("xml", "json")
ADDRESS = make_location(
    precision=Precision.ADDRESS, label="Hauptstraße 17b", house_number="17b", cross_street=None, lat=51.01234
)
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
BOOL, TEXT, NUMBER, ANY = "true|false", r"(?s).+", r"-?\d+(\.\d+)?", r"(?s).*"
NAMES = {
    "services": "service",
    "attributes": "attribute",
    "service_requests": "request",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "service_requests_updates": "request_update",
    "service_request_updates": "request_update",
}
"""What the specification calls one of several things."""
SERVICE = {
    "service_code": TEXT,
    "service_name": TEXT,
    "description": TEXT,
    "metadata": BOOL,
    "type": "realtime|batch|blackbox",
    "keywords": ANY,
    "group": ANY,
}
REQUEST = {
    "service_request_id": TEXT,
    "status": "open|closed",
    "status_notes": ANY,
    "service_name": TEXT,
    "service_code": TEXT,
    "description": ANY,
    "agency_responsible": ANY,
    "service_notice": ANY,
    "requested_datetime": MOMENT,
    "updated_datetime": MOMENT,
    "expected_datetime": f"({MOMENT})?",
    "address": ANY,
    "address_id": ANY,
    "zipcode": ANY,
    "lat": NUMBER,
    "long": NUMBER,
    "media_url": "",
}
POSTED = {"service_request_id": TEXT, "service_notice": ANY, "account_id": ANY}
DISCOVERY = {"changeset": TEXT, "contact": TEXT, "key_service": TEXT}
ENDPOINT = {
    "specification": "http://wiki.open311.org/GeoReport_v2",
    "url": r"http://127\.0\.0\.1:8080/open311/v2",
    "changeset": TEXT,
    "type": "production|test",
}
UPDATE = {
    "update_id": r"\d+",
    "service_request_id": TEXT,
    "status": "[A-Z_]+",
    "updated_datetime": MOMENT,
    "description": TEXT,
    "media_url": "",
}
ERROR = {"code": r"\d{3}", "description": TEXT}


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    yield seed.make_client(tmp_path, monkeypatch)
    seed.end()


@pytest.fixture
def key(client: FlaskClient) -> str:
    return secrets.make("streets", Purpose.UPDATES)


def get(client: FlaskClient, path: str, **words: str) -> TestResponse:
    return client.get(f"/open311/v2/{path}", query_string=words)


def post(client: FlaskClient, path: str = "requests.xml", **words: str) -> TestResponse:
    return client.post(f"/open311/v2/{path}", data=words)


def plain(answer: TestResponse, root: str) -> Any:
    """An answer of either form as lists, dictionaries and words, held against its form's own rules."""
    if answer.content_type == "application/json; charset=utf-8":
        return worded(answer.json)
    assert answer.content_type == "text/xml; charset=utf-8"
    tree = ElementTree.fromstring(answer.data)
    assert tree.tag == root
    return of_xml(tree)


def of_xml(element: ElementTree.Element) -> Any:
    if element.tag in NAMES:
        assert {each.tag for each in element} <= {NAMES[element.tag]}
        return [of_xml(each) for each in element]
    return {each.tag: of_xml(each) for each in element} if len(element) else element.text or ""


def worded(told: Any) -> Any:
    match told:
        case dict():
            return {name: worded(each) for name, each in told.items()}
        case list():
            return [worded(each) for each in told]
        case None:
            return ""
        case bool():
            return str(told).lower()
    return str(told)


def fits(told: Any, form: dict[str, str]) -> None:
    """Exactly the fields of the specification's table, each of its type."""
    wrong = {name: told[name] for name, kind in form.items() if not re.fullmatch(kind, told[name])}
    assert (set(told), wrong) == (set(form), {})


@pytest.mark.parametrize("form", FORMS)
def test_discovery_says_where_the_server_is(client: FlaskClient, form: str) -> None:
    told = plain(client.get(f"/open311/discovery.{form}"), "discovery")
    (endpoint,) = told.pop("endpoints")
    assert endpoint.pop("formats") == ["text/xml", "application/json"]
    fits(told, DISCOVERY)
    fits(endpoint, ENDPOINT)


@pytest.mark.parametrize("form", FORMS)
def test_services_are_the_citys_categories(client: FlaskClient, form: str) -> None:
    told = plain(get(client, f"services.{form}"), "services")
    for each in told:
        fits(each, SERVICE)
    assert [each["service_code"] for each in told][:2] == ["traffic_light", "illegal_dumping"]
    definition = plain(get(client, f"services/noise.{form}"), "service_definition")
    assert definition == {"service_code": "noise", "attributes": []}


@pytest.mark.parametrize("form", FORMS)
def test_requests_have_the_fields_of_the_specification(client: FlaskClient, form: str) -> None:
    reference = seed.add_ticket(promised_at=utcnow())
    for path in ("requests", f"requests/{reference}"):
        (told,) = plain(get(client, f"{path}.{form}"), "service_requests")
        fits(told, REQUEST)
    assert (told["service_request_id"], told["status"], told["status_notes"]) == (
        reference,
        "open",
        "Weitergegeben",
    )
    assert told["description"] == "Ampel defekt: Hauptstraße / Ringstraße"
    assert told["agency_responsible"] == "Tiefbauamt"
    (more,) = plain(get(client, f"requests.{form}", extensions="true"), "service_requests")
    assert more["extended_attributes"] == {"detailed_status": "RECEIVED", "district": "Nord"}


@pytest.mark.parametrize("form", FORMS)
def test_a_report_gets_its_number_at_once(client: FlaskClient, key: str, form: str) -> None:
    said = {"service_code": "road_damage", "lat": "51.01", "long": "12.01", "description": "Loch"}
    (told,) = plain(post(client, f"requests.{form}", api_key=key, **said), "service_requests")
    fits(told, POSTED)
    (ticket,) = story.rows(TicketRow)
    assert (told["service_request_id"], ticket.category) == (ticket.reference, "road_damage")
    assert (ticket.lat, ticket.lon, ticket.district, ticket.step) == (51.01, 12.01, "Nord", None)
    (message,) = story.rows(MessageRow)
    assert (message.text, message.visibility, message.step) == ("Loch", Visibility.DIRECT, Step.UNDERSTAND)


def test_the_same_report_again_gets_the_same_number(client: FlaskClient, key: str) -> None:
    said = {"api_key": key, "service_code": "noise", "description": "Laut", "attribute[fixmystreet_id]": "7"}
    first = client.post("/open311/v2/requests.json", data=said).json
    assert client.post("/open311/v2/requests.json", data=said | {"description": "Sehr laut"}).json == first
    said["attribute[fixmystreet_id]"] = "8"
    assert client.post("/open311/v2/requests.json", data=said).json != first
    assert len(story.rows(TicketRow)) == 2


def test_what_was_reported_and_erased_since_is_no_new_ticket(client: FlaskClient, key: str) -> None:
    said = {"api_key": key, "service_code": "noise", "attribute[reference]": "7"}
    assert post(client, **said).status_code == 200
    with writing() as db:
        db.delete(db.exec(select(TicketMessageRow)).one())
    assert post(client, **said).status_code == 400
    assert len(story.rows(TicketRow)) == 1


def test_nothing_about_who_reported_it_is_kept(client: FlaskClient, key: str) -> None:
    who = {"email": "ada@post.example", "first_name": "Ada", "last_name": "Beispiel", "phone": "0341 000"}
    assert post(client, api_key=key, service_code="noise", description="Laut", **who).status_code == 200
    kept = " ".join(map(repr, [*story.rows(ReporterRow), *story.rows(MessageRow), *story.rows(TicketRow)]))
    assert [each for each in ("ada@post", "Ada", "Beispiel", "0341") if each in kept] == []


@pytest.mark.parametrize("form", FORMS)
def test_a_number_is_its_own_token(client: FlaskClient, form: str) -> None:
    reference = seed.add_ticket()
    (told,) = plain(get(client, f"tokens/{reference}.{form}"), "service_requests")
    assert told == {"service_request_id": reference, "token": reference}


ERRORS = [
    ("GET", "services/nix", {}, 404),
    ("GET", "requests/MU-1", {}, 404),
    ("GET", "tokens/x", {}, 404),
    ("GET", "services", {"jurisdiction_id": "anderswo.example"}, 404),
    ("GET", "requests", {"status": "maybe"}, 400),
    ("GET", "requests", {"start_date": "gestern"}, 400),
    ("GET", "requests", {"start_date": "0001-01-01T00:00:00Z"}, 400),
    ("GET", "requests", {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"}, 400),
    ("GET", "requests", {"page": "0"}, 400),
    ("GET", "requests", {"page_size": "viele"}, 400),
    ("GET", "servicerequestupdates", {"end_date": "x"}, 400),
    ("POST", "requests", {"service_code": "noise"}, 403),
    ("POST", "requests", {"service_code": "noise", "api_key": "stb_falsch"}, 403),
    ("POST", "requests", {"api_key": "KEY"}, 400),
    ("POST", "requests", {"api_key": "KEY", "service_code": "nix"}, 404),
    ("POST", "requests", {"api_key": "KEY", "service_code": "road_damage"}, 400),
    ("POST", "requests", {"api_key": "KEY", "service_code": "road_damage", "lat": "51.0"}, 400),
    ("POST", "requests", {"api_key": "KEY", "service_code": "noise", "lat": "nan", "long": "12"}, 400),
    ("POST", "requests", {"api_key": "KEY", "service_code": "noise", "lat": "48.1", "long": "11.5"}, 400),
    ("POST", "requests", {"api_key": "KEY", "service_code": "noise", "address_string": ""}, 200),
    ("POST", "requests", {"api_key": "KEY", "service_code": "noise", "description": "x" * 4001}, 400),
    ("POST", "servicerequestupdates", {"service_request_id": "x"}, 403),
    ("POST", "servicerequestupdates", {"api_key": "KEY"}, 400),
    ("POST", "servicerequestupdates", {"api_key": "KEY", "service_request_id": "x", "update_id": "1"}, 404),
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("method", "path", "words", "code"), ERRORS)
def test_errors_are_those_of_the_specification(
    client: FlaskClient, key: str, form: str, method: str, path: str, words: dict[str, str], code: int
) -> None:
    said = {name: key if word == "KEY" else word for name, word in words.items()}
    answer = (
        get(client, f"{path}.{form}", **said) if method == "GET" else post(client, f"{path}.{form}", **said)
    )
    assert answer.status_code == code
    if code != 200:
        (told,) = plain(answer, "errors")
        fits(told, ERROR)
        assert told["code"] == str(code)


def test_whoever_writes_without_end_must_wait(
    client: FlaskClient, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked.throttle, "limit", 2)
    said = {"api_key": key, "service_code": "noise"}
    assert [post(client, **said).status_code for _ in range(3)] == [200, 200, 429]


def numbers(client: FlaskClient, **words: str) -> list[str]:
    answer = get(client, "requests.json", **words)
    assert answer.status_code == 200, answer.text
    return [each["service_request_id"] for each in answer.json or []]


def test_the_filters_of_the_specification(client: FlaskClient) -> None:
    old = seed.add_ticket(opened_at=utcnow() - timedelta(days=100), changed_at=utcnow())
    done = seed.add_ticket(status=TicketStatus.RESOLVED, opened_at=utcnow() - timedelta(days=10))
    dump = seed.add_ticket(category="illegal_dumping", opened_at=utcnow() - timedelta(days=5))
    light = seed.add_ticket()
    day = f"{utcnow() - timedelta(days=7):%Y-%m-%d}"
    assert numbers(client) == [light, dump, done]
    assert numbers(client, status="open") == [light, dump]
    assert numbers(client, status="closed") == [done]
    assert numbers(client, status="open,closed") == [light, dump, done]
    assert numbers(client, service_code="illegal_dumping,noise") == [dump]
    assert numbers(client, start_date=day) == [light, dump]
    assert numbers(client, end_date=f"{day}T23:59:59+01:00") == [done]
    assert numbers(client, service_request_id=f"{old}, {done}", status="open") == [done, old]
    assert numbers(client, page_size="2", page="2") == [done]
    assert old in numbers(client, updated_after=day)
    assert numbers(client, jurisdiction_id="musterstadt.example", status="", page="") == [light, dump, done]


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": Kind.EMERGENCY},
        {"kind": Kind.QUESTION},
        {"kind": Kind.FEEDBACK},
        {"private": True},
        {"category": None},
        {"department": None},
    ],
)
def test_what_is_not_for_everybody_is_nowhere(client: FlaskClient, changed: dict[str, Any]) -> None:
    reference = seed.add_ticket(status=TicketStatus.RESOLVED, **changed)
    for path in ("requests", f"requests/{reference}", f"tokens/{reference}", "servicerequestupdates"):
        assert reference not in get(client, f"{path}.json").text


def test_a_door_is_shown_as_a_street_and_roughly(client: FlaskClient) -> None:
    seed.add_ticket(location=ADDRESS)
    (told,) = get(client, "requests.json").json or []
    assert (told["address"], told["lat"], told["long"]) == ("Hauptstraße", 51.012, 12.01)


def changed(client: FlaskClient, **words: str) -> list[dict[str, str]]:
    told = plain(get(client, "servicerequestupdates.xml", **words), "service_requests_updates")
    for each in told:
        fits(each, UPDATE)
    return list(told)


def test_the_update_extension_tells_the_public_states(client: FlaskClient) -> None:
    seed.add_ticket()
    done = seed.add_ticket(status=TicketStatus.RESOLVED)
    (told,) = changed(client)
    assert (told["service_request_id"], told["status"], told["description"]) == (done, "FIXED", "Erledigt")
    assert changed(client, end_date=f"{utcnow() - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}") == []


def test_an_office_tells_what_became_of_its_own_tickets(client: FlaskClient, key: str) -> None:
    ours, theirs = seed.add_ticket(), seed.add_ticket(department="cleaning")
    said = {"api_key": key, "update_id": "u1", "status": "FIXED", "description": "Neue\x07 Lampe"}
    answer = post(client, "servicerequestupdates.xml", service_request_id=ours, **said)
    assert plain(answer, "service_request_updates") == [{"update_id": "u1"}]
    (word,) = story.rows(StatusUpdateRow)
    assert (word.department, word.external_id, word.words) == ("streets", "open311-u1", "Neue Lampe")
    assert word.status is TicketStatus.RESOLVED
    again = post(client, "servicerequestupdates.xml", service_request_id=ours, **said)
    assert (again.status_code, "already exists" in again.text) == (400, True)
    foreign = post(
        client, "servicerequestupdates.xml", service_request_id=theirs, **said | {"update_id": "u2"}
    )
    unknown = post(
        client,
        "servicerequestupdates.xml",
        service_request_id=ours,
        **said | {"update_id": "3", "status": "?!"},
    )
    assert (foreign.status_code, unknown.status_code) == (404, 400)
    assert len(story.rows(StatusUpdateRow)) == 1


def test_fixmystreet_reports_reads_services_and_polls(client: FlaskClient, key: str) -> None:
    """Its own requests, word by word, and what it takes out of our answers."""
    common = {"jurisdiction_id": "musterstadt.example"}
    services = ElementTree.fromstring(get(client, "services.xml", **common).data)
    codes = [each.findtext("service_code") for each in services.findall("service")]
    assert "road_damage" in codes
    reported = client.post(
        "/open311/v2/requests.xml",
        data={
            "api_key": key,
            **common,
            "service_code": "road_damage",
            "lat": "51.0102",
            "long": "12.0102",
            "description": "title: Loch\n\ndetail: Ein Schlagloch\n\nurl: https://fms.example/report/7",
            "email": "ada@post.example",
            "first_name": "Ada",
            "last_name": "Beispiel",
            "attribute[fixmystreet_id]": "7",
        },
        content_type="application/x-www-form-urlencoded",
    )
    number = ElementTree.fromstring(reported.data).findtext("request/service_request_id")
    (ticket,) = story.rows(TicketRow)
    assert number == ticket.reference
    story.change(TicketRow, ticket.id or 0, department="streets", status=TicketStatus.DELIVERED)
    updates.hear(
        ticket.id or 0,
        "streets",
        "1",
        status=TicketStatus.IN_PROGRESS,
        words="Intern",
        actor="department:streets",
    )
    updates.apply(story.only(Step.UPDATE), ())
    now = datetime.now(UTC)
    polled = get(
        client,
        "servicerequestupdates.xml",
        api_key=key,
        start_date=f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
        end_date=f"{now + timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}",
        **common,
    )
    (update,) = ElementTree.fromstring(polled.data).findall("request_update")
    told = {name: update.findtext(name) for name in ("service_request_id", "status", "description")}
    assert told == {"service_request_id": number, "status": "IN_PROGRESS", "description": "In Arbeit"}
    assert update.findtext("update_id")
    assert update.findtext("updated_datetime")


@pytest.mark.parametrize("form", FORMS)
def test_an_independent_client_reads_us_over_http(client: FlaskClient, form: str) -> None:
    light, done = seed.add_ticket(), seed.add_ticket(status=TicketStatus.RESOLVED)
    with serving(client.application) as served:
        city = GeoReport(served.base, jurisdiction="musterstadt.example", output_format=form)
        assert next(each["service_code"] for each in city.get_service_list()) == "traffic_light"
        assert city.get_service_definition("noise")["service_code"] == "noise"
        assert [each["service_request_id"] for each in city.get_service_requests()] == [done, light]
        assert city.get_service_request(done)["status"] == "closed"


WORDS = st.text("abcdefghijklmnopqrstuvwxyzäöü", min_size=12, max_size=30)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=WORDS,
    handle=WORDS,
    heard=WORDS,
    door=st.from_regex("[1-9][0-9]{2}qx", fullmatch=True),
    status=st.sampled_from(list(TicketStatus)),
)
def test_no_personal_word_is_in_any_answer(
    client: FlaskClient, said: str, handle: str, heard: str, door: str, status: TicketStatus
) -> None:
    location = ADDRESS.model_copy(update={"label": f"Hauptstraße {door}", "house_number": door})
    message = {"handle": f"{handle}@marktplatz.example", "url": f"https://marktplatz.example/@{handle}/1"}
    reference = seed.add_ticket(said, message=message, location=location, status=status, because=heard)
    ticket = story.rows(TicketRow)[-1]
    story.change(StatusChangeRow, story.rows(StatusChangeRow)[-1].id or 0, words=heard)
    seed.add_reply(reference, heard)
    told = "".join(
        get(client, f"{path}.{form}", extensions="true").text
        for form in FORMS
        for path in (
            "requests",
            f"requests/{reference}",
            "servicerequestupdates",
            f"tokens/{reference}",
            "services",
        )
    )
    assert [each for each in (said, handle, heard, door, ticket.code, "51.01234") if each in told] == []
    assert reference in told

"""A department's program reads its own tickets, tells each update once, and hears exactly what is wrong."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from bridge import links
from bridge.city import load_city
from bridge.domain import Purpose, SendState, TicketStatus
from bridge.settings import settings
from bridge.tickets.book import secrets
from bridge.tickets.session import writing
from bridge.tickets.tables import AttachmentRow, AttemptRow, MessageRow, StatusUpdateRow, TicketRow
from bridge.tickets.types import utcnow
from bridge.web import api
from bridge.web.openapi import description
from tests.tickets import story
from tests.web import seed

PHOTO = b"\xff\xd8\xff\xd9"


class Program:
    """A department's program with its token."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self.client, self.token = client, token

    def get(self, path: str) -> TestResponse:
        return self.client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {self.token}"})

    def tell(self, reference: str, *, raw: bytes | None = None, **said: Any) -> TestResponse:
        given = {"id": "u-1", "status": "accepted"} | said
        return self.client.post(
            f"/api/v1/tickets/{reference}/updates",
            data=json.dumps(given) if raw is None else raw,
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}"},
        )


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    yield seed.make_client(tmp_path, monkeypatch)
    seed.end()


@pytest.fixture
def streets(client: FlaskClient) -> Program:
    return Program(client, secrets.make("streets", Purpose.UPDATES))


@pytest.fixture
def ticket(client: FlaskClient) -> str:
    reference = seed.add_ticket()
    seed.add_delivery(reference, SendState.SENT)
    return reference


def heard() -> list[StatusUpdateRow]:
    return story.rows(StatusUpdateRow)


def form(name: str) -> Draft202012Validator:
    schemas = json.loads(description("http://b.example"))["components"]
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": schemas})


@pytest.mark.parametrize("path", ["/tickets", "/tickets/MU-2026-00001"])
@pytest.mark.parametrize(
    "shown", ["", "Bearer", "Bearer ", "Bearer falsch", "Basic c3RyZWV0czp4", "Bearer ä", "Bearer \u200b"]
)
def test_nobody_without_a_departments_token_gets_in(client: FlaskClient, path: str, shown: str) -> None:
    answer = client.get(f"/api/v1{path}", headers={"Authorization": shown.encode().decode("latin-1")})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.content_type == "application/problem+json"


def test_other_keys_of_a_department_open_nothing(client: FlaskClient) -> None:
    assert Program(client, secrets.make("streets", Purpose.WEBHOOK)).get("/tickets").status_code == 401


def test_a_department_that_is_no_longer_listed_is_nobody(client: FlaskClient, tmp_path: Path) -> None:
    assert Program(client, secrets.make("gone", Purpose.UPDATES)).get("/tickets").status_code == 401


def test_too_many_requests_are_put_off(streets: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api.throttle, "limit", 2)
    answers = [streets.get("/tickets") for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "60"


def test_a_ticket_tells_what_it_is_about_and_not_who_reported_it(streets: Program, ticket: str) -> None:
    seed.add_photo(ticket, "a.jpg", PHOTO)
    answer = streets.get(f"/tickets/{ticket}")
    told = answer.get_json()
    assert (told["reference"], told["status"], told["text"]) == (ticket, "delivered", "Die Ampel ist aus")
    assert told["place"]["label"] == "Hauptstraße / Ringstraße"
    assert told["updates_url"].endswith(f"/api/v1/tickets/{ticket}/updates")
    assert "ada" not in answer.text.lower()
    assert "mastodon" not in answer.text
    form("Ticket").validate(told)


@pytest.mark.parametrize(
    "changed",
    [{"department": "cleaning"}, {"department": None}],
)
def test_the_tickets_of_others_are_not_there(
    streets: Program, client: FlaskClient, changed: dict[str, Any]
) -> None:
    reference = seed.add_ticket(**changed)
    seed.add_delivery(reference, SendState.SENT, department="streets")
    for answer in (streets.get(f"/tickets/{reference}"), streets.tell(reference)):
        assert (answer.status_code, answer.get_json()["title"]) == (404, "Not Found")
    assert streets.get("/tickets").get_json()["tickets"] == []
    assert heard() == []


def test_what_still_waits_for_its_release_is_not_shown(streets: Program, client: FlaskClient) -> None:
    reference = seed.add_ticket()
    parcel = seed.add_delivery(reference)
    assert streets.get(f"/tickets/{reference}").status_code == 404
    with writing() as db:
        db.add(AttemptRow(delivery_id=parcel, outcome="again", words="no answer came"))
    # It may have arrived although no answer came back.
    assert streets.get(f"/tickets/{reference}").status_code == 200


def test_an_office_that_is_not_the_city_gets_no_words_and_photos_this_way(
    streets: Program, ticket: str, tmp_path: Path
) -> None:
    seed.add_photo(ticket, "a.jpg", PHOTO)
    file = tmp_path / "musterstadt" / "departments.yaml"
    file.write_text(file.read_text().replace("tiefbau@musterstadt.example", "a@b.example, outside: true"))
    load_city.cache_clear()
    told = streets.get(f"/tickets/{ticket}").get_json()
    assert (told["text"], told["photos"], told["left_out"]) == ("", [], ["Text", "Fotos"])


def test_pages_follow_each_other_until_nothing_is_new(streets: Program, client: FlaskClient) -> None:
    made = []
    for age in range(5):
        made.append(seed.add_ticket(changed_at=utcnow() - timedelta(hours=9 - age)))
        seed.add_delivery(made[-1], SendState.SENT)
    read, path = [], "/tickets?limit=2"
    while path:
        page = streets.get(path).get_json()
        form("TicketPage").validate(page)
        read.append([each["reference"] for each in page["tickets"]])
        path = (page["next"] or "").partition("/api/v1")[2]
    assert read == [made[:2], made[2:4], made[4:], []]


def test_since_leaves_out_what_did_not_change(streets: Program, client: FlaskClient) -> None:
    for hours in (9, 1):
        seed.add_delivery(seed.add_ticket(changed_at=utcnow() - timedelta(hours=hours)), SendState.SENT)
    since = (utcnow() - timedelta(hours=5)).isoformat().replace("+", "%2B")
    assert len(streets.get(f"/tickets?since={since}").get_json()["tickets"]) == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("since=gestern", "since"),
        ("since=2026-01-01T00:00:00", "since"),
        ("since=0001-01-01T00:00:00%2B14:00", "since"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("cursor=x", "cursor"),
        ("cursor=99999999999999999-1", "cursor"),
        ("seit=1", "seit"),
    ],
)
def test_a_wrong_question_is_told_by_its_parameter(streets: Program, query: str, field: str) -> None:
    answer = streets.get(f"/tickets?{query}")
    assert answer.status_code == 422
    assert [each["where"] for each in answer.get_json()["errors"]] == [field]
    form("Problem").validate(answer.get_json())


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("accepted", TicketStatus.ACCEPTED),
        ("in_progress", TicketStatus.IN_PROGRESS),
        ("scheduled", TicketStatus.SCHEDULED),
        ("resolved", TicketStatus.RESOLVED),
        ("rejected", TicketStatus.REJECTED),
        ("not_ours", TicketStatus.NEEDS_DECISION),
        ("question", TicketStatus.NEEDS_INFO),
    ],
)
def test_an_update_is_taken_to_take_effect(
    streets: Program, ticket: str, said: str, status: TicketStatus
) -> None:
    answer = streets.tell(
        ticket, status=said, words=" Am 3.\u202e Mai\u0000 ", happened_at="2026-11-20T10:00:00+01:00"
    )
    assert answer.status_code == 202
    told = answer.get_json()
    form("Taken").validate(told)
    assert (told["status"], told["words"], told["happened_at"]) == (said, "Am 3. Mai", "2026-11-20T09:00:00Z")
    (row,) = heard()
    assert (row.status, row.words, row.actor, row.step) == (
        status,
        "Am 3. Mai",
        "department:streets",
        "update",
    )


def test_the_same_update_again_is_answered_the_same_and_taken_once(streets: Program, ticket: str) -> None:
    first, again = (streets.tell(ticket, words="Wir fahren hin.") for _ in range(2))
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.get_json() == again.get_json()
    assert len(heard()) == 1


def test_the_same_update_again_is_answered_even_where_the_ticket_went_on(
    streets: Program, ticket: str
) -> None:
    first = streets.tell(ticket, status="not_ours", words="Bahn")
    story.change(TicketRow, 1, department="cleaning", status=TicketStatus.ROUTED)
    assert streets.tell(ticket, status="not_ours", words="Bahn").get_json() == first.get_json()


@pytest.mark.parametrize(
    "other", [{"words": "anders"}, {"status": "resolved"}, {"happened_at": "2026-11-20T10:00:00Z"}]
)
def test_another_update_under_the_same_id_is_refused(
    streets: Program, ticket: str, other: dict[str, Any]
) -> None:
    streets.tell(ticket)
    answer = streets.tell(ticket, **other)
    assert (answer.status_code, answer.get_json()["errors"][0]["where"]) == (409, "id")
    assert len(heard()) == 1


def test_an_id_names_one_update_of_one_ticket_of_one_department(
    streets: Program, client: FlaskClient, ticket: str
) -> None:
    second = seed.add_ticket()
    seed.add_delivery(second, SendState.SENT)
    third = seed.add_ticket(department="cleaning")
    seed.add_delivery(third, SendState.SENT)
    cleaning = Program(client, secrets.make("cleaning", Purpose.UPDATES))
    assert streets.tell(ticket).status_code == 202
    assert streets.tell(second).status_code == 409
    assert cleaning.tell(third).status_code == 202


def test_a_closed_ticket_cannot_go_back_to_work(streets: Program, client: FlaskClient) -> None:
    reference = seed.add_ticket(status=TicketStatus.RESOLVED, closed_at=utcnow())
    seed.add_delivery(reference, SendState.SENT)
    answer = streets.tell(reference, status="in_progress")
    assert (answer.status_code, "resolved cannot become in_progress" in answer.text) == (409, True)
    assert streets.tell(reference, status="resolved", words="Wirklich fertig").status_code == 202


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"status": "fertig"}, ""),
        ({"status": None}, ""),
        ({"id": ""}, "id"),
        ({"id": 7}, "id"),
        ({"id": "a b"}, "id"),
        ({"id": "x" * 101}, "id"),
        ({"words": 7}, "words"),
        ({"words": "x" * 2001}, "words"),
        ({"status": "not_ours"}, "words"),
        ({"status": "rejected", "words": " \u200b"}, "words"),
        ({"happened_at": "gestern"}, "happened_at"),
        ({"happened_at": "2026-11-20T10:00:00"}, "happened_at"),
        ({"happened_at": "9999-12-31T23:59:59-14:00"}, "happened_at"),
        ({"happened_at": 1}, "happened_at"),
        ({"photo": "x"}, "photo"),
    ],
)
def test_a_wrong_update_is_told_by_its_field(
    streets: Program, ticket: str, said: dict[str, Any], field: str
) -> None:
    answer = streets.tell(ticket, **said)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert [each["where"] for each in answer.get_json()["errors"]] == [field]
    assert heard() == []


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b"7", b'"x"', b"\xff", b'{"id": "\\ud800"}', b"[" * 100_000]
)
def test_what_is_no_update_at_all_is_no_error_of_ours(streets: Program, ticket: str, raw: bytes) -> None:
    assert streets.tell(ticket, raw=raw).status_code == 422


def test_a_form_or_a_flood_is_refused_in_the_same_words(streets: Program, ticket: str) -> None:
    head = {"Authorization": f"Bearer {streets.token}"}
    path = f"/api/v1/tickets/{ticket}/updates"
    assert streets.client.post(path, data={"id": "1"}, headers=head).status_code == 415
    flood = streets.tell(ticket, raw=b" " * 300_000)
    assert flood.status_code == 413
    lost = streets.client.get("/api/gibt/es/nicht")
    assert (lost.status_code, lost.content_type) == (404, "application/problem+json")
    odd = streets.client.delete(path, headers=head)
    assert (odd.status_code, odd.content_type, "POST" in odd.headers["Allow"]) == (
        405,
        "application/problem+json",
        True,
    )


def test_a_photo_opens_by_its_address_alone_until_it_is_taken_back(client: FlaskClient, ticket: str) -> None:
    seed.add_photo(ticket, "a.jpg", PHOTO)
    path = links.photo_url("a.jpg").removeprefix(settings().public_url)
    assert client.get(path, buffered=True).data == PHOTO
    assert client.get(path + "x").status_code == 404
    assert client.get(links.photo_url("../bridge.db").removeprefix(settings().public_url)).status_code == 404
    story.change(MessageRow, 1, withdrawn_at=utcnow())
    assert client.get(path).status_code == 404
    assert story.rows(AttachmentRow)


def test_a_photos_address_ends_after_a_week(
    client: FlaskClient, ticket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed.add_photo(ticket, "a.jpg", PHOTO)
    path = links.photo_url("a.jpg").removeprefix(settings().public_url)
    monkeypatch.setattr(links, "PHOTO_DAYS", -1)
    assert client.get(path).status_code == 404

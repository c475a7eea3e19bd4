"""What the API says of itself is true: a machine writes requests by it and judges every answer."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, seed, settings
from jsonschema import Draft202012Validator
from schemathesis import Case, GenerationMode
from schemathesis.openapi import from_wsgi
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import positive_data_acceptance

from bridge.delivery import Event
from bridge.delivery._event import event
from bridge.domain import Purpose, SendState
from bridge.tickets.book import secrets
from bridge.tickets.tables import StatusUpdateRow
from bridge.web import api
from bridge.web.open311 import described
from bridge.web.openapi import description
from tests.delivery.contract import handover
from tests.tickets import story
from tests.web import seed as town

EXAMPLES = 25
FOR_PROGRAMS = ("/api/", "/hooks/", "/open311/")

both = pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    monkeypatch.setattr(api.throttle, "limit", 1_000_000)
    browser = town.make_client(tmp_path, monkeypatch)
    # The requests come from nowhere, and whoever is not here needs a desk that is in use.
    town.staff.add(town.LOGIN, "Vera Beispiel", password=town.PASSWORD)
    yield browser
    town.end()


@pytest.fixture
def api_schema(client: FlaskClient) -> BaseSchema:
    return from_wsgi("/api/openapi.json", client.application)


@pytest.fixture
def ticket(client: FlaskClient) -> str:
    reference = town.add_ticket()
    town.add_delivery(reference, SendState.SENT)
    return reference


def ask_and_judge(
    api_schema: BaseSchema,
    name: str,
    mode: GenerationMode,
    *,
    excluded_checks: tuple[Any, ...] = (),
    **known: Any,
) -> None:
    """Send requests the description allows, or forbids, and compare every answer with what it promises."""
    operation = api_schema.find_operation_by_id(name)
    head = {"Authorization": f"Bearer {secrets.make('streets', Purpose.UPDATES)}"}

    @seed(5)
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy(generation_mode=mode, **known))
    def judge(case: Case) -> None:
        case.call_and_validate(headers=head, excluded_checks=list(excluded_checks))

    judge()


@both
@pytest.mark.parametrize("name", ["tickets", "ticket", "update"])
def test_every_answer_is_as_it_is_described(
    api_schema: BaseSchema, ticket: str, name: str, mode: GenerationMode
) -> None:
    ask_and_judge(api_schema, name, mode)


@both
@pytest.mark.parametrize("name", ["ticket", "update"])
def test_so_it_is_for_a_ticket_there_is(
    api_schema: BaseSchema, ticket: str, name: str, mode: GenerationMode
) -> None:
    ask_and_judge(api_schema, name, mode, path_parameters={"reference": ticket})
    assert name == "ticket" or mode is GenerationMode.NEGATIVE or story.rows(StatusUpdateRow)


@pytest.mark.parametrize(
    "name", [told[0] for methods in described.DOORS.values() for told in methods.values()]
)
def test_the_doors_of_open311_answer_as_described(api_schema: BaseSchema, ticket: str, name: str) -> None:
    # What each parameter may be stands in their specification, not in ours.
    loose = (positive_data_acceptance,)
    ask_and_judge(api_schema, f"open311-{name}", GenerationMode.POSITIVE, excluded_checks=loose)


def test_no_word_is_forbidden_as_a_photos_address(api_schema: BaseSchema) -> None:
    ask_and_judge(api_schema, "photo", GenerationMode.POSITIVE)


def test_the_description_is_the_one_of_this_city(client: FlaskClient) -> None:
    told = client.get("/api/openapi.json").get_json()
    assert (told["openapi"], told["servers"]) == ("3.1.0", [{"url": town.LOCAL}])
    rules = (rule.rule for rule in client.application.url_map.iter_rules())
    doors = {rule.replace("<", "{").replace(">", "}") for rule in rules if rule.startswith(FOR_PROGRAMS)}
    assert doors - {"/api/openapi.json"} == set(told["paths"])


def test_the_web_hook_is_sent_as_it_is_described() -> None:
    schemas = json.loads(description("http://b.example"))["components"]["schemas"]
    form = Draft202012Validator(
        {"$ref": "#/components/schemas/Event", "components": {"schemas": schemas}},
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )
    form.validate(json.loads(Event.model_dump_json(told())))
    assert set(schemas["TicketTold"]["required"]) == set(schemas["TicketTold"]["properties"])


def told() -> Event:
    return event(handover())

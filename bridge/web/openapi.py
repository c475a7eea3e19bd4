"""Describes the API in OpenAPI 3.1, from the very forms that check it."""

import json
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bridge.delivery import Event
from bridge.web import api_forms as forms
from bridge.web import mail_door
from bridge.web.open311.described import paths as open311
from bridge.web.problems import Problem

FORMS: tuple[tuple[type[BaseModel], Any], ...] = (
    (Event, "serialization"),
    (Problem, "serialization"),
    (forms.Taken, "serialization"),
    (forms.Ticket, "serialization"),
    (forms.TicketPage, "serialization"),
    (forms.PlainUpdate, "validation"),
    (forms.ExplainedUpdate, "validation"),
)
ABOUT = (
    "For the departments' own programs: read the tickets that lie with the department and tell what becomes "
    "of them. A department gets its token from the city's IT. Errors are problem details by RFC 9457."
)
TOKENS = ("department", "gateway")
REFERENCE = {
    "name": "reference",
    "in": "path",
    "required": True,
    "schema": {"type": "string"},
    "description": "the ticket's number, such as LE-2026-00042",
}
PROBLEMS = {
    401: "no token of a department",
    404: "no such ticket lies with this department",
    409: "the id was used for another update, or the ticket cannot go there any more",
    413: "more than 256 KiB",
    415: "not application/json",
    422: "not of the documented form; `errors` names each field",
    429: "too many requests; `Retry-After` says how long to wait",
}


@cache
def description(address: str) -> str:
    """The whole description as JSON, for an API that is served at `address`."""
    _, schemas = models_json_schema(FORMS, ref_template="#/components/schemas/{model}")
    return json.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": "Stadtbrücke", "version": "1", "description": ABOUT},
            "servers": [{"url": address}],
            "paths": _paths() | open311(),
            "webhooks": {"ticket": {"post": _hook()}},
            "components": {
                "schemas": schemas["$defs"],
                "securitySchemes": {name: {"type": "http", "scheme": "bearer"} for name in TOKENS},
            },
            "security": [{"department": []}],
        },
        ensure_ascii=False,
    )


def _paths() -> dict[str, Any]:
    return {
        "/api/v1/tickets": {"get": _list()},
        "/api/v1/tickets/{reference}": {"get": _one()},
        "/api/v1/tickets/{reference}/updates": {"post": _update()},
        "/api/v1/photos/{token}": {"get": _photo()},
        "/hooks/mail": {"post": _mail()},
    }


def _list() -> dict[str, Any]:
    asked = forms.Asked.model_json_schema()["properties"]
    return {
        "operationId": "tickets",
        "summary": "The department's tickets, those that changed longest ago first",
        "parameters": [{"name": name, "in": "query", "schema": _plain(form)} for name, form in asked.items()],
        "responses": {**_answer(200, "some tickets", "TicketPage"), **_problems(401, 422, 429)},
    }


def _one() -> dict[str, Any]:
    return {
        "operationId": "ticket",
        "summary": "One ticket of the department",
        "parameters": [REFERENCE],
        "responses": {**_answer(200, "the ticket", "Ticket"), **_problems(401, 404, 429)},
    }


def _update() -> dict[str, Any]:
    body = {"oneOf": [_ref("PlainUpdate"), _ref("ExplainedUpdate")]}
    return {
        "operationId": "update",
        "summary": "Tell what became of a ticket",
        "description": "May be sent again under the same `id`: it is taken once, and answered the same.",
        "parameters": [REFERENCE],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            **_answer(202, "taken; it takes effect within seconds", "Taken"),
            **_answer(200, "was taken before", "Taken"),
            **_problems(401, 404, 409, 413, 415, 422, 429),
        },
    }


def _photo() -> dict[str, Any]:
    return {
        "operationId": "photo",
        "summary": "A photo whose address was handed over; the address is its own proof",
        "security": [],
        "parameters": [{"name": "token", "in": "path", "required": True, "schema": {"type": "string"}}],
        "responses": {
            "200": {"description": "the photo", "content": {"image/jpeg": {}}},
            **_problems(404),
        },
    }


def _mail() -> dict[str, Any]:
    raw = {"type": "string", "contentMediaType": "message/rfc822"}
    fields = {"type": "object", "properties": dict.fromkeys(mail_door.FIELDS, raw), "minProperties": 1}
    statuses = {200: "kept", 401: "not the gateway's token", 413: "too large", 422: "no mail"}
    told = {"text/plain": {"schema": {"type": "string"}}}
    return {
        "operationId": "mail",
        "summary": "A raw mail to the city's address, brought by a mail gateway",
        "security": [{"gateway": []}],
        "requestBody": {
            "required": True,
            "content": {"message/rfc822": {"schema": raw}, "multipart/form-data": {"schema": fields}},
        },
        "responses": {str(status): {"description": it, "content": told} for status, it in statuses.items()},
    }


def _hook() -> dict[str, Any]:
    heads = ("webhook-id", "webhook-timestamp", "webhook-signature")
    return {
        "operationId": "ticketEvent",
        "summary": "What a department's own server gets, by the Standard Webhooks specification",
        "security": [],
        "parameters": [
            {"name": head, "in": "header", "required": True, "schema": {"type": "string"}} for head in heads
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": _ref("Event")}}},
        "responses": {
            "2XX": {"description": "taken"},
            "410": {"description": "send nothing here any more"},
            "429": {"description": "later, as `Retry-After` says"},
        },
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _answer(status: int, words: str, form: str) -> dict[str, Any]:
    return {
        str(status): {"description": words, "content": {"application/json": {"schema": _ref(form)}}},
    }


def _problems(*statuses: int) -> dict[str, Any]:
    told = {"application/problem+json": {"schema": _ref("Problem")}}
    return {str(status): {"description": PROBLEMS[status], "content": told} for status in statuses}


def _plain(form: dict[str, Any]) -> dict[str, Any]:
    """The form of a parameter, which is left out where it is nothing."""
    kinds = [kind for kind in form.get("anyOf", [form]) if kind.get("type") != "null"]
    about = {name: form[name] for name in ("description",) if name in form}
    return {**{k: v for k, v in kinds[0].items() if k != "title"}, **about}

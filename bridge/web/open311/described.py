"""Describes the Open311 doors in OpenAPI 3.1; what they mean stands in the specification of GeoReport v2."""

from typing import Any

from bridge.web.open311.answers import TYPES

DOORS: dict[str, dict[str, tuple[str, str, tuple[str, ...]]]] = {
    "/open311/discovery.{form}": {"get": ("discovery", "Where the server is and how a key is got", ())},
    "/open311/v2/services.{form}": {"get": ("services", "The categories the city takes reports of", ())},
    "/open311/v2/services/{service_code}.{form}": {
        "get": ("service", "What else must be told about a category", ("service_code",))
    },
    "/open311/v2/requests.{form}": {
        "get": (
            "requests",
            "The tickets everybody may know of",
            (
                *("service_request_id", "service_code", "status", "start_date", "end_date"),
                *("updated_after", "updated_before", "page", "page_size", "extensions"),
            ),
        ),
        "post": (
            "report",
            "Open a ticket; its number is told at once",
            ("api_key", "service_code", "description", "lat", "long", "address_string"),
        ),
    },
    "/open311/v2/requests/{service_request_id}.{form}": {
        "get": ("request", "One ticket, in a list", ("service_request_id",))
    },
    "/open311/v2/tokens/{token}.{form}": {"get": ("token", "The number of a report", ("token",))},
    "/open311/v2/servicerequestupdates.{form}": {
        "get": ("changes", "The public states tickets took in a time", ("start_date", "end_date")),
        "post": (
            "change",
            "Tell what became of a ticket",
            (
                *("api_key", "service_request_id", "update_id", "status"),
                *("updated_datetime", "description"),
            ),
        ),
    },
}
"""Each door by its method: the name of what it does, a sentence, and its parameters."""
NEEDED = frozenset({"api_key", "service_code", "service_request_id", "update_id", "status"})
"""Without these nothing can be written."""
ANSWERS = {
    "200": "as the specification says",
    "400": "a parameter is missing or wrong",
    "403": "no key for writing",
    "404": "there is none, or it is not for everybody",
    "429": "too many requests with one key",
}
_TEXT = {"type": "string"}


def paths() -> dict[str, Any]:
    """Every door, as a part of the whole description."""
    return {
        path: {method: _door(path, method, *told) for method, told in methods.items()}
        for path, methods in DOORS.items()
    }


def _door(path: str, method: str, name: str, summary: str, asked: tuple[str, ...]) -> dict[str, Any]:
    inside = [each for each in asked if f"{{{each}}}" in path]
    form = {"name": "form", "in": "path", "required": True, "schema": {"enum": list(TYPES)}}
    door: dict[str, Any] = {
        "operationId": f"open311-{name}",
        "summary": summary,
        "security": [],
        "externalDocs": {"url": "https://wiki.open311.org/GeoReport_v2/"},
        "parameters": [form, *({"name": i, "in": "path", "required": True, "schema": _TEXT} for i in inside)],
        "responses": {status: {"description": it, "content": _content()} for status, it in ANSWERS.items()},
    }
    others = [each for each in asked if each not in inside]
    if method == "get":
        door["parameters"] += [{"name": each, "in": "query", "schema": _TEXT} for each in others]
    else:
        fields = {"type": "object", "properties": dict.fromkeys(others, _TEXT)}
        fields["required"] = [each for each in others if each in NEEDED]
        door["requestBody"] = {"content": {"application/x-www-form-urlencoded": {"schema": fields}}}
    return door


def _content() -> dict[str, Any]:
    return {each.partition(";")[0]: {} for each in TYPES.values()}

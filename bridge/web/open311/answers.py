"""Writes answers in the two forms of GeoReport: XML by the specification, JSON by its Spark convention."""

import json
import re
from datetime import UTC, datetime
from typing import NoReturn
from xml.etree.ElementTree import Element, tostring

from flask import Response, abort, g

from bridge.web.public import keep_private

TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
ITEMS = {
    "endpoints": "endpoint",
    "formats": "format",
    "services": "service",
    "attributes": "attribute",
    "service_requests": "request",
    "service_requests_updates": "request_update",
    "service_request_updates": "request_update",
    "errors": "error",
}
"""How one thing in a list is called."""
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def answer(root: str, told: object, status: int = 200) -> Response:
    """Answer with `told` in the form the address asks for; in XML its outermost element is `root`."""
    body = _json(told) if g.form == "json" else _xml(root, told)
    return keep_private(Response(body, status, content_type=TYPES[g.form]))


def refuse(status: int, description: str) -> NoReturn:
    """End this request with an error by the specification."""
    abort(answer("errors", [{"code": status, "description": description}], status))


def w3c(moment: datetime | None) -> str | None:
    """A moment as GeoReport writes it: UTC, whole seconds."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else None


def _json(told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")


def _xml(root: str, told: object) -> bytes:
    written: bytes = tostring(_element(root, told), encoding="utf-8", xml_declaration=True)
    return written


def _element(name: str, told: object) -> Element:
    element = Element(name)
    match told:
        case dict():
            element.extend(_element(key, value) for key, value in told.items())
        case list():
            element.extend(_element(ITEMS[name], value) for value in told)
        case bool():
            element.text = str(told).lower()
        case None:
            pass
        case _:
            element.text = _NO_XML.sub("\ufffd", str(told))
    return element

"""What a program reads when something is wrong: problem details by RFC 9457, naming the field."""

from collections.abc import Iterable
from http import HTTPStatus

from flask import Response
from pydantic import BaseModel, Field, ValidationError

from bridge.web.public import keep_private


class Fault(BaseModel):
    """One thing that is wrong with a request."""

    where: str = Field(description="the field of the body or the parameter; empty for the whole")
    detail: str


class Problem(BaseModel):
    """Why a request was not answered as it wished."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[Fault]


def problem(status: int, detail: str, errors: Iterable[Fault] = ()) -> Response:
    """The answer that tells a problem."""
    told = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, errors=list(errors))
    response = Response(told.model_dump_json(), status, content_type="application/problem+json")
    return keep_private(response)


def invalid(error: ValidationError) -> Response:
    """422, with every field that is wrong; without what was sent, which may be personal."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    faults = [Fault(where=str(each["loc"][-1]) if each["loc"] else "", detail=each["msg"]) for each in found]
    return problem(422, "The request does not have the documented form.", faults)

"""The API for the departments' own programs: their tickets, and what becomes of them."""

from flask import Blueprint, Response, abort, g, request, send_from_directory
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ValidationError

from bridge import links, queues
from bridge.city import DepartmentFile
from bridge.domain import PermanentError, Step, printable
from bridge.settings import settings
from bridge.tickets import handed, workflow
from bridge.tickets.book import attachments, secrets, updates
from bridge.tickets.handed import Mark
from bridge.tickets.views import Case
from bridge.web import api_forms as forms
from bridge.web.frame import city
from bridge.web.openapi import description
from bridge.web.problems import Fault, invalid, problem
from bridge.web.public import keep_private
from bridge.web.throttle import Throttle

blueprint = Blueprint("api", __name__, url_prefix="/api")

throttle = Throttle("api", limit=600, seconds=60)
OPEN = frozenset({"api.described", "api.photo"})
BY_API = "api-"
"""How the id of a word begins that came this way, so that it meets no id of another way."""


@blueprint.before_request
def _department_only() -> Response | None:
    """Let in whoever shows the token of a department, as `g.department`."""
    if request.endpoint in OPEN:
        return None
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    department = secrets.department_of(token.strip()) if kind.lower() == "bearer" else None
    if department is None or department not in city().departments:
        refused = problem(401, "Send the department's token as `Authorization: Bearer …`.")
        refused.headers["WWW-Authenticate"] = "Bearer"
        return refused
    if throttle.blocked(department):
        patient = problem(429, f"At most {throttle.limit} requests in {throttle.seconds} seconds.")
        patient.headers["Retry-After"] = str(throttle.seconds)
        return patient
    throttle.miss(department)
    g.department = department
    return None


@blueprint.get("/openapi.json")
def described() -> Response:
    """The description of the whole API, in OpenAPI 3.1."""
    return keep_private(Response(description(settings().public_url), content_type="application/json"))


@blueprint.get("/v1/tickets")
def tickets() -> ResponseReturnValue:
    """The department's tickets, those that changed longest ago first."""
    try:
        asked = forms.Asked.model_validate(request.args.to_dict())
    except ValidationError as error:
        return invalid(error)
    since = Mark.read(asked.cursor or "0-0")
    if asked.since:
        since = max(since, Mark(asked.since, 0))
    cases = handed.of_department(g.department, since, asked.limit)
    onward = links.tickets_url(str(Mark(cases[-1].changed_at, cases[-1].id)), asked.limit) if cases else None
    page = forms.TicketPage(tickets=[_told(case) for case in cases], next=onward)
    return _json(page)


@blueprint.get("/v1/tickets/<reference>")
def ticket(reference: str) -> ResponseReturnValue:
    """One ticket; 404 for one that does not lie with this department."""
    return _json(_told(_own(reference)))


@blueprint.post("/v1/tickets/<reference>/updates")
def take(reference: str) -> ResponseReturnValue:
    """Take what became of a ticket: 202, or 200 where this very update was taken before.

    409 where another update has its id, or where the ticket cannot go there any more.
    """
    if request.mimetype != "application/json":
        return problem(415, "Send application/json.")
    try:
        said = forms.Update.validate_json(request.get_data())
    except ValidationError as error:
        return invalid(error)
    words = printable(said.words)
    before = updates.told(g.department, BY_API + said.id)
    if before is None:
        case = _own(reference)
        wanted = forms.MEANS[said.status]
        if wanted not in {case.status, *workflow.ALLOWED[case.status]}:
            return problem(409, f"A ticket that is {case.status} cannot become {said.status}.")
        updates.hear(
            case.id,
            g.department,
            BY_API + said.id,
            status=wanted,
            words=words,
            actor=f"department:{g.department}",
            happened_at=said.happened_at,
        )
        queues.ring(Step.UPDATE)
    return _taken(reference, said, words, 200 if before else 202)


@blueprint.get("/v1/photos/<token>")
def photo(token: str) -> Response:
    """A picture whose address was handed over; 404 for any other or an old address."""
    try:
        file = links.read_photo(token)
    except PermanentError:
        return problem(404, "This address is not valid, or not any more.")
    if not attachments.is_shown(file):
        return problem(404, "This picture is not there any more.")
    folder = (settings().data_folder / "photos").resolve()
    return keep_private(send_from_directory(folder, file, mimetype="image/jpeg"))


def _taken(
    reference: str, said: forms.PlainUpdate | forms.ExplainedUpdate, words: str, status: int
) -> ResponseReturnValue:
    """The update as it is stored, whoever of two at the same time stored it."""
    stored = updates.told(g.department, BY_API + said.id)
    assert stored is not None
    same = (forms.MEANS[said.status], words, said.happened_at)
    if (stored.status, stored.words, stored.happened_at) != same or stored.reference != reference:
        clash = Fault(where="id", detail="was used for another update")
        return problem(409, "Another update has this id.", [clash])
    return _json(forms.taken(reference, stored, said.id), status)


def _own(reference: str) -> Case:
    case = handed.one_of_department(g.department, reference)
    return case or abort(problem(404, "No ticket of this department has this reference."))


def _told(case: Case) -> forms.Ticket:
    office: DepartmentFile = city().departments[g.department]
    return forms.ticket_told(case, outside=office.outside)


def _json(told: BaseModel, status: int = 200) -> Response:
    return keep_private(Response(told.model_dump_json(), status, content_type="application/json"))

"""The Open311 server: GeoReport v2 with the update extension, so that any such tool reads our tickets."""

from flask import Blueprint, Response, abort, g

from bridge import queues
from bridge.delivery.open311.states import means
from bridge.domain import PermanentError, Step
from bridge.tickets import published, search
from bridge.tickets.book import partners, updates
from bridge.tickets.book.partners import Report
from bridge.tickets.published import Published, Wanted
from bridge.web.frame import city
from bridge.web.open311 import asked, told
from bridge.web.open311.answers import TYPES, answer, refuse

blueprint = Blueprint("open311", __name__, url_prefix="/open311")

BY_OPEN311 = "open311-"
"""How the id of a word begins that came this way, so that it meets no id of another way."""


@blueprint.url_value_preprocessor
def _take_form(_endpoint: str | None, values: dict[str, str] | None) -> None:
    """Remember the form that is asked for: every address ends in it."""
    g.form = (values or {}).pop("form", "")


@blueprint.before_request
def _of_this_city() -> None:
    """Answer in the two forms there are, and for this city alone."""
    if g.form not in TYPES:
        abort(404)
    if asked.word("jurisdiction_id") not in ("", city().file.jurisdiction):
        refuse(404, "jurisdiction_id not found")


@blueprint.get("/discovery.<form>")
def discovery() -> Response:
    """Where the server is and how a key is got."""
    return answer("discovery", told.discovery(city()))


@blueprint.get("/v2/services.<form>")
def services() -> Response:
    """The categories the city takes reports of."""
    return answer("services", [told.service(code, each) for code, each in city().categories.items()])


@blueprint.get("/v2/services/<service_code>.<form>")
def definition(service_code: str) -> Response:
    """What else must be told about a category, which is nothing; 404 for an unknown one."""
    _known_service(service_code)
    return answer("service_definition", {"service_code": service_code, "attributes": []})


@blueprint.get("/v2/requests.<form>")
def requests() -> Response:
    """The tickets everybody may know of, by the filters of the specification."""
    return _shown(published.tickets(asked.wanted()))


@blueprint.get("/v2/requests/<service_request_id>.<form>")
def one(service_request_id: str) -> Response:
    """One ticket, still in a list; 404 for one that is not there or not for everybody."""
    found = published.tickets(Wanted(references=(service_request_id,)))
    return _shown(found or refuse(404, "service_request_id not found"))


@blueprint.post("/v2/requests.<form>")
def report() -> Response:
    """Open a ticket and give its number at once; the same report again gets the same number."""
    partner, code = asked.partner(), asked.needed("service_code")
    _known_service(code)
    category = city().categories[code]
    reported = Report(
        partner=partner,
        key=asked.own_number(),
        text=asked.words() or category.de,
        category=code,
        location=asked.place(city(), must=category.needs_place),
    )
    try:
        reference = partners.report(reported, city().file.reference_prefix)
    except PermanentError as error:
        refuse(400, f"Bad request: {error}")
    queues.ring(Step.UNDERSTAND)
    numbered = {"service_request_id": reference, "service_notice": None, "account_id": None}
    return answer("service_requests", [numbered])


@blueprint.get("/v2/tokens/<token>.<form>")
def number(token: str) -> Response:
    """The number of a report; we give it at once, so that a number is its own token."""
    if not published.tickets(Wanted(references=(token,))):
        refuse(404, "token not found")
    return answer("service_requests", [{"service_request_id": token, "token": token}])


@blueprint.get("/v2/servicerequestupdates.<form>")
def changes() -> Response:
    """The public states tickets took in a time."""
    start, end = asked.span()
    assert start is not None
    assert end is not None
    return answer("service_requests_updates", [told.update(each) for each in published.changes(start, end)])


@blueprint.post("/v2/servicerequestupdates.<form>")
def hear() -> Response:
    """Take what became of a ticket from the office it lies with; 404 for any other ticket."""
    partner = asked.partner()
    number, update_id = asked.needed("service_request_id"), asked.needed("update_id")[:200]
    happened, words = asked.moment("updated_datetime"), _printable(asked.words())
    ticket_id = search.find_reference(number)
    case = search.case(ticket_id) if ticket_id else None
    if case is None or case.department != partner:
        refuse(404, "service_request_id not found")
    status = means(asked.needed("status"), case.status, words) or refuse(400, "Bad request: status")
    new = updates.hear(
        case.id,
        partner,
        BY_OPEN311 + update_id,
        status=status,
        words=words,
        actor=f"department:{partner}",
        happened_at=happened,
    )
    if not new:
        refuse(400, "Bad request: update_id already exists")
    queues.ring(Step.UPDATE)
    return answer("service_request_updates", [{"update_id": update_id}])


def _shown(tickets: list[Published]) -> Response:
    extended = asked.word("extensions").lower() in ("true", "1")
    shown = [told.request(each, city(), extended=extended) for each in tickets]
    return answer("service_requests", shown)


def _known_service(code: str) -> None:
    if code not in city().categories:
        refuse(404, "service_code not found")


def _printable(words: str) -> str:
    """The words without signs nobody can see, which hide things."""
    return "".join(sign for sign in words if sign.isprintable() or sign == "\n").strip()

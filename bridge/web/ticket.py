"""One ticket: what was said, what is proposed, what it is about and why."""

from datetime import datetime
from typing import Literal, NamedTuple

from flask import Blueprint, Response, abort, render_template, request, send_from_directory
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from bridge import links
from bridge.domain import DecisionReason, Location, SendState, TicketStatus, Visibility
from bridge.places import city_gazetteer, maps
from bridge.settings import settings
from bridge.tickets import letterbox, search, workflow
from bridge.tickets.tables import BY_HAND
from bridge.tickets.views import Case, HistoryView, MessageView, ReplyView, Thread
from bridge.web import letters_page, typed, words
from bridge.web.frame import city
from bridge.web.typed import Offers

blueprint = Blueprint("ticket", __name__)

MAP = (480, 260)
"""Width and height in pixels."""

CLOSINGS = {
    TicketStatus.RESOLVED: "Erledigt",
    TicketStatus.REJECTED: "Abgelehnt",
    TicketStatus.DUPLICATE: "Doppelt",
}
OPEN = frozenset({Visibility.PUBLIC, Visibility.UNLISTED})
WAITING = frozenset({SendState.NEEDS_DECISION, SendState.UNKNOWN})


class Entry(NamedTuple):
    """One thing in the conversation: `who` decides how it looks."""

    at: datetime
    who: Literal["citizen", "other", "city", "note"]
    message: MessageView | None = None
    reply: ReplyView | None = None
    note: HistoryView | None = None


class Box(NamedTuple):
    """What the reply box says about itself, so that nobody answers wider than they mean to."""

    label: str
    button: str
    limit: int
    """Characters that are left for the text beside the mention."""
    told: str = "Ihre Antwort ist unterwegs."


@blueprint.get("/anliegen/<reference>")
def page(reference: str) -> ResponseReturnValue:
    """The ticket with this reference; `?ort=…` offers the places of that name."""
    case = find(reference)
    asked = request.args.get("ort", "").strip()[:200]
    return render_template(
        "desk/ticket.html",
        case=case,
        entries=conversation(case),
        waiting=[reply for reply in case.replies if reply.state in WAITING],
        letters=letterbox.of_ticket(case.id),
        possible=letters_page.possible,
        box=box(case.threads),
        version=version(case),
        map=drawn(case.location),
        asked=asked,
        offers=offers(case, asked),
        categories=[(code, category.de) for code, category in city().categories.items()],
        departments=[(slug, office.name) for slug, office in city().departments.items()],
        closings={s: word for s, word in CLOSINGS.items() if s in workflow.ALLOWED[case.status]},
        reopens=TicketStatus.REOPENED in workflow.ALLOWED[case.status],
        news=news(case),
        refusers=[city().department_name(slug) for slug in case.refused_by],
        next_office=next_office(case),
        status_url=links.status_url(case.code),
    )


@blueprint.get("/foto/<name>")
def photo(name: str) -> Response:
    """Our own copy of a citizen's picture."""
    return send_from_directory((settings().data_folder / "photos").resolve(), name, mimetype="image/jpeg")


def find(reference: str) -> Case:
    """The ticket with this reference; 404 for any other."""
    ticket_id = search.find_reference(reference)
    return (ticket_id and search.case(ticket_id)) or abort(404)


def news(case: Case) -> str:
    """What there is to look at: what somebody wrote, or that a department stays silent."""
    written = max((message.written_at for message in case.messages), default=case.opened_at)
    if any(entry.what == "silence" and entry.at > written for entry in case.history):
        return "Das Amt hat auch auf die Erinnerung nicht geantwortet."
    return "Es gibt eine neue Nachricht."


def next_office(case: Case) -> str | None:
    """Who would be next by the rules after a refusal, and waits for somebody to agree."""
    refused = case.reason is DecisionReason.REFUSED
    return case.department if refused and case.department not in {*case.refused_by, workflow.PRESS} else None


def conversation(case: Case) -> list[Entry]:
    """What citizens, the city and staff said, oldest first; what waits for a person stands elsewhere."""
    said = [Entry(m.written_at, _speaker(m), message=m) for m in case.messages]
    told = [Entry(r.sent_at or r.written_at, "city", reply=r) for r in case.replies if r.state not in WAITING]
    noted = [Entry(h.at, "note", note=h) for h in case.history if h.what == "note"]
    return sorted([*said, *told, *noted], key=lambda entry: entry.at)


def version(case: Case) -> str:
    """Changes with every reply, so that two people do not answer one citizen without knowing."""
    return str(max((reply.id for reply in case.replies), default=0))


def box(threads: tuple[Thread, ...]) -> Box | None:
    """How the reply box is labelled; None where there is nobody to answer."""
    if not threads:
        return None
    names = " und ".join(sorted({words.platform(thread.platform) for thread in threads}))
    limit = min(thread.limit - len(_mention(thread)) for thread in threads)
    if all(thread.platform == BY_HAND for thread in threads):
        told = "Aufgeschrieben. Bitte geben Sie die Antwort selbst zurück."
        return Box("Antwort zum Zurückgeben", "Antwort aufschreiben", limit, told)
    if any(thread.visibility.of_answer in OPEN for thread in threads):
        return Box(f"Öffentlich antworten auf {names}", "Öffentlich antworten", limit)
    return Box(f"Direkt antworten auf {names}: nur {threads[0].handle} liest es", "Direkt antworten", limit)


def drawn(location: Location | None) -> Markup | None:
    """The place on a small map of our own, or None where it has no coordinates."""
    if location is None or location.point is None:
        return None
    here = city()
    return Markup(maps.svg(location, here, city_gazetteer(here), *MAP))  # noqa: S704


def offers(case: Case, asked: str) -> Offers:
    """Places to choose from: those of the name asked for, else what the text may have meant."""
    if not asked:
        meanings = [m.understanding for m in case.messages if m.understanding]
        return Offers(list({p.label: p for meaning in meanings for p in meaning.candidates}.values()))
    return typed.look_up(city(), asked)


def _speaker(message: MessageView) -> Literal["citizen", "other", "city"]:
    if message.by_us:
        return "city"
    return "citizen" if message.from_reporter else "other"


def _mention(thread: Thread) -> str:
    return "" if thread.platform == BY_HAND else f"@{thread.handle.partition('@')[0]} "

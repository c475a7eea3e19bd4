"""The department's page: a signed link opens one ticket for one department; only a pressed button answers."""

from typing import NamedTuple
from uuid import UUID, uuid4, uuid5

from flask import Blueprint, Response, abort, redirect, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from bridge import links, queues
from bridge.answers import ANSWERS, Answer
from bridge.domain import Automation, Flag, PermanentError, Step, TicketStatus, printable
from bridge.places import city_gazetteer, maps
from bridge.replies.public import personal_data
from bridge.settings import settings
from bridge.tickets import search, switches, workflow
from bridge.tickets.book import updates
from bridge.tickets.views import Case, MessageView
from bridge.web import frame, public, status_words

blueprint = Blueprint("departments", __name__)

MOST_WORDS = 2000


class Opened(NamedTuple):
    """What a signed link opens."""

    token: str
    department: str
    case: Case


class Tried(NamedTuple):
    """An answer that stands open on the page: asked for by the link, or sent and not fit to be taken."""

    name: str
    words: str = ""
    problem: str = ""


@blueprint.get("/amt/<token>")
def show(token: str) -> Response:
    """Show the ticket with the answers; `antwort` opens one of them, `danke` thanks for one."""
    opened, answered = _open(token), request.args.get("danke", "")
    thanks = _thanks(opened, ANSWERS[answered]) if answered in ANSWERS else []
    return _page(opened, Tried(request.args.get("antwort", "")), thanks=thanks)


@blueprint.post("/amt/<token>")
def answer(token: str) -> ResponseReturnValue:
    """Take the department's answer.

    403 from another site's page, 409 where the ticket cannot go there any more, 422 where words are missing.
    """
    if not _from_our_page():
        return public.message(
            403, "Das kam nicht von unserer Seite.", "Bitte öffnen Sie den Link noch einmal."
        )
    opened = _open(token)
    tried = Tried(request.form.get("answer", ""), printable(request.form.get("words", "")))
    if tried.name not in _allowed(opened.case):
        return _page(opened, tried, status=409)
    problem = _problem(tried)
    if problem:
        return _page(opened, tried._replace(problem=problem), status=422)
    _hear(opened, tried, _one_time_id())
    return redirect(url_for(".show", token=token, danke=tried.name), 303)


@blueprint.get("/amt/<token>/foto/<int:attachment_id>")
def photo(token: str, attachment_id: int) -> Response:
    """One picture of this ticket and of no other."""
    shown = {a.id: a.file for message in _own(_open(token)) for a in message.attachments}
    file = shown.get(attachment_id) or abort(404)
    folder = (settings().data_folder / "photos").resolve()
    return public.keep_private(send_from_directory(folder, file, mimetype="image/jpeg"))


def _open(token: str) -> Opened:
    try:
        ticket_id, department = links.read_answer(token)
    except PermanentError:
        abort(
            public.message(
                404,
                "Dieser Link gilt nicht oder nicht mehr.",
                f"Ein Link gilt {links.ANSWER_DAYS} Tage. Bitte prüfen Sie, ob er vollständig ist.",
                "Einen neuen bekommen Sie von der Pressestelle.",
            )
        )
    case = search.case(ticket_id)
    if case is None or case.department != department:
        sent_back = case is not None and department in case.refused_by
        title = "Dieses Anliegen liegt nicht mehr bei Ihnen."
        abort(public.message(410, f"Danke. {title}" if sent_back else title, "Sie müssen nichts tun."))
    return Opened(token, department, case)


def _page(opened: Opened, tried: Tried, *, thanks: list[str] | None = None, status: int = 200) -> Response:
    return public.page(
        "department",
        status,
        token=opened.token,
        case=opened.case,
        office=opened.department,
        messages=_own(opened),
        withheld=_outside(opened.department),
        map=_map(opened.case),
        answers=_allowed(opened.case),
        said=[change for change in opened.case.changes if change.actor == _actor(opened.department)],
        labels={each.status: each.label for each in ANSWERS.values()},
        speaks=_speaks(opened.department),
        tried=tried,
        thanks=thanks,
        refused=status == 409,
        once=uuid4(),
        most_words=MOST_WORDS,
    )


def _own(opened: Opened) -> list[MessageView]:
    """What the reporter wrote; to an office that is not the city nothing personal and no picture."""
    case = opened.case
    own = [m for m in case.messages if m.from_reporter and m.withdrawn_at is None]
    if not _outside(opened.department):
        return own
    personal = Flag.PERSONAL_DATA in case.flags
    fit = (m for m in own if not personal and not personal_data(m.text))
    return [m.model_copy(update={"attachments": ()}) for m in fit]


def _outside(department: str) -> bool:
    office = frame.city().departments.get(department)
    return office is not None and office.outside


def _map(case: Case) -> Markup | None:
    if case.location is None:
        return None
    city = frame.city()
    return Markup(maps.svg(case.location, city, city_gazetteer(city), 640, 360))  # noqa: S704


def _allowed(case: Case) -> dict[str, Answer]:
    """The answers that may follow now."""
    return {name: each for name, each in ANSWERS.items() if each.status in workflow.ALLOWED[case.status]}


def _from_our_page() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in ("same-origin", "none")
    # Our pages send no referrer, which makes browsers say "null" here.
    return request.headers.get("Origin", "null") in ("null", settings().public_url)


def _problem(tried: Tried) -> str:
    if ANSWERS[tried.name].must_say and not tried.words:
        return "Bitte schreiben Sie hier ein paar Worte."
    if len(tried.words) > MOST_WORDS:
        return f"Bitte kürzen Sie den Text auf {MOST_WORDS} Zeichen."
    return ""


def _one_time_id() -> UUID:
    try:
        return UUID(request.form.get("once", ""))
    except ValueError:
        abort(
            public.message(400, "Das Formular ist unvollständig.", "Bitte öffnen Sie den Link noch einmal.")
        )


def _hear(opened: Opened, tried: Tried, once: UUID) -> None:
    """Store the answer; pressing twice says the same and is one answer, other words are another."""
    updates.hear(
        opened.case.id,
        opened.department,
        str(uuid5(once, f"{tried.name}\n{tried.words}")),
        status=ANSWERS[tried.name].status,
        words=tried.words,
        actor=_actor(opened.department),
    )
    queues.ring(Step.UPDATE)


def _thanks(opened: Opened, given: Answer) -> list[str]:
    """What the answer sets going, as far as it is certain."""
    lines = [f"Danke. Ihre Antwort „{given.label}“ ist angekommen."]
    if given.for_staff:
        return [*lines, "Die Pressestelle liest Ihre Begründung und sucht die zuständige Stelle."]
    case, city = opened.case, frame.city()
    if given.status is TicketStatus.NEEDS_INFO:
        reader = (
            "Sie geht gleich hinaus" if _speaks(opened.department) else "Zuerst liest sie die Pressestelle"
        )
        return [*lines, f"{reader}. Bis eine Antwort kommt, läuft keine Frist."]
    told, _ = status_words.answer("de", case.kind, given.status, city.department_name(opened.department))
    lines.append(f"Auf der Statusseite steht jetzt: „{told}“")
    automation = city.automation(Step.REPLY, case.category, settings().automation)
    if automation is Automation.AUTOMATIC and not switches.paused_by():
        lines.append("Wer uns geschrieben hat, bekommt dazu jetzt eine kurze Nachricht.")
    else:
        lines.append("Ob dazu eine Nachricht hinausgeht, entscheidet die Pressestelle.")
    if not _speaks(opened.department):
        lines.append("Haben Sie etwas dazu geschrieben, liest es zuerst die Pressestelle.")
    return lines


def _speaks(department: str) -> bool:
    """Whether this department's own words may go to the citizen unread."""
    entry = frame.city().departments.get(department)
    return entry is not None and entry.speaks == "directly"


def _actor(department: str) -> str:
    return f"department:{department}"

"""The citizen's status page: what has become of their matter, and nothing that says who they are."""

import re
from datetime import UTC, datetime
from ipaddress import IPv6Address, ip_address, ip_network
from typing import NamedTuple

from flask import Blueprint, Response, request

from bridge import hours
from bridge.city import City
from bridge.domain import Kind, TicketStatus
from bridge.tickets import search, workflow
from bridge.tickets.views import Case
from bridge.web import frame, public, status_words
from bridge.web.throttle import Throttle

blueprint = Blueprint("status", __name__)

wrong_codes = Throttle("status-code", limit=30, seconds=600)

RECEIVED, PASSED_ON, AT_WORK, CLOSED = range(4)
STAGES = {
    **dict.fromkeys(TicketStatus, RECEIVED),
    TicketStatus.ROUTED: PASSED_ON,
    TicketStatus.DELIVERED: PASSED_ON,
    TicketStatus.ACCEPTED: AT_WORK,
    TicketStatus.IN_PROGRESS: AT_WORK,
    TicketStatus.SCHEDULED: AT_WORK,
    **dict.fromkeys(workflow.FINAL, CLOSED),
}
"""How far along a state is; where people have to look again, it is back at the beginning."""


class Step(NamedTuple):
    """One step on the way: `at` is its moment as shown, empty while it lies ahead."""

    label: str
    at: str
    now: bool


@blueprint.get("/s/<code>")
def show(code: str) -> Response:
    """Show where the ticket of this code stands; 404 for any other code, 429 after too many of them."""
    visitor = _visitor(request.remote_addr or "")
    if wrong_codes.blocked(visitor):
        return public.message(
            429, "Bitte warten Sie etwas.", "Es gab zu viele falsche Codes. Versuchen Sie es in zehn Minuten."
        )
    case = search.case_by_code(_tidy(code))
    if case is None:
        wrong_codes.miss(visitor)
        return public.message(
            404,
            "Diesen Code kennen wir nicht.",
            "Ein Code hat acht Zeichen. Er steht in der Antwort, die Sie von uns bekommen haben.",
        )
    return _page(case, frame.city())


def _page(case: Case, city: City) -> Response:
    wanted = request.args.get("lang", "de")
    language = wanted if wanted in status_words.LANGUAGES else "de"
    department = city.department_name(case.department) if case.department else ""
    headline, following = status_words.answer(language, case.kind, case.status, department)
    return public.page(
        "status",
        language=language,
        say=status_words.LANGUAGES[language].labels,
        headline=headline,
        following=following,
        steps=_steps(case, city, language, department),
        category=city.category_name(case.category, language),
        district=case.location.district if case.location and not case.private else None,
        reference=case.reference,
        expected=_expected(case, city, language),
        emergency=case.kind is Kind.EMERGENCY,
    )


def _expected(case: Case, city: City, language: str) -> str:
    """Until when news may be expected; empty where no department has the matter, and once it is past."""
    promised = case.promised_at
    if promised is None or promised < datetime.now(UTC) or case.status not in workflow.WITH_DEPARTMENT:
        return ""
    return hours.spoken_day(promised, city.zone, language)


def _steps(case: Case, city: City, language: str, department: str) -> list[Step]:
    """The steps taken, each with its latest moment, and while the ticket is open those that lie ahead."""
    taken: dict[int, tuple[TicketStatus, datetime]] = {}
    for change in case.changes:
        taken[STAGES[change.status]] = (change.status, change.at)
    taken[RECEIVED] = (TicketStatus.RECEIVED, case.opened_at)
    words, stage = status_words.LANGUAGES[language], STAGES[case.status]
    labels = list(words.steps)
    if department and stage >= PASSED_ON:
        labels[PASSED_ON] = words.labels["to"].format(department=department)
    steps = []
    for number, label in enumerate(labels):
        if number > stage:
            steps.append(Step(label, "", False))
        elif number in taken:
            status, moment = taken[number]
            shown = _moment(moment, city, language)
            steps.append(Step(words.step_of.get(status, label), shown, number == stage))
    return steps


def _moment(moment: datetime, city: City, language: str) -> str:
    if language == "de":
        return hours.spoken(moment, city.zone)
    return f"{hours.local(moment, city.zone):%d.%m.%Y, %H:%M}"


def _tidy(code: str) -> str:
    """A code as it is stored; people type small letters, spaces and hyphens, and copy a full stop along."""
    return re.sub(r"[^A-Z0-9]", "", code.upper())


def _visitor(address: str) -> str:
    """Whose guesses count together: one IPv4 address, or the /64 that one IPv6 line has to itself."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is None:
        return str(ip_network((ip, 64), strict=False))
    return str(ip)

"""Route: decide who must act on a ticket, or what is still missing, and write what follows."""

from collections.abc import Iterable

from bridge.domain import (
    Automation,
    Cause,
    DecisionReason,
    Flag,
    Kind,
    Location,
    Matter,
    Priority,
    Route,
    SendState,
    Step,
    TicketStatus,
)
from bridge.settings import settings
from bridge.tickets import search
from bridge.tickets.book import deliveries
from bridge.tickets.book.tickets import Decision, decide, give_up
from bridge.tickets.claims import Claim, finish
from bridge.tickets.rulings import BY_STAFF, matter_of
from bridge.tickets.types import utcnow
from bridge.tickets.views import Case
from bridge.tickets.workflow import PRESS, is_open
from workers.decisions import decided, emergency, hand_over, hold, tell
from workers.ground import city, composer, drain, gazetteer, rules
from workers.letters import drafts

MOST_QUESTIONS = 2
MOST_MOVES = 2
"""How often a ticket may go on by itself after a refusal."""


def warm_up() -> None:
    """Read the rules, the places and the texts."""
    rules()
    gazetteer()
    composer()


def run() -> None:
    """Route every ticket that is due."""
    drain(Step.ROUTE, work, give_up=give_up)


def work(claim: Claim) -> Iterable[Step]:
    """Decide about one ticket."""
    case = search.case(claim.id)
    if case is None or not is_open(case.status):
        finish(claim)
        return ()
    decide(claim, decision(case))
    return Step.REPLY, Step.DELIVER, Step.NOTIFY


def decision(case: Case) -> Decision:
    """What becomes of a ticket, as far as the city's rules and what is known of it say."""
    route = rules().route(matter(case), case.refused_by)
    if route.priority is Priority.NORMAL:
        # What a person has said holds where the rule says nothing special.
        route = route.model_copy(update={"priority": case.called})
    return _before_rules(case, route) or _by_rule(case, route)


def _before_rules(case: Case, route: Route) -> Decision | None:
    """What danger, a person or a department's own word decides, whatever the rules would say."""
    if case.kind is Kind.EMERGENCY and not (case.fixed_department and _alarmed(case)):
        return emergency(case, route)
    if case.fixed_department:
        because = f"{city().department_name(case.fixed_department)} wurde von der Pressestelle bestimmt."
        return hand_over(case, _as_it_is(case, route, case.fixed_department, BY_STAFF, because))
    if case.department and _asked_by(case):
        return _answered(case, _as_it_is(case, route, case.department, case.rule or "", case.because))
    return _next(case, route) if _refused(case) else None


def _by_rule(case: Case, route: Route) -> Decision:
    why = _waits(case, route)
    if why:
        return hold(case, route, *why)
    if route.tell and route.department == PRESS:
        return tell(case, route)
    if case.kind is Kind.REPORT and place_missing(case.category, case.location):
        return _ask(case, route)
    return hand_over(case, route)


def matter(case: Case) -> Matter:
    """What the rules may ask about a ticket."""
    return matter_of(case, gazetteer().areas_of(case.location) if case.location else ())


def trusted(location: Location | None) -> bool:
    """Whether a place is good enough to send somebody there."""
    return location is not None and location.confidence >= city().file.trusted_place


def _waits(case: Case, route: Route) -> tuple[DecisionReason, str] | None:
    """Why a person must look before anything is handed over."""
    if route.hold:
        return DecisionReason.HELD, route.because
    if case.kind is not Kind.REPORT:
        return None
    if Flag.OUTSIDE_CITY in case.flags and not trusted(case.location):
        return DecisionReason.UNCLEAR, "Der genannte Ort liegt offenbar außerhalb der Stadt."
    if case.category is None or not city().trusts(case.category, case.confidence):
        percent = round(case.confidence * 100)
        return DecisionReason.UNCLEAR, f"Die Kategorie ist nicht sicher genug ({percent} %)."
    return None


def place_missing(code: str | None, location: Location | None) -> bool:
    """Whether a report of this category waits for a better place."""
    category = city().all_categories.get(code or "")
    return (category is None or category.needs_place) and not trusted(location)


def _alarmed(case: Case) -> bool:
    return any(delivery.reason == deliveries.ALARM for delivery in case.deliveries)


def _as_it_is(case: Case, route: Route, department: str, rule: str, because: str) -> Route:
    """Leaves all as it was decided, but perhaps the department; what either calls private is private."""
    private = case.private or route.private
    return Route(department=department, rule=rule, because=because, priority=case.priority, private=private)


def _ask(case: Case, route: Route) -> Decision:
    """Ask for the place, at most twice; then a person takes over."""
    if _just_asked(case):
        return decided(route, TicketStatus.NEEDS_INFO, because=case.because)
    if case.questions >= MOST_QUESTIONS:
        return hold(case, route, DecisionReason.UNCLEAR, "Der Ort blieb auch nach zwei Rückfragen offen.")
    asked = case.questions + 1
    return decided(
        route,
        TicketStatus.NEEDS_INFO,
        because="Der Ort fehlt oder ist nicht genau genug; deshalb wurde nachgefragt.",
        asked=True,
        drafts=drafts(case, Cause.QUESTION, str(asked), "place" if asked == 1 else "place_again"),
    )


def _just_asked(case: Case) -> bool:
    """Whether our question cannot have been read yet: a second quick message is no answer to it."""
    unread = {SendState.PENDING, SendState.SENDING, SendState.UNKNOWN, SendState.NEEDS_DECISION}
    return any(
        (reply.cause is Cause.QUESTION or reply.variant == TicketStatus.NEEDS_INFO)
        and (reply.state in unread or (reply.sent_at and reply.sent_at > utcnow() - city().join_window))
        for reply in case.replies
    )


def _asked_by(case: Case) -> bool:
    """Whether it is the department that waits for an answer, and not we for a place."""
    return case.status is TicketStatus.NEEDS_INFO and case.changes[-1].actor.startswith("department:")


def _answered(case: Case, route: Route) -> Decision:
    """The citizen's answer goes to the department that asked, unless they cannot have read the question."""
    if _just_asked(case):
        return decided(route, TicketStatus.NEEDS_INFO)
    return hand_over(case, route)


def _refused(case: Case) -> bool:
    """Whether its department sent it back and nobody has corrected anything since."""
    if case.reason is not DecisionReason.REFUSED:
        return False
    at = max(change.at for change in case.changes if change.reason is DecisionReason.REFUSED)
    return not any(entry.what == "corrected" and entry.at > at for entry in case.history)


def _next(case: Case, route: Route) -> Decision:
    """Whoever the rules name after those who refused; a person where nobody is left, or too many refused."""
    names = ", ".join(city().department_name(slug) for slug in case.refused_by)
    lost = route.hold or route.tell or route.department in {PRESS, *case.refused_by}
    if lost or case.refusals > MOST_MOVES:
        nobody = f"Nicht zuständig nach eigener Auskunft: {names}. Ein Mensch findet die richtige Stelle."
        lost_to = route.model_copy(update={"department": PRESS, "because": nobody})
        return decided(lost_to, TicketStatus.NEEDS_DECISION, reason=DecisionReason.REFUSED)
    because = f"{route.because} Nicht zuständig nach eigener Auskunft: {names}."
    route = route.model_copy(update={"because": because})
    if city().automation(Step.ROUTE, case.category, settings().automation) is Automation.AUTOMATIC:
        return hand_over(case, route)
    return decided(route, TicketStatus.NEEDS_DECISION, reason=DecisionReason.REFUSED)

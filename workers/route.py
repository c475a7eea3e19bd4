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
    Route,
    SendState,
    Step,
    TicketStatus,
)
from bridge.settings import settings
from bridge.tickets import search
from bridge.tickets.book import deliveries
from bridge.tickets.book.tickets import Decision, Parcel, decide, give_up
from bridge.tickets.claims import Claim, finish
from bridge.tickets.types import utcnow
from bridge.tickets.views import Case
from bridge.tickets.workflow import PRESS, is_open
from workers.ground import city, composer, drain, rules
from workers.letters import drafts

MOST_QUESTIONS = 2
ON_CALL = "on_call"
"""Not a department: the address of city.yaml that is alarmed for emergencies."""


def warm_up() -> None:
    """Read the rules and the texts."""
    rules()
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
    route = rules().route(matter(case))
    if case.kind is Kind.EMERGENCY and not (case.fixed_department and _alarmed(case)):
        return _emergency(case, route)
    if case.fixed_department:
        because = f"{city().department_name(case.fixed_department)} wurde von der Pressestelle bestimmt."
        return _hand_over(case, Route(department=case.fixed_department, rule="staff", because=because))
    why = _waits(case, route)
    if why:
        return _hold(case, route, *why)
    if case.kind is Kind.REPORT and _place_missing(case):
        return _ask(case, route)
    return _hand_over(case, route)


def matter(case: Case) -> Matter:
    """What the rules may ask about a ticket."""
    return Matter(
        kind=case.kind,
        category=case.category,
        text=case.text,
        district=case.location.district if case.location else None,
        precision=case.location.precision if case.location else None,
        language=case.language,
        platform=case.platform,
        visibility=case.visibility,
        flags=tuple(Flag(flag) for flag in case.flags),
        confidence=case.confidence,
        at=case.opened_at,
    )


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


def _place_missing(case: Case) -> bool:
    category = city().all_categories.get(case.category or "")
    return (category is None or category.needs_place) and not trusted(case.location)


def _alarmed(case: Case) -> bool:
    return any(delivery.reason == deliveries.ALARM for delivery in case.deliveries)


def _emergency(case: Case, route: Route) -> Decision:
    return Decision(
        status=TicketStatus.NEEDS_DECISION,
        reason=DecisionReason.HELD,
        department=route.department,
        rule=route.rule,
        because=route.because,
        drafts=drafts(case, Cause.EMERGENCY, case.reference),
        parcels=(Parcel(department=ON_CALL, reason=deliveries.ALARM, automation=_alarm(case)),),
    )


def _alarm(case: Case) -> Automation:
    chosen = city().automation(Step.DELIVER, case.category, settings().automation)
    return chosen if chosen is Automation.SHADOW else Automation.AUTOMATIC


def _hold(case: Case, route: Route, reason: DecisionReason, because: str) -> Decision:
    return Decision(
        status=TicketStatus.NEEDS_DECISION,
        reason=reason,
        department=route.department,
        rule=route.rule,
        because=because,
        drafts=drafts(case, Cause.ACKNOWLEDGEMENT, case.reference, "held"),
    )


def _ask(case: Case, route: Route) -> Decision:
    """Ask for the place, at most twice; then a person takes over."""
    if _just_asked(case):
        return Decision(
            status=TicketStatus.NEEDS_INFO,
            department=route.department,
            rule=route.rule,
            because=case.because,
        )
    if case.questions >= MOST_QUESTIONS:
        return _hold(case, route, DecisionReason.UNCLEAR, "Der Ort blieb auch nach zwei Rückfragen offen.")
    asked = case.questions + 1
    return Decision(
        status=TicketStatus.NEEDS_INFO,
        department=route.department,
        rule=route.rule,
        because="Der Ort fehlt oder ist nicht genau genug; deshalb wurde nachgefragt.",
        asked=True,
        drafts=drafts(case, Cause.QUESTION, str(asked), "place" if asked == 1 else "place_again"),
    )


def _just_asked(case: Case) -> bool:
    """Whether our question cannot have been read yet: a second quick message is no answer to it."""
    unread = {SendState.PENDING, SendState.SENDING, SendState.UNKNOWN, SendState.NEEDS_DECISION}
    return any(
        reply.cause is Cause.QUESTION
        and (reply.state in unread or (reply.sent_at and reply.sent_at > utcnow() - city().join_window))
        for reply in case.replies
    )


def _hand_over(case: Case, route: Route) -> Decision:
    parcels: tuple[Parcel, ...] = ()
    if route.department != PRESS:
        automation = city().automation(Step.DELIVER, case.category, settings().automation)
        parcel = Parcel(department=route.department, reason=deliveries.ROUTED, automation=automation)
        parcels = (parcel.model_copy(update={"due_at": case.opened_at + city().join_window}),)
    variant = case.kind.value if case.kind in {Kind.QUESTION, Kind.FEEDBACK} else Kind.REPORT.value
    return Decision(
        status=TicketStatus.ROUTED,
        department=route.department,
        rule=route.rule,
        because=route.because,
        drafts=drafts(case, Cause.ACKNOWLEDGEMENT, case.reference, variant, department=route.department),
        parcels=parcels,
    )

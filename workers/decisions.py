"""Writes decisions: what follows once it is known who must act, or what hinders it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bridge.domain import Automation, Cause, DecisionReason, Kind, Route, Step, TicketStatus
from bridge.settings import settings
from bridge.tickets.book import deliveries
from bridge.tickets.book.tickets import Decision, Parcel
from bridge.tickets.types import utcnow
from bridge.tickets.views import Case
from bridge.tickets.workflow import PRESS
from workers.ground import city, composer
from workers.letters import drafts

ON_CALL = "on_call"
"""Not a department: the address of city.yaml that is alarmed for emergencies."""


def decided(route: Route, status: TicketStatus, **more: Any) -> Decision:
    """A decision with all that the route says, but for what is given besides."""
    found = {"because": route.because, "priority": route.priority, "private": route.private} | more
    return Decision(status=status, department=route.department, rule=route.rule, **found)


def emergency(case: Case, route: Route) -> Decision:
    """Tell the citizen to call for help, alarm whoever is on call, and let a person look."""
    return decided(
        route,
        TicketStatus.NEEDS_DECISION,
        reason=DecisionReason.HELD,
        drafts=drafts(case, Cause.EMERGENCY, case.reference),
        parcels=(Parcel(department=ON_CALL, reason=deliveries.ALARM, automation=_alarm(case)),),
    )


def _alarm(case: Case) -> Automation:
    chosen = city().automation(Step.DELIVER, case.category, settings().automation)
    return chosen if chosen is Automation.SHADOW else Automation.AUTOMATIC


def hold(case: Case, route: Route, reason: DecisionReason, because: str) -> Decision:
    """Let a person look before anything is handed over; whoever was acknowledged before is told nothing."""
    known = any(reply.cause is Cause.ACKNOWLEDGEMENT for reply in case.replies)
    told = () if known else drafts(case, Cause.ACKNOWLEDGEMENT, f"{case.reference} held", "held")
    return decided(route, TicketStatus.NEEDS_DECISION, reason=reason, because=because, drafts=told)


def tell(case: Case, route: Route) -> Decision:
    """The city itself does not act: tell who does, and how to reach them, whatever was told before."""
    key = f"{case.reference} {route.tell}"
    told = drafts(case, Cause.ACKNOWLEDGEMENT, key, "elsewhere", told=_contact(route))
    return decided(route, TicketStatus.REJECTED, drafts=told)


def _contact(route: Route) -> dict[str, str]:
    contact = city().contacts.get(route.tell or "")
    return {"contact": contact.name, "reach": contact.reach} if contact else {}


def hand_over(case: Case, route: Route) -> Decision:
    """Give it to the department, with copies for others, and tell the citizen so."""
    promised = case.promised_at or _promise(case, route)
    seen = case.model_copy(update={"private": route.private, "department": route.department})
    return decided(
        route,
        TicketStatus.ROUTED,
        promised_at=promised,
        drafts=drafts(
            seen,
            Cause.ACKNOWLEDGEMENT,
            case.reference,
            _variant(case, route),
            expected=promised,
            told=_contact(route),
        ),
        parcels=tuple(_parcels(case, route)),
    )


def _variant(case: Case, route: Route) -> str:
    if route.reply in composer().named:
        return route.reply or ""
    return case.kind.value if case.kind in {Kind.QUESTION, Kind.FEEDBACK} else Kind.REPORT.value


def _promise(case: Case, route: Route) -> datetime | None:
    """Until when the citizen may expect news; the press desk answers as soon as it can, without a date."""
    if route.department == PRESS or case.kind is not Kind.REPORT:
        return None
    return city().working_time(route.department).add(utcnow(), route.due or city().due(case.category))


def _parcels(case: Case, route: Route) -> Iterable[Parcel]:
    automation = city().automation(Step.DELIVER, case.category, settings().automation)
    wanted = [(route.department, deliveries.ROUTED), *((slug, deliveries.COPY) for slug in route.copies)]
    for department, reason in wanted:
        if department != PRESS:
            yield Parcel(
                department=department,
                reason=reason,
                automation=automation,
                due_at=case.opened_at + city().join_window,
            )

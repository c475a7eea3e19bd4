"""What the rules are asked about a ticket, and what they said of it."""

from collections import Counter
from datetime import datetime, timedelta

from sqlmodel import col, func, select

from bridge.domain import Flag, Matter, Value
from bridge.tickets.book import accounts
from bridge.tickets.session import reading
from bridge.tickets.tables import TicketRow
from bridge.tickets.types import utcnow
from bridge.tickets.views import Case

BY_STAFF = "staff"
"""Stands for the rule where a person named the department."""


class Ruling(Value):
    """Whom the rules gave a ticket to, and by which rule."""

    department: str
    rule: str


def matter_of(case: Case, areas: tuple[str, ...]) -> Matter:
    """What the rules may ask about a ticket that lies in these areas."""
    return Matter(
        kind=case.kind,
        category=case.category,
        text=case.text,
        areas=areas,
        street=case.location.street if case.location else None,
        precision=case.location.precision if case.location else None,
        language=case.language,
        platform=case.platform,
        city_account=accounts.get(case.threads[0].account_id).handle if case.threads else "",
        priority=case.called,
        visibility=case.visibility,
        flags=tuple(Flag(flag) for flag in case.flags),
        confidence=case.confidence,
        at=case.opened_at,
    )


def ruling(case: Case) -> Ruling | None:
    """What the rules said last before anybody refused; None where no rule was ever asked."""
    found = None
    for entry in case.history:
        if entry.what == "refused":
            break
        if entry.what == "routed" and entry.detail["rule"] not in {None, BY_STAFF}:
            found = Ruling(department=entry.detail["department"], rule=entry.detail["rule"])
    return found


def opened_since(moment: datetime) -> list[int]:
    """The ids of all tickets opened since then, oldest first."""
    with reading() as session:
        wanted = select(TicketRow.id).where(TicketRow.opened_at >= moment)
        return [number for number in session.exec(wanted.order_by(col(TicketRow.id))) if number]


def fired(days: int = 90) -> Counter[str]:
    """How many tickets of the last days go by each rule."""
    since = utcnow() - timedelta(days=days)
    wanted = select(TicketRow.rule, func.count()).where(
        TicketRow.opened_at >= since, col(TicketRow.rule).is_not(None)
    )
    with reading() as session:
        counted = session.exec(wanted.group_by(col(TicketRow.rule))).all()
    return Counter({rule: count for rule, count in counted if rule})

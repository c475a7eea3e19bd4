"""Update: let a department's word take effect and tell the citizen."""

from collections.abc import Iterable
from datetime import datetime, time

from bridge import hours
from bridge.domain import Cause, Step, TicketStatus
from bridge.replies.compose import PUBLIC_STATES
from bridge.replies.public import personal_data
from bridge.tickets import search
from bridge.tickets.book import updates
from bridge.tickets.book.tickets import Draft
from bridge.tickets.book.updates import BY_MAIL, Heard
from bridge.tickets.claims import Claim
from bridge.tickets.types import utcnow
from bridge.tickets.views import Case
from bridge.tickets.workflow import PRESS, PUBLIC, TOO_LATE
from workers.ground import city, drain
from workers.letters import drafts


def run() -> None:
    """Apply every update that is due."""
    drain(Step.UPDATE, work)


def work(claim: Claim) -> Iterable[Step]:
    """Apply one update."""
    heard = updates.heard(claim)
    case = search.case(heard.ticket_id)
    assert case is not None
    until = _named_day(heard)
    updates.apply(claim, _drafts(case, heard, until), until)
    return Step.REPLY, Step.ROUTE, Step.NOTIFY


def _drafts(case: Case, heard: Heard, until: datetime | None) -> tuple[Draft, ...]:
    """The fixed sentence for the state at once; free words only where nobody needs to look at them first."""
    if heard.department == PRESS and heard.external_id.startswith(TOO_LATE):
        return drafts(case, Cause.STATUS, str(heard.id), "too_late")
    told = {"words": heard.words}
    if heard.status is TicketStatus.NEEDS_INFO:
        key = str(heard.id)
        return drafts(case, Cause.STATUS, key, heard.status.value, hold=not speaks(heard), told=told)
    if heard.status not in PUBLIC & PUBLIC_STATES:
        return ()
    direct = bool(heard.words) and speaks(heard)
    news = heard.status != case.status or until is not None
    found: tuple[Draft, ...] = ()
    if news:
        expected = until if heard.status is TicketStatus.SCHEDULED else case.promised_at
        shown = told if direct else {}
        key = str(heard.id)
        found = drafts(case, Cause.STATUS, key, heard.status.value, expected=expected, told=shown)
    if heard.words and not (news and direct):
        found += drafts(case, Cause.STAFF, f"update-{heard.id}", hold=not direct, told=told)
    return found


def _named_day(heard: Heard) -> datetime | None:
    """The end of the day a department names when it schedules the work."""
    if heard.status is not TicketStatus.SCHEDULED:
        return None
    zone = city().zone
    day = hours.named_day(heard.words, hours.local(utcnow(), zone).date())
    return datetime.combine(day, time(23, 59), zone) if day else None


def speaks(heard: Heard) -> bool:
    """Whether these words may go out at once: the speaker may, and nothing in them is personal.

    Words that were taken out of a mail may not: more than was meant may have come along.
    """
    department = city().departments.get(heard.department)
    may = heard.department == PRESS or (department is not None and department.speaks == "directly")
    return may and not heard.external_id.startswith(BY_MAIL) and not personal_data(heard.words)

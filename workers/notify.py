"""Notify: tell staff by mail what needs a decision or is wrong, in the rhythm each of them chose."""

from collections.abc import Iterable
from datetime import datetime

from bridge.city import in_force
from bridge.delivery import send_notice
from bridge.domain import PermanentError, Step
from bridge.settings import settings
from bridge.tickets import search
from bridge.tickets.book import staff
from bridge.tickets.claims import Claim
from bridge.tickets.types import utcnow
from bridge.tickets.views import TicketLine
from workers.ground import city, drain, log


def run() -> None:
    """Send every notice that is due."""
    drain(Step.NOTIFY, work, batch=10, most_tries=None)


def work(claim: Claim) -> Iterable[Step]:
    """Send one person what came up since their last notice."""
    person, now = staff.due_notice(claim), utcnow()
    waiting = search.decisions_since(person.noticed_at, now)
    wrong = _wrong_since(person.noticed_at)
    if (waiting or wrong) and person.email:
        try:
            send_notice(
                settings(),
                city().file.mail_from,
                person.email,
                subject=_subject(len(waiting)),
                lines=[*wrong, *(_line(ticket) for ticket in waiting)],
                url=f"{settings().public_url}/",
            )
        except PermanentError as error:
            log.warning("notice refused", staff=person.id, error=str(error))
    staff.noticed(claim, now)
    return ()


def _wrong_since(moment: datetime | None) -> list[str]:
    """What a clerk wrote that does not take effect, where it is news."""
    trouble = in_force.trouble()
    if trouble is None or (moment and trouble.since <= moment):
        return []
    return [
        "Die geänderten Regeln gelten noch nicht, es gilt weiter der letzte gute Stand:",
        *trouble.mistakes,
    ]


def _subject(count: int) -> str:
    if not count:
        return "Die geänderten Regeln gelten noch nicht"
    return "Ein Anliegen braucht Sie" if count == 1 else f"{count} Anliegen brauchen Sie"


def _line(ticket: TicketLine) -> str:
    what = city().category_name(ticket.category) or "Anliegen"
    return ": ".join(part for part in (ticket.reference, what, ticket.place) if part)

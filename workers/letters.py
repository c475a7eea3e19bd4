"""Writes drafts to citizens: one for each person of a ticket, in the room their platform gives."""

from collections.abc import Callable
from datetime import datetime

from bridge import hours, links, platforms
from bridge.domain import Automation, Cause, Step
from bridge.platforms.base import Account
from bridge.replies.public import public_place
from bridge.replies.texts import ReplyFacts
from bridge.settings import settings
from bridge.tickets.book.tickets import Draft, best_before
from bridge.tickets.tables import BY_HAND
from bridge.tickets.types import utcnow
from bridge.tickets.views import Case, Thread
from workers.ground import city, composer


def drafts(
    case: Case,
    cause: Cause,
    cause_id: str,
    variant: str = "",
    *,
    hold: bool = False,
    expected: datetime | None = None,
    told: dict[str, str] | None = None,
) -> tuple[Draft, ...]:
    """What we want to say to everybody who reported this; `hold` leaves it to a person to send it.

    `expected` is until when news may be expected; `told` are further facts of the reply.
    """
    told = told or {}
    if expected and expected > utcnow():
        told = told | {"expected_until": hours.spoken_day(expected, city().zone, case.language)}
    return tuple(
        Draft(
            thread=thread,
            cause=cause,
            cause_id=cause_id,
            variant=variant,
            text=_text(case, thread, cause, variant, _facts(case, thread, told)),
            language=case.language if case.language in city().file.languages else "de",
            visibility=thread.visibility.of_answer,
            automation=_automation(case, thread, cause, hold=hold),
            best_before=best_before(city().file.best_before_hours),
        )
        for thread in case.threads_to_answer
    )


def room(thread: Thread) -> Callable[[str], int]:
    """How this thread's platform counts a text, with the mention that reaches the person."""
    if thread.platform == BY_HAND:
        return len
    platform = platforms.connected(Account(platform=thread.platform, base_url=thread.base_url))
    return lambda text: platform.count(platform.address(text, thread.handle))


def _text(case: Case, thread: Thread, cause: Cause, variant: str, facts: ReplyFacts) -> str:
    return composer().compose(
        cause, language=case.language, facts=facts, limit=thread.limit, count=room(thread), variant=variant
    )


def _facts(case: Case, thread: Thread, told: dict[str, str]) -> ReplyFacts:
    return ReplyFacts(
        reference=case.reference,
        status_url=links.status_url(case.code),
        category=city().category_name(case.category, case.language),
        place="" if case.private else public_place(case.location),
        privacy_url=city().file.links.datenschutz,
        netiquette_url=city().file.links.netiquette,
        first=not thread.answered,
        **{"department": city().department_name(case.department or "")} | told,
    )


def _automation(case: Case, thread: Thread, cause: Cause, *, hold: bool) -> Automation:
    chosen = city().automation(Step.REPLY, case.category, settings().automation)
    if cause is Cause.EMERGENCY and chosen is Automation.SUGGEST:
        # Whoever is in danger cannot wait for a release.
        chosen = Automation.AUTOMATIC
    if chosen is Automation.AUTOMATIC and (hold or thread.platform == BY_HAND):
        return Automation.SUGGEST
    return chosen

"""Keeps what is personal inside the city, unless a rule names the ground on which an office may have it."""

from bridge.domain import Handover
from bridge.replies.public import without_personal_data
from bridge.tickets.views import Case
from bridge.understanding.personal import redact
from workers.ground import city, rules
from workers.handovers import channel_of
from workers.route import matter

PUBLISHING = frozenset({"open311"})
"""Channels whose other end may show everybody what it got: no ground opens them."""
PHOTOS = "Fotos"
WORDS = "persönliche Angaben im Text"


def fit_for(case: Case, handover: Handover) -> Handover:
    """The same hand-over, without what its department must not have."""
    office = city().departments.get(handover.department)
    if office is None:
        return handover
    published = channel_of(handover.department, case.rule) in PUBLISHING
    if published:
        # Whoever has such a link may answer for the department.
        handover = handover.model_copy(update={"links": ()})
    elif not office.outside or _ground(case, handover.department):
        return handover
    text, added = _impersonal(handover.text), _impersonal(handover.added)
    changed = (text, added) != (handover.text, handover.added)
    left_out = tuple(what for what, told in ((PHOTOS, handover.photos), (WORDS, changed)) if told)
    return handover.model_copy(update={"text": text, "added": added, "photos": (), "left_out": left_out})


def _ground(case: Case, department: str) -> str | None:
    """The ground of the rule that named this department, to act or to know; a person's choice has none."""
    route = rules().route(matter(case), case.refused_by)
    named = route.rule == case.rule and department in (route.department, *route.copies)
    return route.ground if named else None


def _impersonal(text: str) -> str:
    """Without what either of our two ways to find personal data has found."""
    return without_personal_data(redact(text))

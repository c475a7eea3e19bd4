"""Update: let a department's word take effect and tell the citizen."""

from collections.abc import Iterable

from bridge.domain import Cause, Step
from bridge.replies.compose import PUBLIC_STATES
from bridge.replies.public import personal_data
from bridge.tickets import search
from bridge.tickets.book import updates
from bridge.tickets.book.tickets import Draft
from bridge.tickets.book.updates import BY_MAIL, Heard
from bridge.tickets.claims import Claim
from bridge.tickets.views import Case
from bridge.tickets.workflow import PRESS, PUBLIC
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
    updates.apply(claim, _drafts(case, heard))
    return Step.REPLY, Step.NOTIFY


def _drafts(case: Case, heard: Heard) -> tuple[Draft, ...]:
    """The fixed sentence for the state at once; free words only where nobody needs to look at them first."""
    public = heard.status in PUBLIC & PUBLIC_STATES
    if not public:
        return ()
    direct = heard.words if heard.words and speaks(heard) else ""
    news = heard.status != case.status
    found: tuple[Draft, ...] = ()
    if news:
        found = drafts(case, Cause.STATUS, str(heard.id), heard.status.value, words=direct)
    if heard.words and not (news and direct):
        found += drafts(case, Cause.STAFF, f"update-{heard.id}", words=heard.words, hold=not direct)
    return found


def speaks(heard: Heard) -> bool:
    """Whether these words may go out at once: the speaker may, and nothing in them is personal.

    Words that were taken out of a mail may not: more than was meant may have come along.
    """
    department = city().departments.get(heard.department)
    may = heard.department == PRESS or (department is not None and department.speaks == "directly")
    return may and not heard.external_id.startswith(BY_MAIL) and not personal_data(heard.words)

"""Locating: what a message asks a geocoder, what it once answered, and whose turn it is to ask."""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import col, delete, select

from bridge.domain import Evidence, Kind, Location, Step, Understanding, Value
from bridge.tickets import switches
from bridge.tickets.claims import Claim, hold, settle
from bridge.tickets.session import insert_for, reading, writing
from bridge.tickets.tables import GeocodeRow, MessageRow
from bridge.tickets.types import utcnow

KEPT = timedelta(days=30)
"""How long an answer is believed; also that there is none."""
TURN_SECONDS = 1.2
"""Between two questions of all processes: services allow one a second, and the way there takes its time."""

_TURN = "geocoder"


class Nowhere(Value):
    """A place without coordinates, and whether somebody may be in danger there."""

    location: Location
    urgent: bool


def nowhere(claim: Claim) -> Nowhere | None:
    """The place a message names without coordinates; None where there is nothing to look up."""
    with reading() as session:
        row = session.get_one(MessageRow, claim.id)
    location = Understanding.model_validate(row.understanding).location if row.understanding else None
    if location is None or location.point:
        return None
    return Nowhere(location=location, urgent=row.kind is Kind.EMERGENCY)


def located(claim: Claim, found: Location | None) -> None:
    """Note where the place of a message lies, or that no geocoder knows it, and let it open its ticket."""
    _go_on(claim, found, "geocoder" if found else "unknown to the geocoder")


def gave_up(claim: Claim) -> None:
    """The geocoder could not be asked: the ticket opens with the place as it was written."""
    _go_on(claim, None, "the geocoder did not answer")


def known(query: str) -> list[Location] | None:
    """What the geocoder answered within the last weeks; None where it was not asked."""
    with reading() as session:
        found = select(GeocodeRow).where(GeocodeRow.query == query, GeocodeRow.at > utcnow() - KEPT)
        row = session.exec(found).first()
    return [Location.model_validate(place) for place in row.answer] if row else None


def remember(query: str, found: Sequence[Location]) -> None:
    """Keep an answer in the place of an older one."""
    new = {"answer": [place.model_dump(mode="json") for place in found], "at": utcnow()}
    with writing() as session:
        made = insert_for(session)(GeocodeRow).values(query=query, **new)
        session.exec(made.on_conflict_do_update(index_elements=["query"], set_=new))


def forget() -> None:
    """Forget the answers that are believed no longer."""
    with writing() as session:
        session.exec(delete(GeocodeRow).where(col(GeocodeRow.at) <= utcnow() - KEPT))


def take_turn() -> bool:
    """Take the right to ask the geocoder once, now; False where somebody just did, or it wants rest."""
    return switches.take_turn(_TURN, TURN_SECONDS)


def rest(seconds: float) -> None:
    """Let nobody ask for so long."""
    switches.put_off(_TURN, max(seconds, TURN_SECONDS))


def resting() -> float:
    """Seconds until somebody may ask again."""
    return switches.until_turn(_TURN)


def _go_on(claim: Claim, found: Location | None, because: str) -> None:
    with writing() as session:
        row: MessageRow = hold(session, claim)
        meaning = Understanding.model_validate(row.understanding)
        row.understanding = _explained(meaning, found, because).model_dump(mode="json")
        settle(row, Step.OPEN, row.due_at)


def _explained(meaning: Understanding, found: Location | None, because: str) -> Understanding:
    """The same meaning with the place that was found, and with why it is there or is not."""
    before = meaning.location
    if before is None:
        return meaning
    after = found or before
    why = Evidence(about="place", value=after.label, because=because, words=before.label)
    others = [place for place in meaning.candidates if place.label not in {before.label, after.label}]
    return meaning.model_copy(
        update={
            "location": after,
            "candidates": (after, *others),
            "evidence": (*meaning.evidence, why),
        }
    )

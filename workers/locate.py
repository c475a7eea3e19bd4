"""Locate: ask a geocoder where a place lies that the gazetteer does not know."""

from collections.abc import Iterable

from bridge.domain import Location, PermanentError, Step, TemporaryError
from bridge.places.answers import fitting
from bridge.places.geocode import PATIENCE_SECONDS, Geocoder, wording
from bridge.tickets.book import locations
from bridge.tickets.book.locations import Nowhere
from bridge.tickets.claims import Claim, finish
from workers.ground import drain, geocoder, log

LONGEST = 30.0
"""Seconds a message waits at most while a service wants rest; then its ticket opens without coordinates."""


def run() -> None:
    """Look up one place after the other, as fast as the service allows."""
    drain(Step.LOCATE, work, batch=1, give_up=_give_up, ready=_ready)


def work(claim: Claim) -> Iterable[Step]:
    """Look up the place of one message; without it the ticket opens all the same."""
    service, asked = geocoder(), locations.nowhere(claim)
    if service and asked:
        locations.located(claim, _look_up(service, asked))
    else:
        finish(claim, Step.OPEN)
    return (Step.OPEN,)


def _give_up(claim: Claim, error: str) -> None:
    log.warning("place not looked up", row=claim.id, error=error)
    locations.gave_up(claim)


def _ready() -> bool:
    """Whether it is our turn to ask, or there is nobody to wait for."""
    return geocoder() is None or locations.take_turn() or locations.resting() > LONGEST


def _look_up(service: Geocoder, asked: Nowhere) -> Location | None:
    if locations.resting() > LONGEST:
        raise PermanentError("the geocoder wants rest")
    try:
        return fitting(asked.location, service.search(wording(asked.location), PATIENCE_SECONDS))
    except TemporaryError as error:
        if asked.urgent or (error.retry_after or 0) > LONGEST:
            raise PermanentError(str(error)) from None
        raise

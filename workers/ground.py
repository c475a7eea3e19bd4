"""What every step stands on: the city as it is in force, and the loop that works off due rows."""

import time
from collections.abc import Callable, Iterable
from functools import lru_cache

import structlog

from bridge import queues
from bridge.city import City, in_force
from bridge.domain import PermanentError, Step, TemporaryError
from bridge.places import city_gazetteer
from bridge.places.gazetteer import Gazetteer
from bridge.places.geocode import Geocoder, city_geocoder
from bridge.replies.compose import Composer
from bridge.routing.rules import Rules
from bridge.tickets import claims
from bridge.tickets.book import locations
from bridge.tickets.claims import Claim, LostClaimError

MOST_TRIES = 5
"""After so many tries a row is set aside for a person, even where each try killed its process."""
SHARE_OF_JOB = 0.25
"""A job stops claiming after this share of its time and lets the next one go on."""

log = structlog.get_logger()


def city() -> City:
    """The city this process serves, the same all through a job."""
    return in_force.city()


def gazetteer() -> Gazetteer:
    """The city's places."""
    return city_gazetteer(city())


def geocoder() -> Geocoder | None:
    """Who is asked about places the gazetteer does not know, if anybody is."""
    return city_geocoder(city(), locations)


def rules() -> Rules:
    """The city's rules."""
    return _rules(city())


def composer() -> Composer:
    """The city's texts."""
    return _composer(city())


_rules = lru_cache(maxsize=2)(Rules.load)
_composer = lru_cache(maxsize=2)(Composer)


def drain(
    step: Step,
    work: Callable[[Claim], Iterable[Step]],
    *,
    batch: int = 50,
    most_tries: int | None = MOST_TRIES,
    give_up: Callable[[Claim, str], None] = claims.set_aside,
    ready: Callable[[], bool] = lambda: True,
) -> None:
    """Work off every due row of a step; `work` names the steps that may have become due by it.

    Before each batch `ready` is asked; where it says no, the ticker will ring again.

    A row whose work fails is tried again later, and given up after `most_tries` or where trying again cannot
    help; None leaves that to `work`.
    """

    def once(claim: Claim) -> Iterable[Step]:
        if most_tries is None:
            return work(claim)
        try:
            if claim.tries <= most_tries:
                return work(claim)
            error = claims.last_error(claim) or f"no result after {most_tries} tries"
        except PermanentError as refused:
            error = str(refused)
        give_up(claim, error)
        return (Step.NOTIFY,)

    queues.answer(step)
    ends = time.monotonic() + queues.JOB_SECONDS * SHARE_OF_JOB
    while ready() and (claimed := claims.claim(step, batch)):
        next_steps: set[Step] = set()
        for claim in claimed:
            next_steps.update(_attempt(claim, once))
        for next_step in Step:
            if next_step in next_steps:
                queues.ring(next_step)
        if time.monotonic() > ends:
            queues.ring(step)
            return


def _attempt(claim: Claim, work: Callable[[Claim], Iterable[Step]]) -> Iterable[Step]:
    try:
        return work(claim)
    except LostClaimError:
        log.info("claim lost", step=claim.step, row=claim.id)
    except TemporaryError as error:
        _again(claim, str(error), error.retry_after)
    except Exception as error:
        log.exception("step failed", step=claim.step, row=claim.id)
        _again(claim, f"{type(error).__name__}: {error}", None)
    return ()


def _again(claim: Claim, error: str, retry_after: float | None) -> None:
    try:
        claims.postpone(claim, retry_after or patience(claim.tries), error)
    except LostClaimError:
        log.info("claim lost", step=claim.step, row=claim.id)


def patience(tries: int) -> float:
    """Seconds until the next try: 1, 2, 4 … at most ten minutes."""
    return float(min(2 ** max(tries - 1, 0), 600))

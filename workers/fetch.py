"""Fetch: keep our own copy of a citizen's picture, decoded and written anew."""

from collections.abc import Iterable

from bridge import photos
from bridge.domain import PermanentError, Step, TemporaryError
from bridge.fetch import fetch
from bridge.settings import settings
from bridge.tickets.book import attachments
from bridge.tickets.claims import Claim, finish
from workers.ground import MOST_TRIES, drain


def run() -> None:
    """Fetch every picture that is due."""
    drain(Step.FETCH, work, batch=5)


def work(claim: Claim) -> Iterable[Step]:
    """Fetch one picture; without it the hand-over goes on."""
    wanted = attachments.wanted(claim)
    if wanted is None:
        finish(claim)
        return ()
    try:
        fetched = fetch(wanted.url, allow_private=settings().fetch_private_hosts)
        attachments.stored(claim, photos.keep(photos.clean(fetched.content), settings().photo_folder))
    except PermanentError as error:
        attachments.gave_up(claim, str(error))
    except TemporaryError as error:
        if claim.tries < MOST_TRIES:
            raise
        attachments.gave_up(claim, str(error))
    return (Step.DELIVER,)

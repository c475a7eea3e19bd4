"""Poll: ask each platform what is new and store it raw, before anybody reads it."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from pydantic import SecretStr

from bridge import platforms
from bridge.domain import PermanentError, Step, TemporaryError
from bridge.platforms.base import Account, Platform
from bridge.tickets.book import accounts, events
from bridge.tickets.book.accounts import AccountView
from bridge.tickets.claims import Claim
from bridge.tickets.types import utcnow
from workers.ground import drain

LOOK_AGAIN_POLLS = 40
"""Edits and deletions are asked for once in so many polls."""
LOOK_BACK = timedelta(days=7)
REFUSED_SECONDS = 300.0
"""A platform that refuses us (a revoked token) is asked again this much later; staff see the error."""


warm_up = platforms.load_all


def run() -> None:
    """Poll every account that is due."""
    drain(Step.POLL, poll, batch=5, most_tries=None)


def poll(claim: Claim) -> Iterable[Step]:
    """Poll one account."""
    account = accounts.get(claim.id)
    platform = platform_of(account)
    try:
        page = platform.poll(account.cursor)
        new = events.store_page(claim, page.events, page.cursor, account.poll_seconds)
        if _wants_another_look(account):
            new += _look_again(account, platform)
    except TemporaryError as error:
        accounts.poll_failed(claim, error.retry_after or max(account.poll_seconds, 2.0), str(error))
        return ()
    except PermanentError as error:
        accounts.poll_failed(claim, REFUSED_SECONDS, str(error))
        return ()
    return (Step.RECEIVE,) if new else ()


def platform_of(account: AccountView) -> Platform:
    """The platform of an account, ready to be asked."""
    known = account.model_dump(include=set(Account.model_fields))
    platform = platforms.connected(Account(**known | {"token": account.token}))
    platform.keep = partial(_keep, account.id)
    return platform


def _keep(account_id: int, before: SecretStr, token: SecretStr) -> None:
    accounts.renewed(account_id, before.get_secret_value(), token.get_secret_value())


def _wants_another_look(account: AccountView) -> bool:
    pause = timedelta(seconds=account.poll_seconds * LOOK_AGAIN_POLLS)
    return account.looked_again_at is None or account.looked_again_at < utcnow() - pause


def _look_again(account: AccountView, platform: Platform) -> int:
    """Store edits and deletions of what was written lately; returns how many were new."""
    # Noted first, so that a look that fails costs one poll and not every one.
    accounts.looked_again(account.id)
    known = accounts.recent_messages(account.id, utcnow() - LOOK_BACK)
    return events.store_events(account.id, platform.look_again(known).events) if known else 0

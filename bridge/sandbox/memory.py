"""Everything on the square as it stands now: applies events, and answers who may see what."""

import threading
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from bridge.sandbox.faults import Dice
from bridge.sandbox.records import (
    Account,
    Event,
    Faults,
    FaultsSet,
    Joined,
    Media,
    Notification,
    Policy,
    PolicySet,
    RefusalError,
    Removed,
    Status,
    Uploaded,
    Wrote,
)


class Memory:
    """The sum of all events so far; the same events always give the same memory."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.version = 0
        """Grows with every event, so that a page knows whether it is stale."""
        self.dice = Dice(Faults())
        self.accounts: dict[str, Account] = {}
        self.statuses: dict[str, Status] = {}
        self.media: dict[str, Media] = {}
        self.samples: dict[str, str] = {}
        """Sample name to status id, of every sample that was played."""
        self._policies: dict[str, Policy] = {}
        self._names: dict[str, str] = {}
        self._keys: dict[tuple[str, str], tuple[str, datetime]] = {}
        self._answers: dict[str, list[str]] = defaultdict(list)
        self._written: dict[str, list[str]] = defaultdict(list)
        self._notifications: dict[str, list[Notification]] = defaultdict(list)
        self._last_id = self._last_notification = 0

    def named(self, username: str) -> Account | None:
        """The account of that name, in small letters."""
        return self.accounts.get(self._names.get(username, ""))

    def may_see(self, status_id: str, viewer: Account | None) -> bool:
        """Whether the status exists and is public, the viewer's own, or speaks to the viewer."""
        status = self.statuses.get(status_id)
        if status is None:
            return False
        if status.draft.visibility in {"public", "unlisted"}:
            return True
        return viewer is not None and viewer.id in {status.account_id, *status.mentions}

    def seen(self, status_id: str, viewer: Account | None) -> Status:
        """The status, if `viewer` may see it; raises `RefusalError` 404 otherwise."""
        with self.lock:
            if not self.may_see(status_id, viewer):
                raise RefusalError(404, "Record not found")
            return self.statuses[status_id]

    def parent(self, status: Status) -> Status | None:
        """The status answered, as long as it exists."""
        return self.statuses.get(status.draft.in_reply_to_id or "")

    def ancestors(self, status: Status, viewer: Account | None) -> list[Status]:
        """What `status` answers, root first, as far as `viewer` may see."""
        with self.lock:
            chain: list[Status] = []
            above = self.parent(status)
            while above is not None:
                chain.append(above)
                above = self.parent(above)
            return self._visible(reversed(chain), viewer)

    def descendants(self, status: Status, viewer: Account | None) -> list[Status]:
        """Every answer, each followed by the answers to it, as far as `viewer` may see."""
        with self.lock:
            found: list[Status] = []
            waiting = self._answers[status.id][::-1]
            while waiting:
                found.append(self.statuses[waiting.pop()])
                waiting += self._answers[found[-1].id][::-1]
            return self._visible(found, viewer)

    def written_by(self, account: Account, viewer: Account | None) -> list[Status]:
        """The statuses of an account, oldest first."""
        with self.lock:
            return self._visible((self.statuses[i] for i in self._written[account.id]), viewer)

    def newest_roots(self, viewer: Account | None, most: int) -> list[Status]:
        """Statuses that begin a conversation `viewer` may see, newest first."""
        with self.lock:
            roots: list[Status] = []
            for status in reversed(self.statuses.values()):
                if self.parent(status) is None and self.may_see(status.id, viewer):
                    roots.append(status)
                if len(roots) == most:
                    break
            return roots

    def answer_count(self, status: Status) -> int:
        """How many direct answers a status has."""
        return len(self._answers[status.id])

    def status_count(self, account: Account) -> int:
        """How many statuses an account has."""
        return len(self._written[account.id])

    def notifications(self, account: Account) -> list[Notification]:
        """What `account` was told, oldest first."""
        with self.lock:
            return list(self._notifications[account.id])

    def policy(self, account: Account) -> Policy:
        """What `account` wants to be told; at first Mastodon's own default."""
        return self._policies.get(account.id, Policy())

    def apply(self, event: Event) -> None:
        """Let an event happen."""
        with self.lock:
            self.version += 1
            match event:
                case Joined(account=account):
                    self.accounts[account.id] = account
                    self._names[account.username] = account.id
                case Wrote(status=status):
                    self._put(status)
                case Removed(status_id=status_id):
                    self._take(self.statuses.pop(status_id))
                case Uploaded(media=media):
                    self.media[media.id] = media
                    self._last_id = int(media.id)
                case PolicySet(account_id=account_id, policy=policy):
                    self._policies[account_id] = policy
                case FaultsSet(faults=faults):
                    self.dice = Dice(faults)

    def _visible(self, statuses: Iterable[Status], viewer: Account | None) -> list[Status]:
        return [status for status in statuses if self.may_see(status.id, viewer)]

    def _put(self, status: Status) -> None:
        old = self.statuses.get(status.id)
        self.statuses[status.id] = status
        if old is None:
            self._file(status)
        told = {status.account_id, *(old.mentions if old else ())}
        for account_id in status.mentions:
            if account_id not in told:
                self._notify(account_id, status)

    def _file(self, status: Status) -> None:
        self._last_id = int(status.id)
        self._written[status.account_id].append(status.id)
        if status.draft.in_reply_to_id:
            self._answers[status.draft.in_reply_to_id].append(status.id)
        if status.idempotency_key:
            self._keys[status.account_id, status.idempotency_key] = status.id, status.created_at
        if status.sample:
            self.samples[status.sample] = status.id

    def _notify(self, account_id: str, status: Status) -> None:
        above = self.parent(status)
        unasked = above is None or above.account_id != account_id
        private = status.draft.visibility == "direct" and unasked
        verdict = self.policy(self.accounts[account_id]).verdict(private)
        if verdict == "drop":
            return
        self._last_notification += 1
        notification = Notification(
            id=str(self._last_notification),
            account_id=account_id,
            status_id=status.id,
            created_at=status.edited_at or status.created_at,
            filtered=verdict == "filter",
        )
        self._notifications[account_id].append(notification)

    def _take(self, status: Status) -> None:
        self._written[status.account_id].remove(status.id)
        if status.draft.in_reply_to_id:
            self._answers[status.draft.in_reply_to_id].remove(status.id)
        for account_id in status.mentions:
            kept = [n for n in self._notifications[account_id] if n.status_id != status.id]
            self._notifications[account_id] = kept

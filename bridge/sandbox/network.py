"""The small network: what people write to each other, checked, remembered, and kept in a journal."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bridge.sandbox import content, pictures
from bridge.sandbox.journal import Journal
from bridge.sandbox.memory import Memory
from bridge.sandbox.records import (
    Account,
    Draft,
    Event,
    Faults,
    FaultsSet,
    Joined,
    Media,
    Policy,
    PolicySet,
    RefusalError,
    Removed,
    Status,
    Uploaded,
    Wrote,
)

CITY = "stadt"
PERSONAS = ("Ada", "Bruno", "Ceyda", "Dmytro", "Emma", "Falk")
MAX_MEDIA = 4
_KEY_LIVES = timedelta(hours=1)


class Network(Memory):
    """Everybody's posts; safe to call from many threads. Ids are strings of growing numbers."""

    def __init__(self, folder: Path) -> None:
        """Go on where the journal in `folder` stopped; a new one gets the city and the demo personas.

        Raises `ConfigError` where the journal is damaged or in use.
        """
        super().__init__()
        self.folder = folder
        self._journal = Journal(folder / "journal.jsonl")
        for event in self._journal.replay():
            self.apply(event)
        self.city = self.join(CITY, "Stadt (Übung)", bot=True)
        self.personas = [self.join(name.lower(), name) for name in PERSONAS]

    def close(self) -> None:
        """End the journal."""
        self._journal.close()

    def join(self, username: str, display_name: str, bot: bool = False) -> Account:
        """The account of that name, made if it is new."""
        with self.lock:
            known = self.named(username)
            if known:
                return known
            account = Account(
                id=str(len(self.accounts) + 1),
                username=username,
                display_name=display_name,
                created_at=datetime.now(UTC),
                bot=bot,
            )
            self._record(Joined(account=account))
            return account

    def write(
        self, author: Account, draft: Draft, key: str | None = None, sample: str | None = None
    ) -> Status:
        """Post a draft, or return the status that the same idempotency `key` or `sample` already made.

        Raises `RefusalError` 404 where the answered status is gone and 422 where the draft is not acceptable.
        """
        with self.lock:
            made = self._made_by(author, key) or self.samples.get(sample or "")
            if made:
                return self.seen(made, author)
            if draft.in_reply_to_id and not self.may_see(draft.in_reply_to_id, author):
                raise RefusalError(404, "The post you are trying to reply to does not appear to exist.")
            self._check(author, draft)
            status = Status(
                id=self._next_id(),
                account_id=author.id,
                created_at=datetime.now(UTC),
                draft=draft,
                mentions=self._mentions(draft),
                idempotency_key=key,
                sample=sample,
            )
            self._record(Wrote(status=status))
            return status

    def rewrite(self, author: Account, status_id: str, draft: Draft) -> Status:
        """Edit one's own status; its visibility and the status it answers stay as they are."""
        with self.lock:
            old = self.own(author, status_id)
            kept = {"visibility": old.draft.visibility, "in_reply_to_id": old.draft.in_reply_to_id}
            draft = draft.model_copy(update=kept)
            self._check(author, draft)
            status = old.model_copy(
                update={"draft": draft, "mentions": self._mentions(draft), "edited_at": datetime.now(UTC)}
            )
            self._record(Wrote(status=status))
            return status

    def remove(self, author: Account, status_id: str) -> Status:
        """Delete one's own status, and with it the notifications about it."""
        with self.lock:
            status = self.own(author, status_id)
            self._record(Removed(status_id=status_id))
            return status

    def own(self, author: Account, status_id: str) -> Status:
        """The author's own status; raises `RefusalError` 404 for any other."""
        status = self.seen(status_id, author)
        if status.account_id != author.id:
            raise RefusalError(404, "Record not found")
        return status

    def upload(self, author: Account, picture: bytes, description: str = "") -> Media:
        """Store a JPEG or PNG; raises `RefusalError` 422 for anything else."""
        mime, width, height = pictures.inspect(picture)
        with self.lock:
            media_id = self._next_id()
            media = Media(
                id=media_id,
                account_id=author.id,
                name=f"{media_id}.{mime.removeprefix('image/')}",
                mime=mime,
                width=width,
                height=height,
                description=description,
            )
            path = self.picture_path(media)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(picture)
            self._record(Uploaded(media=media))
            return media

    def picture_path(self, media: Media) -> Path:
        """Where the bytes of a picture lie."""
        return self.folder / "media" / media.name

    def set_policy(self, account: Account, policy: Policy) -> None:
        """From now on tell `account` only what `policy` lets through."""
        self._record(PolicySet(account_id=account.id, policy=policy))

    def set_faults(self, faults: Faults) -> None:
        """From now on misbehave like this towards the city."""
        self._record(FaultsSet(faults=faults))

    def _record(self, event: Event) -> None:
        with self.lock:
            self._journal.append(event)
            self.apply(event)

    def _next_id(self) -> str:
        # Like Mastodon's: the time in the upper bits, so too large for whoever reads it as a float.
        return str(max(self._last_id + 1, time.time_ns() // 1_000_000 << 16))

    def _made_by(self, author: Account, key: str | None) -> str | None:
        if not key or (author == self.city and self.dice.faults.ignore_idempotency):
            return None
        status_id, at = self._keys.get((author.id, key), ("", datetime.min.replace(tzinfo=UTC)))
        return status_id if datetime.now(UTC) - at < _KEY_LIVES else None

    def _mentions(self, draft: Draft) -> tuple[str, ...]:
        return tuple(account.id for account in content.mentioned(draft.status, self.named))

    def _check(self, author: Account, draft: Draft) -> None:
        if not draft.status.strip() and not draft.media_ids:
            raise RefusalError(422, "Validation failed: Text can't be blank")
        if content.length(draft.spoiler_text + draft.status) > content.LIMIT:
            raise RefusalError(422, f"Validation failed: Text character limit of {content.LIMIT} exceeded")
        if len(draft.media_ids) > MAX_MEDIA:
            raise RefusalError(422, f"Validation failed: Cannot attach more than {MAX_MEDIA} files")
        pictures_there = [self.media.get(media_id) for media_id in draft.media_ids]
        if not all(media and media.account_id == author.id for media in pictures_there):
            raise RefusalError(422, "Validation failed: Media could not be found")

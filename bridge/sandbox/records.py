"""What the small network remembers, and the events its journal is made of."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from bridge.domain import BridgeError, Value

Reach = Literal["public", "unlisted", "private", "direct"]
Verdict = Literal["accept", "filter", "drop"]
Share = Annotated[float, Field(ge=0, le=1)]


class RefusalError(BridgeError):
    """The network says no, with an HTTP status and Mastodon's words."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class Account(Value):
    """Somebody on the square; `username` is also the handle, since everybody lives on this server."""

    id: str
    username: str
    display_name: str
    created_at: AwareDatetime
    bot: bool = False


class Media(Value):
    """A picture; its bytes lie beside the journal under `name`, its size is in pixels."""

    id: str
    account_id: str
    name: str
    mime: str
    width: int
    height: int
    description: str = ""


class Draft(Value):
    """What somebody wants to write, not yet checked by the network."""

    status: str = ""
    visibility: Reach = "public"
    in_reply_to_id: str | None = None
    spoiler_text: str = ""
    sensitive: bool = False
    language: str | None = None
    media_ids: tuple[str, ...] = ()


class Status(Value):
    """One post as it stands now; `mentions` are account ids."""

    id: str
    account_id: str
    created_at: AwareDatetime
    draft: Draft
    mentions: tuple[str, ...] = ()
    edited_at: AwareDatetime | None = None
    idempotency_key: str | None = None
    sample: str | None = None
    """The name of the sample it was played from, so that a second start plays it no more."""


class Notification(Value):
    """Tells the account that a status mentions it; `filtered` ones are listed only when asked for."""

    id: str
    account_id: str
    status_id: str
    created_at: AwareDatetime
    filtered: bool = False


class Policy(Value):
    """What becomes of notifications from people an account does not follow; on this square nobody follows."""

    for_not_following: Verdict = "accept"
    for_not_followers: Verdict = "accept"
    for_new_accounts: Verdict = "accept"
    for_private_mentions: Verdict = "filter"
    for_limited_accounts: Verdict = "filter"

    def verdict(self, private: bool) -> Verdict:
        """The strictest word that applies to a mention, `private` for an unasked direct message."""
        words = {self.for_not_following, self.for_not_followers}
        if private:
            words.add(self.for_private_mentions)
        strict: tuple[Verdict, ...] = ("drop", "filter", "accept")
        return next(word for word in strict if word in words)


class Faults(Value):
    """How the network misbehaves towards the city: shares of requests (0 to 1) and seconds."""

    rate_limited: Share = 0
    error_before: Share = 0
    error_after: Share = 0
    timeout_before: Share = 0
    timeout_after: Share = 0
    reset_after: Share = 0
    late_commit: Share = 0
    read_back_failure: Share = 0
    poll_overlap: Share = 0
    read_lag_seconds: float = Field(default=0, ge=0)
    hang_seconds: float = Field(default=30, ge=0)
    """How long a time-out hangs, and how late a late commit comes."""
    ignore_idempotency: bool = False
    seed: int = 0


class Joined(Value):
    """Somebody came to the square."""

    did: Literal["joined"] = "joined"
    account: Account


class Wrote(Value):
    """A status is new, or stands in a new version."""

    did: Literal["wrote"] = "wrote"
    status: Status


class Removed(Value):
    """An author took a status back."""

    did: Literal["removed"] = "removed"
    status_id: str


class Uploaded(Value):
    """A picture was stored."""

    did: Literal["uploaded"] = "uploaded"
    media: Media


class PolicySet(Value):
    """An account chose what it is told."""

    did: Literal["policy"] = "policy"
    account_id: str
    policy: Policy


class FaultsSet(Value):
    """The network was told how to misbehave."""

    did: Literal["faults"] = "faults"
    faults: Faults


Event = Annotated[
    Joined | Wrote | Removed | Uploaded | PolicySet | FaultsSet,
    Field(discriminator="did"),
]

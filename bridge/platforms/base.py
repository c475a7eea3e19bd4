"""The form every platform fills in: what citizens wrote comes in, what the city says goes out."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar, Literal

from pydantic import SecretStr

from bridge.domain import InboundMessage, PlatformEvent, Receipt, Reply, Value, Withdrawal


class Capabilities(Value):
    """What a platform can do, as data: shown by `bridge platforms`, asked before a reply is written."""

    receives: Literal["poll", "webhook", "none"]
    mention: bool = False
    direct: bool = False
    photo: bool = False
    place: bool = False
    thread_reply: bool = False
    edit_seen: bool = False
    delete_seen: bool = False
    limit: str = ""
    idempotency: Literal["key", "record_key", "read_back", "none"] = "none"


class Account(Value):
    """One account of the city on a platform; the token never appears in a log or an error."""

    platform: str
    base_url: str
    handle: str = ""
    external_id: str = ""
    token: SecretStr = SecretStr("")


class Page(Value):
    """What one poll brought, oldest first, and where the next one goes on."""

    events: tuple[PlatformEvent, ...] = ()
    cursor: str | None = None


class Platform(ABC):
    """One platform, both directions, for one city account. Every call may raise the errors of the domain."""

    name: ClassVar[str]
    """Equals the file's name; stored in the database and shown to people."""
    label: ClassVar[str]
    capabilities: ClassVar[Capabilities]

    def __init__(self, account: Account) -> None:
        self.account = account
        self.keep: Callable[[SecretStr, SecretStr], None] | None = None
        """How whoever owns the account stores a new token instead of the one before; set by them."""

    @abstractmethod
    def connect(self) -> Account:
        """Check the token live, set what must be set, return the account with id and handle."""

    @abstractmethod
    def poll(self, cursor: str | None) -> Page:
        """Ask for what is new since `cursor`; overlaps are fine, the case book drops what it knows."""

    @abstractmethod
    def look_again(self, external_ids: list[str]) -> Page:
        """Ask for messages we already have, to see edits and deletions; `cursor` of the answer is unused."""

    @abstractmethod
    def parse(self, payload: str) -> list[InboundMessage | Withdrawal]:
        """Read one stored event; pure, and one that tells nothing of use gives an empty list.

        Raises `PermanentError` where it cannot be read, so that staff see it: it may be somebody's message.
        """

    @abstractmethod
    def limit(self) -> int:
        """How long a reply may be, by this platform's own counting."""

    @abstractmethod
    def count(self, text: str) -> int:
        """The length of `text` as this platform counts it; asks nobody, since it is needed while routing."""

    @abstractmethod
    def address(self, text: str, reply_to: str) -> str:
        """`text` with what the platform needs to reach the person, such as a mention of their handle."""

    @abstractmethod
    def reply(self, reply: Reply) -> Receipt:
        """Send a reply whose text is already addressed.

        Raises `TemporaryError` when surely nothing was posted, `UnknownOutcomeError` when it may have been,
        `PermanentError` when a person must decide.
        """

    @abstractmethod
    def find_reply(self, reply: Reply) -> Receipt | None:
        """Read the thread back and look for exactly this reply, its text addressed as it was sent.

        Raises `TemporaryError` where the thread cannot be read now, `PermanentError` where it never can.
        """

    def repeat_is_safe(self, reply: Reply) -> bool:
        """Whether sending the same reply again cannot post it twice (an idempotency key still in force)."""
        return False

    def renew(self, token: SecretStr) -> None:
        """Go on with another token of the same account, where the platform's do not last."""
        before, self.account = self.account.token, self.account.model_copy(update={"token": token})
        if self.keep:
            self.keep(before, token)

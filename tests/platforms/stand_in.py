"""What a server in a test must be able to do, so that the contract can be held against it."""

from abc import ABC, abstractmethod
from enum import StrEnum

from bridge.domain import Visibility
from bridge.platforms.base import Account


class PostFault(StrEnum):
    """The seven ways a post can go wrong."""

    RATE_LIMITED = "rate_limited"
    ERROR_BEFORE = "error_before"
    ERROR_AFTER = "error_after"
    TIMEOUT_BEFORE = "timeout_before"
    TIMEOUT_AFTER = "timeout_after"
    RESET_AFTER = "reset_after"
    LATE_COMMIT = "late_commit"


COMMITS = {PostFault.ERROR_AFTER, PostFault.TIMEOUT_AFTER, PostFault.RESET_AFTER, PostFault.LATE_COMMIT}


class StandIn(ABC):
    """A platform's server on this machine, as far as the contract needs it."""

    @property
    @abstractmethod
    def account(self) -> Account:
        """The city's account, not connected yet."""

    @abstractmethod
    def say(self, text: str, visibility: Visibility = Visibility.PUBLIC, answers: str | None = None) -> str:
        """A citizen writes to the city; the id of what they wrote."""

    @abstractmethod
    def say_as_city(self, text: str, answers: str) -> str:
        """A colleague answers in the platform's own app."""

    @abstractmethod
    def edit(self, message_id: str, text: str) -> None:
        """The citizen changes their words."""

    @abstractmethod
    def delete(self, message_id: str) -> None:
        """The citizen takes their words back."""

    @abstractmethod
    def posts(self) -> list[str]:
        """The ids of everything the city's account has posted."""

    @abstractmethod
    def break_posting(self, fault: PostFault | None) -> None:
        """From now on every post goes wrong in this way, or in none."""

    @abstractmethod
    def settle(self) -> None:
        """Wait until requests nobody waits for any more have had their effect."""

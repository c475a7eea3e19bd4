"""The form every channel to a department fills in."""

from abc import ABC, abstractmethod
from typing import ClassVar

from bridge.domain import Handover, Receipt
from bridge.settings import Settings


class Channel(ABC):
    """One way departments listen."""

    name: ClassVar[str]
    """Equals the file's name; written in departments.yaml and stored in the database."""
    retry_seconds: ClassVar[tuple[int, ...]] = (5, 60, 300, 1800, 1800, 3600, 3600, 7200, 14_400, 28_800)
    """How long to wait after each failed try: soon, then ever more patiently, for about seventeen hours."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @abstractmethod
    def check_address(self, address: str) -> None:
        """Raise `ConfigError` where this channel could never deliver to `address`."""

    @abstractmethod
    def deliver(self, handover: Handover) -> Receipt:
        """Hand the ticket over; the same `message_id` may come twice and must do no harm.

        Raises `TemporaryError` when trying again may help and `PermanentError` when it cannot.
        """

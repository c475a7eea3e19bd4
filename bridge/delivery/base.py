"""The form every channel to a department fills in."""

from abc import ABC, abstractmethod
from typing import ClassVar

from bridge.domain import Handover, Purpose, Receipt
from bridge.settings import Settings


class Channel(ABC):
    """One way departments listen."""

    name: ClassVar[str]
    """Equals the file's name; written in departments.yaml and stored in the database."""
    retry_seconds: ClassVar[tuple[int, ...]] = (5, 60, 300, 1800, 1800, 3600, 3600, 7200, 14_400, 28_800)
    """How long to wait after each failed try: soon, then ever more patiently, for about seventeen hours."""

    purpose: ClassVar[Purpose | None] = None
    """Which of the department's keys this channel needs, as `Handover.secrets`."""

    takes_lists: ClassVar[bool] = False
    """Whether several tickets may go to a department as one."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @abstractmethod
    def check_address(self, address: str) -> None:
        """Raise `ConfigError` where this channel could never deliver to `address`."""

    @abstractmethod
    def deliver(self, handover: Handover) -> Receipt:
        """Hand the ticket over; the same `message_id` may come twice and must do no harm.

        Raises `TemporaryError` when trying again may help, `UnknownOutcomeError` when it may have arrived,
        `PermanentError` when trying again cannot help and `GoneError` when nothing is taken there any more.
        """

    def deliver_list(self, handovers: tuple[Handover, ...], message_id: str) -> Receipt:
        """Hand several tickets over to their common department as one, where the channel `takes_lists`.

        Like `deliver` it may be asked twice for one `message_id`, and raises the same errors.
        """
        raise NotImplementedError(self.name)

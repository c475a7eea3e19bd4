"""Departments that have a tracker of their own: tickets go in by Open311 GeoReport v2."""

from bridge.delivery._http import check_form, check_meant
from bridge.delivery.base import Channel
from bridge.delivery.open311._telling import description, fields
from bridge.delivery.open311.tracker import Tracker
from bridge.domain import BridgeError, Handover, PermanentError, Purpose, Receipt, TemporaryError

__all__ = ["Adapter", "Tracker"]


class Adapter(Channel):
    """Posts a ticket as one request, and whatever follows as updates of that request."""

    name = "open311"
    purpose = Purpose.TRACKER

    def check_address(self, address: str) -> None:
        """Raise `ConfigError` where `address` is no https address of another machine."""
        check_form(self.settings, address, "https://amt.example/open311/v2")

    def deliver(self, handover: Handover) -> Receipt:
        """Post the ticket; where an earlier try may have arrived, look for it first.

        Raises `PermanentError` where the tracker refuses it, or where nobody can see whether it is there.
        """
        check_meant(self.settings, handover.address)
        key = handover.secrets[0] if handover.secrets else None
        tracker = Tracker(self.settings, handover.address, handover.tracked.jurisdiction, key)
        number = _added_to(tracker, handover) or _already_there(tracker, handover)
        return Receipt(external_id=number or tracker.post(fields(handover)))


def _added_to(tracker: Tracker, handover: Handover) -> str | None:
    """The number of the request this was added to; None where there is none, or nothing can be added."""
    if not handover.tracked.known_as:
        return None
    number = tracker.number(handover.tracked.known_as)
    return number if tracker.add(number, handover.message_id, description(handover)) else None


def _already_there(tracker: Tracker, handover: Handover) -> str | None:
    """The number under which an earlier try has arrived."""
    if not handover.tracked.perhaps_there:
        return None
    try:
        return tracker.find(handover.reference, handover.tracked.service_code)
    except TemporaryError:
        raise
    except BridgeError as error:
        raise PermanentError(f"it may have arrived, and the tracker does not show it: {error}") from error

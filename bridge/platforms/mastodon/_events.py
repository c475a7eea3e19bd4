"""What the server told us as events to be stored: the JSON as it came, in an envelope with its thread."""

import json

from bridge.domain import PlatformEvent
from bridge.platforms.mastodon._feed import Entry, Threads


def notified(notification: Entry, threads: Threads) -> PlatformEvent:
    """Somebody mentioned us, or changed a post we were told of."""
    rest = {key: value for key, value in notification.items() if key != "status"}
    status = notification.get("status") or {}
    kind = "mention" if notification.get("type") == "mention" else "seen_again"
    return _event(f"notification {notification['id']}", kind, status, threads, rest)


def own(status: Entry, threads: Threads) -> PlatformEvent:
    """A post of our account, written here or in the platform's own app."""
    return _event(_state_of(status), "own", status, threads)


def seen_again(status: Entry, threads: Threads) -> PlatformEvent:
    """A post we know, as it stands now; one that was never changed has the same key every time."""
    return _event(_state_of(status), "seen_again", status, threads)


def gone(external_id: str) -> PlatformEvent:
    """A post we know that the server no longer has."""
    envelope: Entry = {"type": "gone", "status": {"id": external_id}, "notification": None, "ancestors": []}
    return PlatformEvent(key=f"status {external_id} gone", payload=json.dumps(envelope))


def _event(
    key: str, kind: str, status: Entry, threads: Threads, notification: Entry | None = None
) -> PlatformEvent:
    envelope: Entry = {
        "type": kind,
        "status": status,
        "notification": notification,
        "ancestors": threads.ancestors(status) if status.get("id") else [],
    }
    return PlatformEvent(key=key, payload=json.dumps(envelope))


def _state_of(status: Entry) -> str:
    return f"status {status['id']} {status.get('edited_at') or ''}".rstrip()

"""Reading a server's lists forward without losing anything, and the threads their posts stand in.

A mark is the list of the last ids read, oldest first. Reading goes on after its first id, so that a post
which became visible late, between ids already read, is still found; what is in the mark is not told twice.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from bridge.domain import TemporaryError
from bridge.platforms._http import GONE, Door, RefusedError

Entry = dict[str, Any]

OVERLAP = 15
"""How many ids a mark holds; smaller than any server's page, else a page could bring nothing new."""
PAGES_A_POLL = 4
"""With a question for each thread this stays within the 300 requests in five minutes a server allows."""
FIRST_LOOK_BACK = timedelta(days=1)
"""How old a mention may be to be seen when an account is new here."""


class Feed:
    """One list of the server, such as our notifications."""

    def __init__(self, door: Door, path: str, limit: int, params: dict[str, Any]) -> None:
        self._door = door
        self._path = path
        self._params = {**params, "limit": limit}

    def pages(self, mark: list[str]) -> Iterator[tuple[list[Entry], list[str]]]:
        """Yield what is new since `mark`, oldest first, page by page, each with the mark after it."""
        known, seen = set(mark), mark[:1]
        for _ in range(PAGES_A_POLL):
            page = self._page(min_id=seen[-1])[::-1]
            new = [entry for entry in page if entry["id"] not in known]
            if not new:
                return
            seen += [entry["id"] for entry in page]
            known.update(seen)
            yield new, seen[-OVERLAP:]

    def beginning(self) -> str:
        """The id after which a new account is read: the newest entry that is too old to be seen."""
        horizon = datetime.now(UTC) - FIRST_LOOK_BACK
        older: dict[str, str] = {}
        while page := self._page(**older):
            for entry in page:
                if _written_at(entry) < horizon:
                    return str(entry["id"])
            if older == (older := {"max_id": page[-1]["id"]}):
                break
        return "0"

    def _page(self, **where: str) -> list[Entry]:
        answer = self._door.get(self._path, {**self._params, **where})
        if not isinstance(answer, list):
            raise TemporaryError(f"{self._door.host} answered {self._path} with something that is not a list")
        return [{**entry, "id": str(entry["id"])} for entry in answer if _is_named(entry)]


class Threads:
    """Finds what posts answer, asking the server once a thread."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._known: dict[str, list[str]] = {}

    def ancestors(self, status: Entry) -> list[str]:
        """The ids of the posts above this one, the root first; raises `TemporaryError` where unreadable."""
        own, parent = str(status["id"]), str(status.get("in_reply_to_id") or "")
        if not parent:
            found = []
        elif parent in self._known:
            found = [*self._known[parent], parent]
        else:
            found = self._ask(own) or [parent]
        self._known[own] = found
        return found

    def _ask(self, status_id: str) -> list[str]:
        try:
            context = self._door.get(status_path(status_id) + "/context")
        except RefusedError as error:
            # Deleted since: the post itself is in our hands, so it must not be lost for its thread.
            if error.status in GONE:
                return []
            raise
        above = context.get("ancestors") if isinstance(context, dict) else None
        if not isinstance(above, list):
            raise TemporaryError(f"{self._door.host} answered with a thread that cannot be read")
        ids = [str(entry["id"]) for entry in above if _is_named(entry)]
        self._known |= {one: ids[:depth] for depth, one in enumerate(ids)}
        return ids


def status_path(status_id: str) -> str:
    """Where a post is asked for; its id may be anything."""
    return f"/api/v1/statuses/{quote(status_id, safe='')}"


def _is_named(entry: object) -> bool:
    return isinstance(entry, dict) and bool(entry.get("id"))


def _written_at(entry: Entry) -> datetime:
    try:
        moment = datetime.fromisoformat(str(entry.get("created_at")))
    except ValueError:
        return datetime.now(UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

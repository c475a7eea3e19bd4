"""Reads lists that are newest first, again and again, since their cursors alone would lose something.

A post sorts by its time, which its author chooses: a new one may stand anywhere. Therefore the newest entries
are read at every poll, all of the last week every two minutes, and what is known is left out.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

from pydantic import BaseModel

Entry = dict[str, Any]
Ask = Callable[[str | None], tuple[list[Entry], str | None]]
"""Asks for the page at a cursor: the entries, each with `uri` and `indexedAt`, and the next page's cursor."""

LOOK_BACK = timedelta(days=7)
"""How old a post may say it is to be seen."""
DEEP_EVERY = timedelta(minutes=2)
MOST_PAGES = 50
"""Of a hundred entries each: what is asked for at most in one poll."""


class Mark(BaseModel):
    """Where reading one list stands: what is known of the last week, and when all of it was read."""

    known: tuple[str, ...] = ()
    deep_at: datetime | None = None


def news(ask: Ask, mark: Mark) -> tuple[list[Entry], Mark]:
    """What `mark` does not know yet, oldest first, and the mark after it."""
    now = datetime.now(UTC)
    deep = mark.deep_at is None or now - mark.deep_at >= DEEP_EVERY
    known = set(mark.known)
    read = _read(ask, known, deep, now - LOOK_BACK)
    new = sorted((entry for name, entry in read.items() if name not in known), key=written_at)
    if deep:
        return new, Mark(known=tuple(read), deep_at=now)
    return new, Mark(known=(*mark.known, *map(_name, new)), deep_at=mark.deep_at)


def written_at(entry: Entry) -> datetime:
    """When an entry says it was written; now where it does not."""
    return _moment(str(entry.get("indexedAt"))) or datetime.now(UTC)


def _read(ask: Ask, known: set[str], deep: bool, horizon: datetime) -> dict[str, Entry]:
    """Entries by name, oldest first: back to the horizon, or only while a page brings something unknown."""
    read: dict[str, Entry] = {}
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        entries, onward = ask(cursor)
        page = {_name(entry): entry for entry in entries if written_at(entry) >= horizon}
        stuck = page.keys() <= read.keys()
        read |= page
        if onward is None or not entries or written_at(entries[-1]) < horizon:
            break
        if not deep and page.keys() <= known:
            break
        cursor = onward if stuck else _a_moment_later(onward)
    return dict(reversed(read.items()))


def _a_moment_later(cursor: str) -> str:
    """A cursor that is a bare time skips what has just that time and stood no more on the page: ask again."""
    moment = _moment(cursor)
    return utc(moment + timedelta(milliseconds=1)) if moment else cursor


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def utc(moment: datetime) -> str:
    """A moment as these servers write it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _name(entry: Entry) -> str:
    """Short, since a week of them is kept."""
    return blake2b(str(entry["uri"]).encode(errors="replace"), digest_size=8).hexdigest()

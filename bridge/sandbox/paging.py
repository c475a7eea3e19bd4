"""Mastodon's paging: ids as cursors, newest first, and the Link header."""

from collections.abc import Sequence
from typing import Protocol, TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field
from werkzeug.datastructures import MultiDict

_CURSORS = {"min_id", "since_id", "max_id"}


class Numbered(Protocol):
    """Anything with an id that is a growing number."""

    @property
    def id(self) -> str:
        """The number as a string."""


Item = TypeVar("Item", bound=Numbered)


class Window(BaseModel):
    """Which part of a list is asked for; unknown parameters are somebody else's."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    min_id: int | None = None
    since_id: int | None = None
    max_id: int | None = None
    limit: int = Field(default=40, ge=1)

    def cut(self, items: Sequence[Item], most: int) -> list[Item]:
        """The part of `items` (oldest first) asked for, newest first, at most `most` of them.

        `min_id` gives the ones right after it, `since_id` the newest ones.
        """
        low = max(self.min_id or 0, self.since_id or 0)
        inside = [i for i in items if low < int(i.id) and (self.max_id is None or int(i.id) < self.max_id)]
        size = min(self.limit, most)
        page = inside[:size] if self.min_id is not None else inside[-size:]
        return page[::-1]

    def reaching_back(self, items: Sequence[Item], count: int) -> "Window":
        """This window with `count` items before `min_id` once more."""
        if self.min_id is None:
            return self
        before = [0] * (count + 1) + [int(i.id) for i in items if int(i.id) <= self.min_id]
        return self.model_copy(update={"min_id": before[-count - 1]})


def link_header(url: str, arguments: MultiDict[str, str], page: Sequence[Numbered]) -> str:
    """The addresses of the pages after (`next`, older) and before (`prev`, newer) this one."""
    kept = [(k, v) for k, v in arguments.items(multi=True) if k not in _CURSORS]
    older, newer = urlencode([*kept, ("max_id", page[-1].id)]), urlencode([*kept, ("min_id", page[0].id)])
    return f'<{url}?{older}>; rel="next", <{url}?{newer}>; rel="prev"'

"""The form of `mail:` in departments.yaml: how often an office wants to hear by mail."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field

from bridge.city.entry import Entry
from bridge.hours import WorkingTime

_HOUR = timedelta(hours=1)


def _rhythm(told: object) -> object:
    if told in ("at_once", "hourly"):
        return told
    times = told if isinstance(told, list | tuple) else ()
    if times and all(re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", str(each)) for each in times):
        return tuple(sorted(set(times)))
    raise ValueError(f'{told!r} is no rhythm; write at_once, hourly, or times such as ["08:00", "13:00"]')


Rhythm = Annotated[Literal["at_once", "hourly"] | tuple[str, ...], BeforeValidator(_rhythm)]


class MailFile(Entry):
    """How often mails leave for one office; what waits together leaves as one mail with a list."""

    when: Rhythm = "at_once"
    list_above: int | None = Field(default=None, ge=1)
    """After so many mails within an hour the next ones wait and leave as a list; None: never."""

    def leaves(self, ready: datetime, office: WorkingTime, zone: ZoneInfo) -> datetime:
        """The first moment from `ready` on at which a mail may leave, in UTC.

        Fixed times are those of the city's clocks, on days on which the office works.
        """
        if self.when == "at_once":
            return ready
        if self.when == "hourly":
            begun = ready.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
            return begun if begun == ready else begun + _HOUR
        return next(moment for moment in self._times(ready, office, zone) if moment >= ready)

    def _times(self, ready: datetime, office: WorkingTime, zone: ZoneInfo) -> Iterator[datetime]:
        first = ready.astimezone(zone).date()
        for day in (first + timedelta(days=number) for number in count()):
            midnight = datetime.combine(day, time(), zone)
            if office.next_opening(midnight).astimezone(zone).date() == day:
                for each in self.when:
                    yield datetime.combine(day, time.fromisoformat(each), zone).astimezone(UTC)

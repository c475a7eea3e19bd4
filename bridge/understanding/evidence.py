"""Says which words decided what, for the ticket and for `bridge understand`."""

from collections.abc import Iterable, Iterator, Sequence

from bridge.domain import Evidence, Flag, Kind
from bridge.places.reading import Candidate
from bridge.understanding.alarm import Alarm
from bridge.understanding.clues import Hit
from bridge.understanding.details import details
from bridge.understanding.offence import Offence
from bridge.understanding.personal import Spans

_MOST = 3
_DETAILS = {"lamp": "number of a lamp", "direction": "direction", "since": "since when"}


def of_symbols(hits: Iterable[Hit]) -> Iterator[Evidence]:
    """The words that name a forbidden symbol."""
    for hit in hits:
        if hit.clue.label == Flag.UNCONSTITUTIONAL_SYMBOL:
            because, where = f"clue: {hit.clue.written}", {"start": hit.start, "end": hit.end}
            yield Evidence(about="flag", value=hit.clue.label, because=because, words=hit.words, **where)


def of_alarms(alarms: Iterable[Alarm]) -> Iterator[Evidence]:
    """Why somebody's life is in danger."""
    for alarm in alarms:
        yield Evidence(
            about="kind",
            value=Kind.EMERGENCY,
            because=alarm.because or alarm.written,
            words=alarm.words,
            start=alarm.start,
            end=alarm.end,
            score=alarm.chance,
        )


def of_offences(offences: Iterable[Offence]) -> Iterator[Evidence]:
    """The words that insult, threaten or incite."""
    for offence in offences:
        yield Evidence(
            about="flag",
            value=offence.flag,
            because="learned",
            words=offence.words,
            start=offence.start,
            end=offence.end,
            score=offence.chance,
        )


def of_places(text: str, found: Sequence[Candidate]) -> Iterator[Evidence]:
    """The readings of the place, the most trusted first."""
    for candidate in found[:_MOST]:
        yield Evidence(
            about="place",
            value=candidate.location.label,
            because=candidate.because,
            words=text[candidate.start : candidate.end],
            start=candidate.start,
            end=candidate.end,
            score=candidate.location.confidence,
        )


def of_plates(text: str, plates: Spans) -> Iterator[Evidence]:
    """Where the licence plates stand."""
    for plate, start, end in plates:
        yield Evidence(
            about="licence_plate",
            value=plate,
            because="form of a plate",
            words=text[start:end],
            start=start,
            end=end,
        )


def of_details(text: str) -> Iterator[Evidence]:
    """The number of a lamp, a direction, since when: what an office needs beside the place."""
    for detail in details(text):
        yield Evidence(
            about="detail",
            value=detail.words,
            because=_DETAILS[detail.kind],
            words=detail.words,
            start=detail.start,
            end=detail.end,
        )

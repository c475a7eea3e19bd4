"""Says which words decided what, for the ticket and for `bridge understand`."""

from collections.abc import Iterable, Iterator, Sequence

from bridge.domain import Evidence
from bridge.places.reading import Candidate
from bridge.understanding.clues import Hit
from bridge.understanding.personal import Spans

_MOST = 3


def of_hits(about: str, hits: Iterable[Hit]) -> Iterator[Evidence]:
    """One piece of evidence for each clue found; `about` chooses the clues."""
    names = {"flags": "flag", "emergency": "kind"}
    for hit in hits:
        if hit.clue.about == about:
            yield Evidence.model_validate(
                {
                    "about": names[about],
                    "value": "emergency" if about == "emergency" else hit.clue.label,
                    "because": hit.clue.label if about == "emergency" else f"clue: {hit.clue.written}",
                    "words": hit.words,
                    "start": hit.start,
                    "end": hit.end,
                    "score": hit.clue.weight,
                }
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

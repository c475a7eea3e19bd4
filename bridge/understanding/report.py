"""An understanding as `bridge understand` prints it: in its fixed form, and explained."""

from typing import Any

from rich.table import Table

from bridge.domain import Understanding


def as_json(id: str, text: str, understanding: Understanding) -> dict[str, Any]:  # noqa: ARG001 - a fixed form
    """The understanding of message `id`, ready for `json.dumps`; `place` is None where nothing is named."""
    place = understanding.location
    return {
        "id": id,
        "kind": understanding.kind.value,
        "category": understanding.category,
        "confidence": understanding.confidence,
        "language": understanding.language,
        "place": place.model_dump(mode="json") if place else None,
        "licence_plates": list(understanding.licence_plates),
        "flags": [flag.value for flag in understanding.flags],
    }


def explained(understanding: Understanding) -> Table:
    """Which words decided what, and by which rule or feature; then the other categories it may be."""
    table = Table("about", "value", "because", "words", "score")
    for each in understanding.evidence:
        score = "" if each.score is None else f"{each.score:.2f}"
        table.add_row(each.about, each.value, each.because, each.words, score)
    for code, chance in understanding.categories:
        table.add_row("category", code, "chance", "", f"{chance:.2f}")
    return table

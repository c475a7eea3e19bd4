"""An understanding in the fixed form that `bridge understand` prints."""

from typing import Any

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

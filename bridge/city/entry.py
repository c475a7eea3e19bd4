"""What everything a clerk writes has in common."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict


def _slug(value: str) -> str:
    if not value.replace("_", "").isalnum() or value != value.lower():
        raise ValueError("use small letters, digits and _ only")
    return value


Slug = Annotated[str, AfterValidator(_slug)]


class Entry(BaseModel):
    """Anything a clerk writes: unknown keys are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

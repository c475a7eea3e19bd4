"""Describes the files a clerk edits as JSON Schema, so that editors know what may stand where."""

import json
from typing import Annotated

from pydantic import BaseModel, Field

from bridge.city import CategoriesFile, CityFile, DepartmentsFile, Entry
from bridge.routing.rule import Rule


class RulesFile(Entry):
    """The rules of a city: read from top to bottom, the first that applies wins."""

    rules: Annotated[list[Rule], Field(min_length=1)]


FORMS: dict[str, type[BaseModel]] = {
    "city": CityFile,
    "departments": DepartmentsFile,
    "categories": CategoriesFile,
    "rules": RulesFile,
}
"""By the name of the file they describe."""


def files() -> dict[str, str]:
    """The text of each schema by the name of its file."""
    return {f"{name}.schema.json": _text(form) for name, form in FORMS.items()}


def _text(form: type[BaseModel]) -> str:
    described = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | form.model_json_schema()
    return json.dumps(described, ensure_ascii=False, indent=2) + "\n"

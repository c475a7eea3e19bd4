"""Editors know the files a clerk edits: the schemas are those of the code, and every city keeps them."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bridge.city import yaml
from bridge.routing import schema
from tests.factories import LEIPZIG

CITIES = LEIPZIG.parent
FILES = [(path, name) for name in schema.FORMS for path in sorted(CITIES.glob(f"*/{name}.yaml"))]


def as_editors_read(data: Any) -> Any:
    """An editor knows no dates, only texts."""
    return json.loads(json.dumps(data, default=date.isoformat))


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema.files()[f"{name}.schema.json"]))


@pytest.mark.parametrize("name", schema.files())
def test_the_committed_schema_is_that_of_the_code(name: str) -> None:
    assert (CITIES / "schema" / name).read_text("utf-8") == schema.files()[name], "run: bridge rules schema"


@pytest.mark.parametrize(("path", "name"), FILES, ids=lambda part: getattr(part, "stem", part))
def test_every_shipped_file_keeps_its_schema_and_names_it(path: Path, name: str) -> None:
    assert path.read_text("utf-8").startswith(
        f"# yaml-language-server: $schema=../schema/{name}.schema.json\n"
    )
    data, _ = yaml.read(path)
    assert [error.message for error in validator(name).iter_errors(as_editors_read(data))] == []


@pytest.mark.parametrize(
    "changed",
    [
        {"send_too": "press"},
        {"when": {"kind": "reprot"}},
        {"when": {"category": []}},
        {"when": {"season": "winter"}},
        {"due": "soon"},
        {"because": ""},
    ],
)
def test_an_editor_sees_a_mistake_while_it_is_made(changed: dict[str, Any]) -> None:
    rule = {"name": "a", "when": {}, "send_to": "press", "because": "Darum.", "examples": ["Satz"]}
    assert validator("rules").is_valid({"rules": [rule]})
    assert not validator("rules").is_valid({"rules": [rule | changed]})


def test_every_key_of_a_rule_says_what_it_is_for() -> None:
    forms = json.loads(schema.files()["rules.schema.json"])["$defs"]
    fields = forms["Rule"]["properties"] | forms["When"]["properties"]
    assert [key for key, field in fields.items() if "description" not in field] == []

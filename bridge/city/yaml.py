"""Reads a city's YAML files into checked models; every complaint names the file and the line."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from bridge.domain import ConfigError

Model = TypeVar("Model", bound=BaseModel)
Place = tuple[str | int, ...]
Lines = dict[Place, int]


class _Loader(yaml.SafeLoader):
    """Reads only true and false as truth values, so that the words `off`, `no` and `on` stay words."""


_BOOL = "tag:yaml.org,2002:bool"
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOL]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_BOOL, re.compile("^(?:true|false)$"), list("tf"))


def load(path: Path, model: type[Model], context: Any = None) -> Model:
    """Read `path` as `model`; raise `ConfigError` listing every mistake as `file:line: what to do`.

    `context` is handed to the model's validators.
    """
    data, lines = read(path)
    try:
        return model.model_validate(data, context=context)
    except ValidationError as error:
        raise ConfigError("\n".join(complaints(path, lines, error, model))) from None


def read(path: Path) -> tuple[Any, Lines]:
    """Return the data of a YAML file and the line (from 1) of every key and item by its path in the data."""
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        lines: Lines = {(): 1}
        if node is None:
            return None, lines
        _note_lines(path, node, (), lines)
        return loader.construct_document(node), lines
    except FileNotFoundError:
        raise ConfigError(f"{path}: the file is missing") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 at byte {error.start}; save the file as UTF-8") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError(
            f"{path}:{line}: {error.problem}; a text with : # ? or brackets needs quotes around it"
        ) from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: {error}") from None


def line_of(lines: Lines, place: Place) -> int:
    """The line of `place`, or of the nearest thing around it that has one."""
    while place not in lines:
        place = place[:-1]
    return lines[place]


def _note_lines(path: Path, node: yaml.Node, place: Place, lines: Lines) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*place, str(key.value))
            if inner in lines:
                raise ConfigError(f"{path}:{key.start_mark.line + 1}: {key.value!r} stands here twice")
            lines[inner] = key.start_mark.line + 1
            _note_lines(path, value, inner, lines)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            lines[(*place, index)] = item.start_mark.line + 1
            _note_lines(path, item, (*place, index), lines)


def complaints(
    path: Path, lines: Lines, error: ValidationError, model: type[BaseModel], at: Place = ()
) -> list[str]:
    """What is wrong with the data at place `at`, one line for each mistake: `file:line: what to do`."""
    return [_complaint(path, lines, (*at, *e["loc"]), e, _keys_at(model, e["loc"])) for e in error.errors()]


def suggestion(word: object, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` where something known looks like `word`, else nothing."""
    near = get_close_matches(str(word), list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _complaint(path: Path, lines: Lines, place: Place, error: Any, known_keys: list[str]) -> str:
    what = "key" if place[-1:] == ("[key]",) else ""
    place = tuple(part for part in place if part != "[key]")
    where = f"{path}:{line_of(lines, place)}"
    key = next((str(part) for part in reversed(place) if isinstance(part, str)), "the file")
    match error["type"]:
        case "extra_forbidden":
            return f"{where}: unknown key {key!r}{suggestion(key, known_keys)}"
        case "missing":
            return f"{where}: {key!r} is missing"
        case "enum":
            known = re.findall(r"'([^']*)'", error["ctx"]["expected"])
            found = error["input"]
            return f"{where}: unknown {what or key} {found!r}{suggestion(found, known)}"
        case "value_error":
            return f"{where}: {key}: {error['ctx']['error']}"
    return f"{where}: {key}: {error['msg']}"


def _keys_at(model: type[BaseModel], place: Place) -> list[str]:
    """The keys that may stand at `place` within `model`, instead of its last part."""
    here = {model}
    for part in place[:-1]:
        deeper = {found for form in here for found in _forms_under(form, part)}
        here = deeper or here  # an item of a list or mapping leads no deeper
    return sorted({key for form in here for key in form.model_fields})


def _forms_under(form: type[BaseModel], key: str | int) -> list[type[BaseModel]]:
    field = form.model_fields.get(str(key))
    return _forms_in(field.annotation) if field else []


def _forms_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [form for part in getattr(annotation, "__args__", ()) for form in _forms_in(part)]

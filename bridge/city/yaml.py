"""Reads a city's YAML files into checked models; every complaint names the file and the line."""

from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from bridge.domain import ConfigError

Model = TypeVar("Model", bound=BaseModel)
Lines = dict[tuple[str | int, ...], int]


def load(path: Path, model: type[Model]) -> Model:
    """Read `path` as `model`; raise `ConfigError` listing every mistake as `file:line: what to do`."""
    data, lines = read(path)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise ConfigError("\n".join(_complaint(path, lines, e, model) for e in error.errors())) from None


def read(path: Path) -> tuple[Any, Lines]:
    """Return the data of a YAML file and the line (from 1) of every key and item by its path in the data."""
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        lines: Lines = {(): 1}
        if node is not None:
            _note_lines(path, node, (), lines)
        return yaml.safe_load(text), lines
    except FileNotFoundError:
        raise ConfigError(f"{path}: the file is missing") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 at byte {error.start}; save the file as UTF-8") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError(f"{path}:{line}: {error.problem}") from None


def line_of(lines: Lines, place: tuple[str | int, ...]) -> int:
    """The line of `place`, or of the nearest thing around it that has one."""
    while place not in lines:
        place = place[:-1]
    return lines[place]


def _note_lines(path: Path, node: yaml.Node, place: tuple[str | int, ...], lines: Lines) -> None:
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


def _complaint(path: Path, lines: Lines, error: Any, model: type[BaseModel]) -> str:
    place = tuple(error["loc"])
    where = f"{path}:{line_of(lines, place)}"
    key = place[-1] if place else ""
    if error["type"] == "extra_forbidden":
        near = get_close_matches(str(key), _known_keys(model), n=1)
        return f"{where}: unknown key {key!r}" + (f"; did you mean {near[0]!r}?" if near else "")
    if error["type"] == "missing":
        return f"{where}: {key!r} is missing"
    return f"{where}: {'.'.join(str(part) for part in place)}: {error['msg']}"


def _known_keys(model: type[BaseModel]) -> list[str]:
    keys: set[str] = set()
    pending: list[Any] = [model]
    seen: set[Any] = set()
    while pending:
        item = pending.pop()
        if item in seen:
            continue
        seen.add(item)
        pending.extend(getattr(item, "__args__", ()))
        if isinstance(item, type) and issubclass(item, BaseModel):
            for name, field in item.model_fields.items():
                keys.add(field.alias or name)
                pending.append(field.annotation)
    return sorted(keys)

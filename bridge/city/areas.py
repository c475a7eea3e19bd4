"""Reads areas.geojson: districts and whatever else the city has drawn, each with a name."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from bridge.domain import ConfigError


class Feature(NamedTuple):
    """One drawn area: its number in the file (from 1), its name and its GeoJSON geometry in degrees."""

    number: int
    name: str
    geometry: dict[str, Any]


def read(path: Path) -> list[Feature]:
    """The areas of a GeoJSON file; raise `ConfigError` with every mistake, by feature number."""
    found: list[Feature] = []
    mistakes: list[str] = []
    for number, feature in enumerate(_features(path), start=1):
        try:
            found.append(Feature(number, _name(feature), _geometry(feature)))
        except ValueError as error:
            mistakes.append(f"{path}: feature {number}: {error}")
    if mistakes:
        raise ConfigError("\n".join(mistakes))
    return found


def _features(path: Path) -> list[Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        raise ConfigError(
            f"{path}:{error.lineno}: no JSON from column {error.colno} on ({error.msg}); "
            "draw it anew or take back the last change"
        ) from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 at byte {error.start}; save the file as UTF-8") from None
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list):
        raise ConfigError(f'{path}: no list "features"; save the areas as a GeoJSON FeatureCollection')
    return features


def _name(feature: Any) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    named = properties if isinstance(properties, dict) else {}
    name = named.get("name") or named.get("Name")
    if not isinstance(name, str) or not name.strip():
        raise ValueError('it has no name; write "properties": {"name": "…"}')
    return name


def _geometry(feature: dict[str, Any]) -> dict[str, Any]:
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        raise ValueError("its geometry is no Polygon; draw its outline")
    return geometry

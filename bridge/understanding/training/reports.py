"""A city's export of earlier reports, as examples for its own model."""

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bridge.domain import ConfigError, Kind
from bridge.understanding.training.samples import Sample

_TEXT = ("text", "description", "beschreibung", "meldung", "meldungstext")
_CATEGORY = ("service_code", "category", "kategorie", "service_name", "label")
_CODES = "accepted_service_codes"
_MOST_BAD = 0.05


class Export(NamedTuple):
    """What an export held; `codes` are the service codes each text may stand for."""

    texts: list[str]
    codes: list[tuple[str, ...]]
    skipped: dict[str, int]
    """Labels that stand for no category, with how many rows have them."""


def read(path: Path, known: Mapping[str, str], labels: Path | None = None) -> Export:
    """Read a CSV with a column of texts and one of categories.

    `known` holds the city's categories, service code to name: both are understood as they are. `labels` is a
    CSV `label,accepted_service_codes` (several joined by |) for an export with labels of its own.
    Raises `ConfigError` naming file and column.
    """
    of: dict[str, tuple[str, ...]] = {name.casefold(): (code,) for code, name in known.items()}
    of |= {code: (code,) for code in known}
    if labels:
        of |= _labels(labels, known)
    export = Export([], [], {})
    for text, label in _rows(path):
        codes = of.get(label) or of.get(label.casefold())
        if codes and text:
            export.texts.append(text)
            export.codes.append(codes)
        else:
            export.skipped[label] = export.skipped.get(label, 0) + 1
    if not export.texts:
        raise ConfigError(
            f"{path}: no row has a category of this city; give the meaning of its labels with --labels FILE"
        )
    return export


def samples(export: Export, chosen: Sequence[str]) -> Iterator[Sample]:
    """Each text with the category chosen for it; equal texts are one family."""
    for text, category in zip(export.texts, chosen, strict=True):
        yield Sample(text, Kind.REPORT, category, f"reports/{' '.join(text.casefold().split())[:200]}")


def _labels(path: Path, known: Collection[str]) -> dict[str, tuple[str, ...]]:
    found = {}
    for number, row in enumerate(_table(path), 2):
        codes = tuple(code for code in (row.get(_CODES) or "").split("|") if code)
        strange = [code for code in codes if code not in known]
        if strange or "label" not in row:
            raise ConfigError(f"{path}:{number}: want label,{_CODES} with codes of this city, not {strange}")
        found[row["label"]] = codes
    return found


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    for row in _table(path):
        columns = {name.casefold().strip(): value or "" for name, value in row.items() if name}
        text, category = (next((n for n in names if n in columns), None) for names in (_TEXT, _CATEGORY))
        if text is None or category is None:
            raise ConfigError(
                f"{path}: needs a column {' or '.join(_TEXT)} and a column {' or '.join(_CATEGORY)}; "
                f"it has {', '.join(columns)}"
            )
        yield columns[text].strip(), columns[category].strip()


def _table(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            start = file.readline()
            file.seek(0)
            yield from csv.DictReader(file, delimiter=";" if start.count(";") > start.count(",") else ",")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigError(f"{path}: cannot be read as CSV in UTF-8 ({error})") from None

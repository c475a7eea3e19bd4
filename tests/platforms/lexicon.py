"""Checks JSON against descriptions in the network's own language, lexicons, as far as we need it."""

import json
import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import regex

FORMS = {
    "at-identifier": r"did:[a-z]+:[A-Za-z0-9._:%-]+|([a-z0-9-]+\.)+[a-z][a-z0-9-]*",
    "at-uri": r"at://did:[a-z]+:[A-Za-z0-9._:%-]+(/[a-zA-Z0-9.-]+(/[A-Za-z0-9._:~-]+)?)?",
    "cid": r"[a-z0-9]{8,}",
    "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
    "did": r"did:[a-z]+:[A-Za-z0-9._:%-]+",
    "language": r"[a-z]{2,3}(-[A-Za-z0-9]+)*",
    "nsid": r"[a-z0-9-]+(\.[a-zA-Z0-9-]+){2,}",
    "record-key": r"[A-Za-z0-9._:~-]{1,512}",
    "uri": r"[a-z][a-z0-9+.-]*:\S+",
}


class WrongError(AssertionError):
    """Something is not as described."""


class Lexicons:
    """The descriptions in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read = cache(self._load)

    def check_query(self, method: str, query: dict[str, list[str]]) -> None:
        """Raise `WrongError` where parameters are not those of the method."""
        wanted = self._read(method)["main"].get("parameters", {"properties": {}})
        given: dict[str, Any] = {}
        for name, values in query.items():
            kind = wanted["properties"].get(name, {}).get("type")
            read = [int(v) if kind == "integer" else v for v in values]
            given[name] = read if kind == "array" else read[0]
        self._object(wanted, given, method)

    def check_body(self, method: str, body: Any) -> None:
        """Raise `WrongError` where a body is not as the method wants it, its record included."""
        wanted = self._read(method)["main"].get("input")
        if wanted is None:
            must(not body, f"{method} takes no body")
            return
        self._check(wanted["schema"], body, method)
        if "record" in body:
            self._check(self._read(body["collection"])["main"]["record"], body["record"], body["collection"])

    def _check(self, wanted: dict[str, Any], given: Any, at: str) -> None:
        match wanted["type"]:
            case "ref" | "union":
                name = given["$type"] if wanted["type"] == "union" else wanted["ref"]
                where, _, part = name.partition("#")
                where = where or at.partition("#")[0]
                self._check(self._read(where)[part or "main"], given, where)
            case "object":
                self._object(wanted, given, at)
            case "array":
                must(isinstance(given, list) and len(given) <= wanted.get("maxLength", 10**6), f"{at}: list")
                for one in given:
                    self._check(wanted["items"], one, at)
            case "string":
                check_words(wanted, given, at)
            case "integer":
                must(type(given) is int and given >= wanted.get("minimum", given), f"{at}: number")
                must(given <= wanted.get("maximum", given), f"{at}: number")

    def _object(self, wanted: dict[str, Any], given: Any, at: str) -> None:
        must(isinstance(given, dict), f"{at}: no object")
        known = wanted.get("properties", {})
        must(given.keys() - {"$type"} <= known.keys(), f"{at}: unknown in {sorted(given)}")
        must(set(wanted.get("required", [])) <= given.keys(), f"{at}: missing in {sorted(given)}")
        for name, value in given.items():
            if name in known and not (value is None and name in wanted.get("nullable", [])):
                self._check(known[name], value, at)

    def _load(self, name: str) -> dict[str, Any]:
        file = self._folder / (name.replace(".", "/") + ".json")
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["defs"]
        return found


def check_words(wanted: dict[str, Any], given: Any, at: str) -> None:
    """Raise `WrongError` where words are too many or of another form."""
    must(isinstance(given, str), f"{at}: no words")
    must(len(given.encode()) <= wanted.get("maxLength", 10**9), f"{at}: too many bytes")
    must(len(regex.findall(r"\X", given)) <= wanted.get("maxGraphemes", 10**9), f"{at}: too many graphemes")
    must(re.fullmatch(FORMS.get(wanted.get("format", ""), r"(?s:.*)"), given), f"{at}: {given!r}")
    if wanted.get("format") == "datetime":
        datetime.fromisoformat(given)


def must(holds: object, why: str) -> None:
    """Raise `WrongError` where something does not hold."""
    if not holds:
        raise WrongError(why)

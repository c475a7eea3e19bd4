"""Licence plates, with the German districts checked wherever the writing leaves room for doubt."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from bridge.city import Entry, yaml

Spans = list[tuple[str, int, int]]
_FILE = Path(__file__).with_name("lexicon") / "plates.yaml"
_NUMBER = r"[1-9]\d{0,3}(?: ?[EHeh])?(?: ?\(?(?:0[1-9]|1[0-2])[-–/](?:0[1-9]|1[0-2])\)?)?(?![\w-]|[.:]\d)"
_CLEAR = re.compile(rf"(?<![\w-])([A-ZÄÖÜ]{{1,3}}) ?[-–·:•] ?([A-Z]{{1,2}})[ -]{{0,2}}({_NUMBER})")
"""Capital letters with the dash in its place: a plate, even if its district is new or foreign."""
_SMALL = re.compile(rf"(?<![\w-])([a-zäöü]{{1,3}})-([a-z]{{1,2}})[ -]?({_NUMBER})")
_SPACED = re.compile(rf"(?<![\w-])([A-ZÄÖÜ]{{1,3}}) ([A-Z]{{1,2}})[ -]?({_NUMBER})")
_LOOSE = re.compile(
    rf"(?<!\w)([a-zäöü]{{1,3}})[ :-]{{0,3}}([a-z]{{1,2}})[ -]{{0,3}}({_NUMBER})", re.IGNORECASE
)
"""Written anyhow: only where somebody says that it is a plate."""
_REACH = 25
_FEWEST, _LONGEST = 4, 8
_DIGIT = re.compile(r"[1-9]")
_SEASON = re.compile(r"[ (]*(?:0[1-9]|1[0-2])[-–/].*")


class _PlatesFile(Entry):
    districts: frozenset[str]
    never: frozenset[str]
    context: tuple[str, ...]
    notes: frozenset[str]


def plates(text: str) -> Spans:
    """Every licence plate as `XX-YY 123` with its start and end in the text, in their order."""
    found: Spans = []
    for match in _candidates(text) if _DIGIT.search(text) else ():
        town, letters, number = match[1].upper(), match[2].upper(), match[3].upper()
        number = _SEASON.sub("", number).replace(" ", "")
        free = not any(start < match.end() and match.start() < end for _, start, end in found)
        if free and letters not in _known().never and len(town + letters + number.rstrip("EH")) <= _LONGEST:
            found.append((f"{town}-{letters} {number}", match.start(), match.end()))
    return sorted(found, key=lambda plate: plate[1])


def _candidates(text: str) -> Iterator[re.Match[str]]:
    yield from (m for m in _CLEAR.finditer(text) if m[1] not in _known().notes or _is_named(text, m))
    yield from _SMALL.finditer(text)
    yield from (m for m in _SPACED.finditer(text) if _is_likely(m) or _is_named(text, m))
    yield from (m for m in _LOOSE.finditer(text) if m[1].upper() in _known().districts and _is_named(text, m))


def _is_likely(match: re.Match[str]) -> bool:
    """Whether a plate with blanks only is one: its district exists, and it is no mere "S A 8"."""
    known = _known()
    return match[1] in known.districts - known.notes and len("".join(match.groups())) > _FEWEST


def _is_named(text: str, match: re.Match[str]) -> bool:
    """Whether a word such as Kennzeichen stands shortly before."""
    before = text[max(match.start() - _REACH, 0) : match.start()].lower()
    return any(word in before for word in _known().context)


@lru_cache(maxsize=1)
def _known() -> _PlatesFile:
    return yaml.load(_FILE, _PlatesFile)

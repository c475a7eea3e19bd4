"""House numbers as people write them behind a street: 12, 12 a, 12-14, Nr. 7, Höhe 40."""

import re

from bridge.places.reading import Reading

_TO_NUMBER = {
    *("nr", "no", "nummer", "haus", "hausnr", "hausnummer", "hoehe", "gegenueber", "vor", "bei", "neben"),
    *("auf", "in", "von", "der", "dem", "des", "hinter", "ca", "etwa"),
}
_UNITS = {
    *("uhr", "h", "m", "km", "cm", "meter", "metern", "euro", "mal", "x", "prozent", "autos", "pkw", "lkw"),
    *("zimmer", "fahrzeuge", "roller", "leute", "personen", "kinder", "jahre", "jahren", "monate", "monaten"),
    *("wochen", "woche", "tage", "tagen", "tag", "stunden", "minuten", "min", "lampen", "laternen"),
    *("baeume", "saecke", "reifen", "raeder", "fahrraeder", "stueck", "liter", "grad", "mai", "juni", "juli"),
}
_MEASURE = re.compile(r"\s?[%€]|[:.,]\d")
"""What makes a number a share, a price or a time."""


def number_after(reading: Reading, last: int) -> tuple[str | None, int]:
    """The house number that follows word `last`, as written, and the index of its last word."""
    following = reading.words[last + 1 : last + 6]
    skipped = 0
    while skipped < len(following) and following[skipped].fold in _TO_NUMBER:
        skipped += 1
    first = last + 1 + skipped
    if first >= len(reading.words) or not _is_number(reading.words[first].raw):
        return None, last
    if any(not _quiet(reading, i, i + 1) for i in range(last, first)):
        return None, last
    end = _number_end(reading, first)
    after = reading.words[end + 1].fold if end + 1 < len(reading.words) else ""
    if after in _UNITS or _MEASURE.match(reading.text, reading.words[end].end):
        return None, last
    return reading.text[reading.words[first].start : reading.words[end].end], end


def _number_end(reading: Reading, first: int) -> int:
    """Take a letter ("12 a") or the other end of a range ("12-14") along."""
    end = first
    for step in (1, 2, 3):
        if first + step >= len(reading.words):
            break
        gap, word = reading.gap(end, first + step), reading.words[first + step]
        letter = gap in {"", " "} and len(word.raw) == 1 and word.fold in "abcdefgh"
        if not letter and not (gap.strip() in {"-", "–", "/"} and _is_number(word.raw)):
            break
        end = first + step
    return end


def _is_number(raw: str) -> bool:
    digits = raw.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return len(raw) - len(digits) <= 1 and 1 <= len(digits) <= 4 and digits.isascii() and digits.isdecimal()


def _quiet(reading: Reading, left: int, right: int) -> bool:
    gap = reading.gap(left, right)
    abbreviation = reading.words[left].raw.casefold().endswith(("str", "nr", "no", "ca"))
    return len(gap) <= 3 and not set(gap) - set(" ,.(-\t") and ("." not in gap or abbreviation)

"""Licence plates, phone numbers and mail addresses: what must never be repeated in public."""

import re

_PLATE = re.compile(
    r"(?<![\w-])(?:"
    r"(?P<a>[A-ZÄÖÜ]{1,3})[-–][ ]?(?P<b>[A-Z]{1,2})[- ]?(?P<c>\d{1,4} ?[EH]?)"
    r"|(?P<d>[A-ZÄÖÜ]{1,3}) (?P<e>[A-Z]{1,2})[- ]?(?P<f>\d{1,4}[EH]?)"
    r"|(?P<g>[a-zäöü]{1,3})-(?P<h>[a-z]{1,2})[- ]?(?P<i>\d{1,4}[eh]?)"
    r")(?![\w-])"
)
_PHONE = re.compile(r"(?<![\w/.-])(?:\+\d{2}|0)[ ]?[1-9](?:[ /()-]{0,2}\d){6,13}(?![\w.-])")
_MAIL = re.compile(r"(?<![\w.+@-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})*\.[a-z]{2,20}", re.IGNORECASE)
_LONGEST_PLATE = 8

Spans = list[tuple[str, int, int]]


def plates(text: str) -> Spans:
    """Every licence plate as `XX-YY 123` with its start and end in the text."""
    found = []
    for match in _PLATE.finditer(text):
        town, letters, number = (group.upper().replace(" ", "") for group in match.groups() if group)
        if len(town + letters + number) <= _LONGEST_PLATE:
            found.append((f"{town}-{letters} {number}", match.start(), match.end()))
    return found


def contacts(text: str) -> Spans:
    """Every phone number and mail address with its start and end in the text; @handles are none."""
    return [(m.group(), m.start(), m.end()) for kind in (_PHONE, _MAIL) for m in kind.finditer(text)]

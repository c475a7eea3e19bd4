"""What must never be repeated in public: plates, telephone numbers, addresses, accounts, names."""

import re
from collections.abc import Iterable, Iterator

from bridge.understanding.names import names
from bridge.understanding.plates import Spans, plates

__all__ = ["Spans", "contacts", "plates", "redact"]

_PHONE = re.compile(r"(?<![\w/.-])(?:\+\d{2}|0)[ ]?[1-9](?:[ /()-]{0,2}\d){6,13}(?![\w.-])")
_MAIL = re.compile(r"(?<![\w.+@-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})*\.[a-z]{2,20}", re.IGNORECASE)
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?(?!\w)", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w@])@\w[\w.-]{0,100}(?:@[\w.-]{1,100})?")


def contacts(text: str) -> Spans:
    """Every phone number, mail address and IBAN with its start and end in the text; @handles are none."""
    return [(m.group(), m.start(), m.end()) for kind in (_PHONE, _MAIL, _IBAN) for m in kind.finditer(text)]


def redact(text: str, persons: Iterable[tuple[int, int]] = ()) -> str:
    """`text` with a word in brackets for all that is personal; `persons` are names known from elsewhere."""
    written, last = "", 0
    for start, end, instead in sorted({*_private(text), *((*span, "Name") for span in persons)}):
        if start >= last:
            written += f"{text[last:start]}[{instead}]"
            last = end
    return written + text[last:]


def _private(text: str) -> Iterator[tuple[int, int, str]]:
    yield from ((start, end, "Kennzeichen") for _, start, end in plates(text))
    yield from ((start, end, "Name") for start, end in names(text))
    for pattern, instead in ((_MAIL, "E-Mail"), (_IBAN, "Konto"), (_PHONE, "Telefon"), (_HANDLE, "Konto")):
        yield from ((m.start(), m.end(), instead) for m in pattern.finditer(text))

"""Finds what is new in a mail's text: above our marker line, without quotes, greetings and signatures."""

import re

from mailparser_reply import EmailReplyParser

from bridge import marker

MOST_SIGNS = 10_000
"""Far more than anybody answers; keeps the patterns quick on whatever comes."""
LONGEST_LINE = 1000
MOST_LINES = 1000

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SPACES = re.compile(r"[\t\xa0\u2000-\u200a\u202f\u3000]")
_GAP = re.compile(r"\n{3,}")
_QUOTED = re.compile(r"^ ?>.*\n?", re.MULTILINE)
_GROUPWISE = re.compile(r"^>>> .* >>>.*", re.MULTILINE | re.DOTALL)

_HEAD = "Von|From|Gesendet|Sent|An|To|Cc|Kopie|Datum|Date|Betreff|Subject"
_GREETING = (
    r"(?:mit\s+)?(?:freundlich|best|viel|lieb|schön|herzlich)\w*\s+gr(?:ü|ue)(?:ß|ss)\w*"
    r"|mfg|m\.f\.g|vg|lg|gr(?:ü|ue)(?:ß|ss)e|gru(?:ß|ss)|i\. ?a\.|i\. ?v\."
    r"|(?:best|kind|warm)\s+regards|regards|cheers"
)
_ENDS = re.compile(
    "|".join(
        (
            r"^-{2,} ?(?:Urspr(?:ü|ue)ngliche|Original|Weitergeleitete|Forwarded)[ -]?(?:Nachricht|message)",
            r"^Anfang der weitergeleiteten Nachricht:",
            r"^_{10,} *$",
            r"^-{10,} *$",
            r"^-- ?$",
            rf"^[* ]*(?:{_HEAD})[* ]*:.*\n(?:[^\n]*\n)?[* ]*(?:{_HEAD})[* ]*:",
            r"^(?=[^\n]*\d)Am [^\n]*(?:\n[^\n]+){0,2}?\bschrieb\b[^\n]*(?:\n[^\n]+)?:[ ]*$",
            r"^(?=[^\n]*\d)On [^\n]*(?:\n[^\n]+){0,2}?\bwrote:[ ]*$",
            r"^[^\n]*@[^\n]*\bschrieb am\b[^\n]*(?:\n[^\n]+)?:[ ]*$",
            r"^(?:Diese Nachricht wurde )?von meine[mr] [^\n]{1,60} (?:aus )?gesendet",
            r"^Gesendet (?:von|mit|aus) [^\n]{1,60}$",
            r"^Sent (?:from|with|via) [^\n]{1,60}$",
            r"^(?:Holen Sie sich|Get) Outlook f",
            rf"(?:^|(?<=[.!?] ))(?:{_GREETING})(?!\w)[^\n]{{0,60}}$",
        )
    ),
    re.MULTILINE | re.IGNORECASE,
)
_parser = EmailReplyParser(languages=["de", "en"])


def newest(text: str) -> str:
    """The new words of a mail's text; empty where nothing new stands above what was quoted."""
    tidied = _tidied(text)
    above = marker.above(tidied)
    kept = _GROUPWISE.sub("", tidied if above is None else above)
    kept = _cut(_QUOTED.sub("", kept))
    return _cut(_parser.parse_reply(kept) or "").strip()


def _tidied(text: str) -> str:
    plain = _UNSEEN.sub("", _SPACES.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))[:MOST_SIGNS])
    lines = (line[:LONGEST_LINE].rstrip() for line in plain.split("\n")[:MOST_LINES])
    return _GAP.sub("\n\n", "\n".join(lines)).strip("\n")


def _cut(text: str) -> str:
    found = _ENDS.search(text)
    return text[: found.start()].rstrip() if found else text

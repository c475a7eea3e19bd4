"""The few words at the beginning of an answer that change a ticket; everything else waits for a person."""

import re
from typing import NamedTuple

from rapidfuzz.distance import OSA

from bridge.answers import ANSWERS

PHRASES = {
    "accept": ("angenommen", "ist angenommen", "wir kuemmern uns", "accepted"),
    "in_progress": ("in arbeit", "ist in arbeit", "in bearbeitung", "ist in bearbeitung", "in progress"),
    "scheduled": ("eingeplant", "ist eingeplant", "scheduled"),
    "done": (
        *("erledigt", "ist erledigt", "wurde erledigt", "bereits erledigt", "schon erledigt"),
        *("ist bereits erledigt", "ist schon erledigt", "wurde bereits erledigt", "done", "is done"),
    ),
    "not_ours": (
        "nicht zustaendig",
        "wir sind nicht zustaendig",
        "sind nicht zustaendig",
        "nicht unsere sache",
    ),
    "ask": ("rueckfrage", "eine rueckfrage"),
}
"""By the names of the answers, in small letters and with ae, oe, ue and ss."""
OTHER_WORDS = frozenset({"abgenommen", "verplant", "eingeplagt"})
"""One letter away, and yet another word."""
SLIP_FROM = 8
"""From so many letters on one of them may be wrong."""

_GREETED = re.compile(
    r"(?:hallo|hi|hey|moin(?: moin)?|servus|guten (?:tag|morgen|abend)|grüß gott|sehr geehrte\w*|liebe\w*"
    r"|werte\w*|dear|hello)\b[^,!:\n]{0,80}[,!:\n]+\s*"
    r"|guten (?:tag|morgen|abend)\.\s+"
    r"|(?:vielen|besten|herzlichen) dank\b[^,!.:\n]{0,80}[,!.:\n]+\s*"
    r"|danke\b[^,!.:\n]{0,80}[,!.:\n]+\s*"
    r"|(?:status|stand):\s*"
    r"|(?:das(?: anliegen| thema)?|dies|es|der fall|die (?:meldung|sache))\s+(?=ist|wurde)",
    re.IGNORECASE,
)
_HEAD = re.compile(r"[\"„*]?(?P<phrase>[^\W\d_]+(?: [^\W\d_]+){0,3})[\"“*]? ?(?P<end>[.!:,;–—\n]|-(?=\s)|$)")
_PLANNED = re.compile(r"(?:ist )?eingeplant (?=(?:für|am|ab|bis|im|in|zum)\b)", re.IGNORECASE)
_THANKED = re.compile(r"(?:vielen|besten|herzlichen)? ?dank(?:e|eschön)?\b[^.\n]{0,60}[.!]?", re.IGNORECASE)
_BUT = re.compile(
    r"\b(?:aber|jedoch|nicht|nie|kein\w*|noch|nur|teil\w*|erst|doch|außer|leider|falls|wenn|sobald|oder|bis|wird"
    r"|werden|morgen|nächste\w*|statt|but|not|except|only|until)\b|\?",
    re.IGNORECASE,
)
_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


class Said(NamedTuple):
    """An answer of ANSWERS, and the words that come with it."""

    answer: str
    words: str


def said(words: str) -> Said | None:
    """What the new words of a mail answer; None where a person must read them."""
    text = _ungreeted(words)
    planned = _PLANNED.match(text)
    if planned:
        return Said("scheduled", text[planned.end() :].strip())
    head = _HEAD.match(text)
    answer = _meant(head["phrase"]) if head else None
    if head is None or answer not in ANSWERS:
        return None
    rest = text[head.end() :].strip()
    if _THANKED.fullmatch(rest):
        rest = ""
    return _whole(Said(answer, rest), head["end"])


def _whole(found: Said, end: str) -> Said | None:
    """None where the rest is missing, or takes back what the first words said."""
    if ANSWERS[found.answer].must_say:
        reasonless = found.answer == "not_ours"
        return found if found.words or reasonless else None
    return None if end == "," or _BUT.search(found.words) else found


def _ungreeted(words: str) -> str:
    text = words.strip()
    for _ in range(4):
        greeted = _GREETED.match(text)
        if not greeted:
            break
        text = text[greeted.end() :]
    return text


def _meant(phrase: str) -> str | None:
    spelt = phrase.casefold().translate(_SPELT)
    return next((name for name, known in PHRASES.items() if any(_is(spelt, each) for each in known)), None)


def _is(spelt: str, known: str) -> bool:
    slip = len(known) >= SLIP_FROM and spelt not in OTHER_WORDS
    return spelt == known or (slip and OSA.distance(spelt, known, score_cutoff=1) <= 1)

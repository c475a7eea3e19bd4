"""What an office needs beside the place: the number of a lamp, the direction, since when."""

import re
from typing import Literal, NamedTuple

_LAMP = re.compile(
    r"""(?<!\w)
    (?: \w{0,20}(?:lampe|laterne|leuchte|mast|lichtpunkt)n?
      | (?:lampen|laternen|leuchten|mast)-?(?=nr|nummer) )
    [ -]? (?:nr\.?|nummer|no\.?|\#|mit\ der\ (?:nr\.?|nummer))? [ :]{0,2}
    (?P<number>[a-z]?\d{1,5}(?:[/-]\d{1,3})?[a-z]?)
    (?!\w|[.,]\d|\ ?(?:uhr|m\b|meter|stück|tage|wochen|monate|jahre))""",
    re.IGNORECASE | re.VERBOSE,
)
_DIRECTION = re.compile(
    r"""(?<!\w)(?: (?:stadt|land)(?:ein|aus)(?:wärts|waerts) | beidseitig | in\ beiden?\ richtungen
      | (?:fahrt)?richtung\ [\w-]{3,30} (?-i:\ [A-ZÄÖÜ][\w-]{2,30})? )""",
    re.IGNORECASE | re.VERBOSE,
)
_NUMBERS = "ein|eine[mnr]|einigen|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|zwölf|anderthalb|eineinhalb"
_ABOUT = (
    "mehreren|vielen|wenigen|paar|halben|mindestens|ungefähr|etwa|ca\\.?|über|fast|gut|nun|bereits|schon|rund"
)
_WHICH = "bald|dem|der|den|letzte[mnr]|vergangene[mnr]|diese[mnr]|anfang|mitte|ende"
_SPANS = "minuten?|stunden?|tag|tagen|wochen?|monat|monaten|jahr|jahren|wochenende|ewigkeit(?:en)?"
_DAYS = "(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|silvester|ostern|weihnachten|sturm|unfall"
_MONTHS = "januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember"
_SEASONS = "frühjahr|frühling|sommer|herbst|winter|längerem|langem|kurzem|neuestem"
_PART = "abend|früh|morgen|mittag|nachmittag|nacht"
_SINCE = re.compile(
    rf"""(?<!\w)(?:seit|since|for)\ (?:
        (?:(?:\d{{1,3}}|{_NUMBERS}|{_ABOUT}|{_WHICH})\ ){{0,4}}
          (?:{_SPANS}|{_DAYS}|{_MONTHS}|{_SEASONS})(?:{_PART})?
      | (?:(?:vor)?gestern|heute)(?:\ (?:{_PART}))?
      | (?:dem\ )?\d{{1,2}}\.\ ?\d{{1,2}}\.(?:\d{{2,4}})?
      | (?:19|20)\d{{2}} | yesterday | today | \w{{1,20}}\ (?:hours|days|weeks|months|years) )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)


class Detail(NamedTuple):
    """One detail: what it is, the words that say it (for a lamp its number), and where they stand."""

    kind: Literal["lamp", "direction", "since"]
    words: str
    start: int
    end: int


def details(text: str) -> list[Detail]:
    """Every detail in the order of the text."""
    found = [Detail("lamp", m["number"], m.start("number"), m.end("number")) for m in _LAMP.finditer(text)]
    found += [Detail("direction", m.group(), m.start(), m.end()) for m in _DIRECTION.finditer(text)]
    found += [Detail("since", m.group(), m.start(), m.end()) for m in _SINCE.finditer(text)]
    return sorted(found, key=lambda detail: detail.start)

"""What comes back by mail: read into a letter, judged by what the case book knows."""

from bridge.letters.parse import MOST_BYTES, parse
from bridge.letters.values import Letter, Returned
from bridge.letters.verdict import Judgement, Known, Named, Ours, judge, named
from bridge.letters.vocabulary import said

__all__ = [
    "MOST_BYTES",
    "Judgement",
    "Known",
    "Letter",
    "Named",
    "Ours",
    "Returned",
    "judge",
    "named",
    "parse",
    "said",
]

"""German or English, by the small words only one of them has."""

from collections.abc import Iterable

_GERMAN = {
    *(
        "der",
        "die",
        "das",
        "und",
        "ist",
        "nicht",
        "ein",
        "eine",
        "einen",
        "ich",
        "sie",
        "wir",
        "es",
        "im",
        "am",
    ),
    *(
        "auf",
        "mit",
        "für",
        "von",
        "zu",
        "zum",
        "zur",
        "den",
        "dem",
        "des",
        "seit",
        "bitte",
        "hier",
        "da",
        "auch",
    ),
    *(
        "noch",
        "wird",
        "wurde",
        "sind",
        "hat",
        "haben",
        "wann",
        "wie",
        "warum",
        "an",
        "bei",
        "schon",
        "wieder",
    ),
    *("liegt", "steht", "kaputt", "aus", "vor"),
}
_ENGLISH = {
    *(
        "the",
        "and",
        "is",
        "not",
        "a",
        "an",
        "i",
        "you",
        "we",
        "it",
        "of",
        "to",
        "with",
        "for",
        "from",
        "on",
        "at",
    ),
    *("this", "that", "there", "are", "has", "have", "been", "please", "when", "how", "why", "since", "here"),
    *("also", "still", "again", "were", "broken", "near", "by", "my", "your", "our"),
}


def of(words: Iterable[str]) -> str:
    """The language ("de" or "en") of small-letter words; German where nothing speaks."""
    said = list(words)
    german = sum(word in _GERMAN for word in said)
    english = sum(word in _ENGLISH for word in said)
    return "en" if english > german else "de"

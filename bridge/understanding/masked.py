"""Words that somebody half hid, made whole again: "I.d.i.o.t.e.n", "A***loch", "1d10t", "Idioooten"."""

import re
from collections.abc import Sequence
from functools import lru_cache

from bridge.places.normal import fold
from bridge.understanding.hashed import Word

_SPELT = re.compile(r"(?<!\w)[^\W\d_]([.*_-])[^\W\d_](?:\1[^\W\d_]){2,19}(?!\w)")
"""Four letters and more with the same sign between them; fewer may be an abbreviation."""
_STARRED = re.compile(r"(?<![\w*#])[^\W\d_]{1,8}[*#]{1,6}[^\W\d_]{1,8}(?![\w*#])")
_STARS = re.compile(r"(?:\\[*#])+")
_DIGITS = str.maketrans("01345", "oieas")
_REPEATED = re.compile(r"(.)\1{2,}")


def plain(form: str) -> str:
    """A folded word with letters for the digits in it and with no letter thrice in a row."""
    if not form.isalpha() and not form.isdecimal():
        form = form.translate(_DIGITS)
    return _REPEATED.sub(r"\1", form)


def whole(text: str, words: Sequence[Word], known: tuple[str, ...]) -> list[Word]:
    """`words` of `text`, spelt and starred ones put together; stars stand for letters of `known` words."""
    hidden = [(m.start(), m.end(), fold(m.group().replace(m[1], ""))) for m in _SPELT.finditer(text)]
    hidden += [(m.start(), m.end(), _guess(m.group(), known)) for m in _STARRED.finditer(text)]
    found = list(words)
    for start, end, form in sorted(hidden, reverse=True):
        inside = [i for i, word in enumerate(found) if start <= word.start and word.end <= end]
        if form and inside:
            found[inside[0] : inside[-1] + 1] = [Word(form, start, end)]
    return found


@lru_cache(maxsize=10_000)
def _guess(written: str, known: tuple[str, ...]) -> str:
    """The first known word that fits the letters shown, or an empty one."""
    pattern = re.compile(
        _STARS.sub(lambda stars: f".{{1,{len(stars.group()) // 2 + 1}}}", re.escape(fold(written)))
    )
    return next((word for word in known if pattern.fullmatch(word)), "")

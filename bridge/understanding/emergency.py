"""Danger to life: which hits of the emergency rules are meant and not denied."""

from spacy.tokens import Doc

from bridge.places.normal import fold
from bridge.understanding.clues import Hit

_DENIED_WORDS = {"niemand", "niemanden", "nicht", "ohne", "nie", "niemals", "no", "not", "nobody", "without"}


def of(doc: Doc) -> list[Hit]:
    """The hits that make this text an emergency."""
    return [hit for hit in doc._.hits if hit.clue.about == "emergency" and not _denied(doc, hit.token)]


def _denied(doc: Doc, i: int) -> bool:
    """Denied up to three words before ("kein großes Feuer") or directly after ("brennt nicht")."""
    before = [fold(token.text) for token in doc[max(i - 3, 0) : i]]
    for stop in (".", "!", "?", ","):
        if stop in before:
            before = before[len(before) - before[::-1].index(stop) :]
    after = fold(doc[i + 1].text) if i + 1 < len(doc) else ""
    return any(word.startswith("kein") or word in _DENIED_WORDS for word in (*before, after))

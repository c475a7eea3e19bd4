"""The spaCy component that finds the lexicon's clues in a text, wherever no place is named."""

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from spacy.language import Language
from spacy.tokens import Doc

from bridge.places.normal import fold
from bridge.understanding.clues import Clue, Hit, Parts, lexicon

NAME = "stadtbruecke_clues"
_NEAR = 8
_STREET = ("strasse", "allee", "gasse")
_STREET_WORDS = {"strasse", "weg", "platz", "allee", "ring", "gasse"}
_Positions = dict[str, list[int]]

Doc.set_extension("places", default=(), force=True)
"""Spans (start, end in characters) that are names of places and so speak for nothing else."""
Doc.set_extension("hits", default=(), force=True)


@Language.factory(NAME)
def create(nlp: Language, name: str) -> "Matcher":  # noqa: ARG001 - spaCy's form
    """Make the component."""
    return Matcher()


class Matcher:
    """Writes every hit into `doc._.hits`, in the order of the lexicon."""

    def __init__(self) -> None:
        clues = lexicon()
        parts = Parts.of(clues)
        self._by_part: dict[str, list[Clue]] = defaultdict(list)
        for clue in clues:
            self._by_part[clue.parts[0]].append(clue)
        self._inside = lru_cache(maxsize=50_000)(parts.inside)

    def __call__(self, doc: Doc) -> Doc:
        """Find the hits of one text."""
        positions = self._positions(doc)
        found = (
            hit
            for part in positions
            for clue in self._by_part.get(part, ())
            for hit in _hit(doc, clue, positions)
        )
        doc._.hits = tuple(found)
        return doc

    def _positions(self, doc: Doc) -> _Positions:
        positions: _Positions = defaultdict(list)
        folds = [fold(token.text) for token in doc]
        taken = _in_places(doc)
        for i, word in enumerate(folds):
            if taken[i] or _begins_street_name(folds, i):
                continue
            for part in self._inside(word, word.endswith(_STREET)):
                positions[part].append(i)
        return positions


def _in_places(doc: Doc) -> list[bool]:
    taken = [False] * len(doc)
    for start, end in doc._.places:
        span = doc.char_span(start, end, alignment_mode="expand")
        for token in span or ():
            taken[token.i] = token.idx >= start and token.idx + len(token) <= end
    return taken


def _begins_street_name(folds: list[str], i: int) -> bool:
    return folds[i].endswith("er") and i + 1 < len(folds) and folds[i + 1] in _STREET_WORDS


def _hit(doc: Doc, clue: Clue, positions: _Positions) -> Iterator[Hit]:
    """The first place where the clue holds."""
    for i in positions[clue.parts[0]]:
        if all(_near(positions, part, i) for part in clue.parts[1:]) and not _forbidden(clue, positions, i):
            token = doc[i]
            yield Hit(clue, token.text, token.idx, token.idx + len(token), i)
            return


def _forbidden(clue: Clue, positions: _Positions, i: int) -> bool:
    return any(all(_near(positions, part, i) for part in group) for group in clue.never)


def _near(positions: _Positions, part: str, i: int) -> bool:
    return any(abs(j - i) <= _NEAR for j in positions.get(part, ()))

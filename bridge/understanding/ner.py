"""Finds names in a text: streets, stops, towns, dates and the other kinds of MobIE, by a shipped network."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import filter_spans
from threadpoolctl import threadpool_limits

from bridge.understanding.network import Network
from bridge.understanding.pieces import Token, tokens

WEIGHTS = Path(__file__).parent / "weights" / "ner" / "network.npz"
_COMPONENT = "stadtbruecke_names"
_MOST_TOKENS = 8_000
"""Tokens worked on at once: bounds the memory."""
_LONGEST = 10_000

Doc.set_extension("names", default=(), force=True)
"""The names of a text, to the character."""


class Name(NamedTuple):
    """Where a name stands: `start` and `end` count characters, `label` is one of MobIE's."""

    start: int
    end: int
    label: str


@cache
def network() -> Network:
    """The shipped network, loaded once a process."""
    # A message is too small to share: threads waiting for each other cost seven times the work itself.
    threadpool_limits(1)
    return Network.load(WEIGHTS)


def names(texts: Iterable[str], network: Network) -> Iterator[list[Name]]:
    """The names of each text, of at most its first 10,000 characters, in their order."""
    for batch in _batches(tokens(text[:_LONGEST]) for text in texts):
        for text, tags in zip(batch, network.tag(batch), strict=True):
            yield list(spans(text, [network.tags[tag] for tag in tags]))


def _batches(texts: Iterable[list[Token]]) -> Iterator[list[list[Token]]]:
    batch: list[list[Token]] = []
    size = 0
    for text in texts:
        if batch and size + len(text) > _MOST_TOKENS:
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch


def spans(text: Sequence[Token], tags: Sequence[str]) -> Iterator[Name]:
    """The names that tokens with tags `O`, `B-label` and `I-label` spell."""
    start = end = -1
    label = ""
    for token, tag in zip(text, tags, strict=True):
        if label and not tag.startswith("I-"):
            yield Name(start, end, label)
            label = ""
        if tag.startswith("B-"):
            start, label = token.start, tag[2:]
        end = token.end
    if label:
        yield Name(start, end, label)


@Language.factory(_COMPONENT)
def _create(nlp: Language, name: str) -> "Entities":  # noqa: ARG001 - spaCy's form
    return Entities(network())


def add(nlp: Language) -> None:
    """Let a pipeline find names: a component "ner" with the shipped weights."""
    nlp.add_pipe(_COMPONENT, name="ner")


class Entities:
    """The pipeline component: `doc._.names` has each name to the character, `doc.ents` to whole tokens."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def __call__(self, doc: Doc) -> Doc:
        """Name the names of one text."""
        return next(self.pipe([doc]))

    def pipe(self, docs: Iterable[Doc], batch_size: int = 128) -> Iterator[Doc]:
        """Name the names of many texts at once, which is faster than one by one."""
        docs = iter(docs)
        while batch := list(islice(docs, batch_size)):
            found = names([doc.text for doc in batch], self._network)
            yield from map(_told, batch, found)


def _told(doc: Doc, found: list[Name]) -> Doc:
    doc._.names = tuple(found)
    whole = (doc.char_span(n.start, n.end, n.label, alignment_mode="expand") for n in found)
    doc.set_ents(filter_spans(span for span in whole if span))
    return doc

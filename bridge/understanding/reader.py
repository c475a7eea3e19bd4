"""Reads messages: a spaCy pipeline finds the clues, the rest weighs them into one understanding."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path

import spacy
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bridge.city import City
from bridge.domain import ConfigError, Flag, Kind, Point, Understanding
from bridge.places.gazetteer import Gazetteer
from bridge.places.normal import key
from bridge.places.reading import Candidate
from bridge.understanding import (
    alarm,
    evidence,
    hashed,
    kinds,
    language,
    matcher,
    ner,
    offence,
    personal,
    place,
    store,
)
from bridge.understanding.clues import Hit
from bridge.understanding.dangers import Rules
from bridge.understanding.model import load
from bridge.understanding.thinking import Thought
from bridge.understanding.towns import OtherTowns

_LONGEST = 10_000
"""Characters read of one message: more than any platform takes, and a bound for the time."""
_SYMBOLS = re.compile(r"[^\w\s]{30,}")
"""So many signs in a row say nothing, but cost the tokenizer time by their square."""
_MOST_CANDIDATES = 8
_DANGER_SURE = 0.95
_ABOUT_NOTHING = {Kind.ABUSE, Kind.IRRELEVANT}
_ABOUT_SOMETHING = {Kind.QUESTION, Kind.FEEDBACK}
_CLEAR = 0.5
"""Questions and praise are about a category only where it is so likely."""
_MOST_CATEGORIES = 5

_PLACES = {"location", "location-street", "location-stop"}
"""What the network calls a place; towns are known by their own list."""
_SURE = 0.6
_BATCH = 128

Message = tuple[str, Point | None]
_Told = tuple[str, list[Candidate], Point | None]
"""A text as it is read, the places in it, and where the author says to be."""


class Reader:
    """Understands the messages of one city; make it once, use it often."""

    def __init__(self, city: City, gazetteer: Gazetteer, model: Path | None = None) -> None:
        """Read with `model`, the file of one, or with the one in force."""
        self._city, self._gazetteer = city, gazetteer
        self._ignore = frozenset({key(city.name)})
        # With spaCy's own vocabulary every new word is asked for its shape and much more that nobody needs.
        self._nlp = spacy.blank("de", vocab=Vocab())
        self._nlp.add_pipe(matcher.NAME)
        self._rules = Rules(city.path("emergencies.yaml"))
        self._towns = OtherTowns(city.name)
        self._model = load(model or store.current())
        if not set(city.categories) & set(self._model.heads["category"].labels):
            raise ConfigError(
                f"{city.folder}: the model knows none of its categories; teach them: bridge nlp adapt"
            )

    def understand(self, text: str, point: Point | None = None) -> Understanding:
        """What one text means; `point` is where the author says to be. Never raises on any text."""
        return next(self.pipe([(text, point)]))

    def pipe(self, messages: Iterable[Message]) -> Iterator[Understanding]:
        """What many texts mean, in their order."""
        for doc, told in self._nlp.pipe(self._prepared(messages), as_tuples=True):
            yield self._weigh(doc, *told)

    def _prepared(self, messages: Iterable[Message]) -> Iterator[tuple[Doc, _Told]]:
        messages = iter(messages)
        while batch := list(islice(messages, _BATCH)):
            texts = [_SYMBOLS.sub(_spaces, text[:_LONGEST]) for text, _ in batch]
            for text, found, (_, point) in zip(texts, self._places(texts), batch, strict=True):
                doc = self._nlp.make_doc(text)
                doc._.places = tuple((candidate.start, candidate.end) for candidate in found)
                yield doc, (text, found, point)

    def _places(self, texts: Sequence[str]) -> list[list[Candidate]]:
        """The places of each text; where none is sure, the network of names says where to look again."""
        found: list[list[Candidate]] = []
        unsure = []
        for i, text in enumerate(texts):
            found.append(self._gazetteer.candidates(text, self._ignore))
            if not _sure(found[i]) and self._gazetteer.heeds(text, self._ignore):
                unsure.append(i)
        for i, names in zip(unsure, ner.names([texts[i] for i in unsure], ner.network()), strict=True):
            spans = [(name.start, name.end) for name in names if name.label in _PLACES]
            if spans:
                found[i] = self._gazetteer.candidates(texts[i], self._ignore, spans)
        return found

    def _weigh(self, doc: Doc, text: str, found: list[Candidate], point: Point | None) -> Understanding:
        hits: tuple[Hit, ...] = doc._.hits
        location, outside = place.choose(found, self._towns.named(text), point, self._gazetteer)
        plates = personal.plates(text)
        said = hashed.words(text, doc._.places)
        offences = offence.find(text, said)
        flags = _flags(hits, offences, outside, bool(plates or personal.contacts(text)))
        thought = Thought(self._model, said, hits, self._city.categories)
        dangers = alarm.find(text, said, thought.grams, self._rules)
        words = any(token.text.isalpha() for token in doc)
        kind, sure = (
            (Kind.EMERGENCY, _DANGER_SURE)
            if dangers
            else kinds.decide(thought.kinds, matter=thought.ranked[0][1], words=words)
        )
        likeliest, chance = thought.ranked[0]
        without = kind in _ABOUT_NOTHING or (kind in _ABOUT_SOMETHING and chance < _CLEAR)
        category = None if without else likeliest
        return Understanding(
            kind=kind,
            category=category,
            categories=thought.ranked[:_MOST_CATEGORIES],
            confidence=min(sure, chance) if kind is Kind.REPORT else sure,
            language=language.of_text(text),
            location=location,
            candidates=tuple(candidate.location for candidate in found[:_MOST_CANDIDATES]),
            licence_plates=tuple(dict.fromkeys(plate for plate, _, _ in plates)),
            flags=flags,
            evidence=(
                *evidence.of_alarms(dangers),
                *(thought.words_for("kind", kind, text) if not dangers else ()),
                *(thought.words_for("category", category, text) if category else ()),
                *evidence.of_places(text, found),
                *evidence.of_symbols(hits),
                *evidence.of_offences(offences),
                *evidence.of_details(text),
                *evidence.of_plates(text, plates),
            ),
        )


def _sure(places: Sequence[Candidate]) -> bool:
    return bool(places) and places[0].location.confidence >= _SURE


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _flags(
    hits: Iterable[Hit], offences: Iterable[offence.Offence], outside: bool, personal_data: bool
) -> tuple[Flag, ...]:
    found = {Flag(hit.clue.label) for hit in hits if hit.clue.label == Flag.UNCONSTITUTIONAL_SYMBOL}
    found |= {one.flag for one in offences}
    found |= {Flag.OUTSIDE_CITY} if outside else set()
    found |= {Flag.PERSONAL_DATA} if personal_data else set()
    return tuple(flag for flag in Flag if flag in found)


def reader(city: City, gazetteer: Gazetteer) -> Reader:
    """The reader of this city and gazetteer with the model in force, made once a process and model."""
    return _made(city, gazetteer, store.current())


_made = lru_cache(maxsize=1)(Reader)

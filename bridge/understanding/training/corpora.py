"""Reads texts whose names are marked: MobIE in columns and in raw form, SmartData, the authored sentences."""

import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from bridge.understanding.ner import Name
from bridge.understanding.training.seeds import CORPUS, Seed, Span, Unfolder, read

_LABEL_OF = {
    "street_name": "location-street",
    "stop_name": "location-stop",
    "park_name": "location",
    "district_name": "location",
    "town_name": "location-city",
}
_CLOSING, _OPENING = set(".,:;!?)]}%…´’”“'"), set("([{„@#")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ])|\n+")
_STREET = re.compile(
    r"(?:straße|allee|weg|gasse|ring|damm|steig|ufer|(?<!spiel)(?<!Bolz)platz|(?<!Wochen)(?<!nachts)markt)$"
)
_STOP = re.compile(
    r"(?i)(?:halte\w*|hst\.?|station|bahnsteig|wartehäuschen|\bH|bus|tram|bahn)\W{1,2}(?:\w+\W)?$"
)


class Example(NamedTuple):
    """A text and its names; `half` where names other than places may stand in it unmarked."""

    text: str
    names: tuple[Name, ...]
    half: bool = False


Row = tuple[str, str]
TWEETS = "germeval2018/germeval2018.training.txt"


def germeval(path: Path) -> list[Row]:
    """The posts of a GermEval file with what its annotators found: OFFENSE or OTHER."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(text, found) for text, found, *_ in (line.split("\t") for line in lines if "\t" in line)]


def mobie(file: Path, chance: random.Random) -> list[Example]:
    """The texts of a CoNLL file, their spacing guessed; doubtful spaces fall by chance.

    Traffic news, whose names are addresses, count twice, as they are few beside the tweets.
    """
    documents = file.read_text("utf-8").split("-DOCSTART-")[1:]
    documents += [document for document in documents if document.startswith(" -http")]
    return [_written(list(_rows(document)), chance) for document in documents]


def _rows(document: str) -> Iterator[Row]:
    for line in document.splitlines():
        cells = line.split("\t")
        if len(cells) == 4:
            yield cells[0], cells[3]


def _written(rows: Sequence[Row], chance: random.Random) -> Example:
    text, names, quoted, start, label = "", [], False, 0, ""
    for number, (word, tag) in enumerate(rows):
        if label and not tag.startswith("I-"):
            names.append(Name(start, len(text), label))
            label = ""
        if word == '"':
            quoted = not quoted
        if number and _spaced(rows, number, quoted, chance):
            text += " "
        if tag.startswith("B-"):
            start, label = len(text), tag[2:]
        text += word
    return Example(text, (*names, *([Name(start, len(text), label)] if label else [])))


def _spaced(rows: Sequence[Row], number: int, quoted: bool, chance: random.Random) -> bool:
    """Whether a space stands before this word."""
    (before, _), (word, tag) = rows[number - 1], rows[number]
    if word in _CLOSING or before in _OPENING or (word == '"' and not quoted) or (before == '"' and quoted):
        return False
    if word in {"-", "/"} or before in {"-", "/"}:
        return not _glued(rows, number, chance)
    return not tag.startswith("I-") or before != "." or chance.random() < 0.9


def _glued(rows: Sequence[Row], number: int, chance: random.Random) -> bool:
    """A hyphen inside a name or a word touches both sides; between two names it mostly stands alone."""
    at = number if rows[number][0] in {"-", "/"} else number - 1
    if at == 0 or at + 1 >= len(rows):
        return False
    (_, left), (sign, middle), (_, right) = rows[at - 1 : at + 2]
    if middle.startswith("I-"):
        return right.startswith("I-") or sign == "/"
    between = left != "O" and right.startswith("B-")
    return chance.random() < (0.25 if between else 0.85 if sign == "-" else 0.5)


def raw(file: Path) -> list[Example]:
    """The texts of a JSON-lines file of MobIE, its offsets turned from UTF-16 units to characters."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [_from_json(json.loads(line)) for line in lines]


def _from_json(record: dict[str, object]) -> Example:
    text, mentions = str(record["text"]), record["conceptMentions"]
    units = [at for at, sign in enumerate(text) for _ in range(1 + (ord(sign) > 0xFFFF))] + [len(text)]
    assert isinstance(mentions, list)
    spans = [(mention["span"]["start"], mention["span"]["end"], mention["type"]) for mention in mentions]
    return Example(text, tuple(sorted(Name(units[start], units[end], label) for start, end, label in spans)))


def smartdata(file: Path) -> list[Example]:
    """The documents of `new_documents.jsonl`, cut into sentences."""
    records = map(json.loads, file.read_text("utf-8").splitlines())
    return [sentence for record in records for sentence in _sentences(record)]


def _sentences(record: dict[str, list[dict[str, int]]]) -> Iterator[Example]:
    text = str(record["text"])
    names = list(_outermost([Name(s["start"], s["end"], str(s["label"])) for s in record["spans"]]))
    start = 0
    for end in [*(match.start() for match in _SENTENCE.finditer(text)), len(text)]:
        if any(name.start < end < name.end for name in names):
            continue
        inside = (n for n in names if start <= n.start and n.end <= end)
        if text[start:end].strip():
            yield Example(
                text[start:end], tuple(Name(n.start - start, n.end - start, n.label) for n in inside)
            )
        start = end


def _outermost(names: list[Name]) -> Iterator[Name]:
    last = 0
    for name in sorted(names, key=lambda name: (name.start, -name.end)):
        if name.start >= last:
            yield name
            last = name.end


class Authored:
    """The authored sentences of the project: each call of `some` unfolds them anew."""

    def __init__(self, chance: random.Random, folder: Path = CORPUS) -> None:
        files = sorted(folder.glob("*.txt")) + sorted(folder.glob("*/*.txt"))
        self._files = [seeds for file in files if file.parent.name != "slots" and (seeds := read(file))]
        self._unfolder, self._chance = Unfolder(chance, folder / "slots"), chance
        self.streets = [seed.text for seed in read(folder / "slots" / "street_name.txt")]

    def some(self, count: int) -> list[Example]:
        """So many texts, half of them of a sentence that holds a place."""
        seeds = [seed for seeds in self._files for seed in seeds]
        placed = [seed for seed in seeds if _holds_place(seed)]
        return [self._example(self._chance.choice(placed if n % 4 else seeds)) for n in range(count)]

    def _example(self, seed: Seed) -> Example:
        text = self._unfolder.unfold(seed.text)
        names = [Name(s.start, s.end, _label(s, text.written)) for s in text.spans if s.slot in _LABEL_OF]
        return Example(text.written, tuple(sorted(names)), half=True)


def _label(span: Span, text: str) -> str:
    """A square or stop that is called like a street is one, unless a word says that it is a stop."""
    like_street = _STREET.search(text[span.start : span.end])
    stop = span.slot == "stop_name" and _STOP.search(text[: span.start])
    return "location-street" if like_street and not stop else _LABEL_OF[span.slot]


def _holds_place(seed: Seed) -> bool:
    slots = ("where", "street", "address", "corner", "stop", "park", "district", "town")
    return any(f"{{{slot}}}" in seed.text for slot in slots)

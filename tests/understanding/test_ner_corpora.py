"""The texts that the network of names learns from, and the noise that is laid over them."""

import gzip
import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.understanding.ner import Name
from bridge.understanding.training import corpora
from bridge.understanding.training.corpora import Authored, Example
from bridge.understanding.training.noise import Noise
from bridge.understanding.training.streets import Streets

STREETS = ["Lindenstraße", "Dresdner Straße", "Käthe-Kollwitz-Straße", "Am Anger", "Mühlweg"]


def conll(*rows: tuple[str, str]) -> str:
    return "-DOCSTART- -1- O O\n\n" + "".join(f"{word}\tNN\tI-NN\t{tag}\n" for word, tag in rows)


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([("Stau", "O"), (",", "O"), ("bitte", "O"), ("warten", "O"), (".", "O")], "Stau, bitte warten."),
        ([("Rastatt", "B-location"), ("-", "I-location"), ("Süd", "I-location")], "Rastatt-Süd"),
        ([("(", "O"), ("14:05", "B-time"), (")", "O")], "(14:05)"),
        ([('"', "O"), ("Nein", "O"), ('"', "O"), ("sagt", "O")], '"Nein" sagt'),
    ],
)
def test_columns_become_a_text_as_people_space_it(
    rows: list[tuple[str, str]], text: str, tmp_path: Path
) -> None:
    (tmp_path / "train").write_text(conll(*rows), "utf-8")
    (example,) = corpora.mobie(tmp_path / "train", random.Random(1))
    assert example.text == text


def test_names_of_columns_keep_their_places(tmp_path: Path) -> None:
    rows = [("In", "O"), ("Bad", "B-location-city"), ("Ems", "I-location-city"), ("Bonn", "B-location-city")]
    (tmp_path / "train").write_text(conll(*rows), "utf-8")
    (example,) = corpora.mobie(tmp_path / "train", random.Random(1))
    assert [example.text[name.start : name.end] for name in example.names] == ["Bad Ems", "Bonn"]


def test_offsets_that_count_an_emoji_twice_are_put_right(tmp_path: Path) -> None:
    mention = {"span": {"start": 7, "end": 10}, "type": "location-street"}
    with gzip.open(tmp_path / "dev.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(json.dumps({"text": "😀 auf A45", "conceptMentions": [mention]}))
    (example,) = corpora.raw(tmp_path / "dev.jsonl.gz")
    assert [example.text[name.start : name.end] for name in example.names] == ["A45"]


def test_documents_are_cut_into_sentences_but_never_through_a_name(tmp_path: Path) -> None:
    text = "Die Dr. Meier AG schließt. Berlin trauert."
    spans = [
        {"start": 4, "end": 16, "label": "organization-company"},
        {"start": 8, "end": 13, "label": "person"},
        {"start": 27, "end": 33, "label": "location-city"},
    ]
    (tmp_path / "new.jsonl").write_text(json.dumps({"text": text, "spans": spans}), "utf-8")
    found = corpora.smartdata(tmp_path / "new.jsonl")
    told = [[example.text[name.start : name.end] for name in example.names] for example in found]
    assert told == [["Dr. Meier AG"], ["Berlin"]]


def authored(folder: Path, sentence: str, **slots: str) -> Example:
    (folder / "slots").mkdir(parents=True)
    for slot, line in {"street_name": "Lindenstraße", **slots}.items():
        (folder / "slots" / f"{slot}.txt").write_text(line, "utf-8")
    (folder / "reports.txt").write_text(sentence, "utf-8")
    return Authored(random.Random(1), folder).some(1)[0]


@pytest.mark.parametrize(
    ("sentence", "slots", "names"),
    [
        ("in der {street} liegt Müll", {"street": "{street_name}"}, [("Lindenstraße", "location-street")]),
        (
            "{stop}: Glas",
            {"stop": "Haltestelle {stop_name}", "stop_name": "Markt"},
            [("Markt", "location-stop")],
        ),
        ("am {stop_name}", {"stop_name": "Ostring"}, [("Ostring", "location-street")]),
        ("Haltestelle {stop_name}", {"stop_name": "Ostring"}, [("Ostring", "location-stop")]),
        ("der {park_name} ist schön", {"park_name": "Stadtpark"}, [("Stadtpark", "location")]),
        ("hier liegt Müll {since}", {"since": "seit gestern"}, []),
    ],
)
def test_authored_sentences_know_their_places(
    sentence: str, slots: dict[str, str], names: list[tuple[str, str]], tmp_path: Path
) -> None:
    example = authored(tmp_path / "corpus", sentence, **slots)
    assert [(example.text[n.start : n.end], n.label) for n in example.names] == names
    assert example.half


def noise(seed: int) -> Noise:
    chance = random.Random(seed)
    return Noise(chance, Streets(chance, STREETS))


@given(st.integers())
def test_noise_leaves_every_name_in_its_place(seed: int) -> None:
    text = "Ecke Lindenstraße/Dresdner Straße: Öl auf der #Am Anger. Danke!"
    streets = [
        Name(5, 17, "location-street"),
        Name(18, 33, "location-street"),
        Name(47, 55, "location-street"),
    ]
    for way in ("of_city", "of_news"):
        example = getattr(noise(seed), way)(Example(text, tuple(streets), half=True))
        cut = [example.text[n.start : n.end] for n in example.names]
        assert len(cut) == 3
        assert all(name and name == name.strip() for name in cut)
        assert re.match(r"(?i)ecke $", example.text[: example.names[0].start])
        assert example.text[example.names[0].end : example.names[1].start] in {"/", "./"}


@pytest.mark.parametrize("seed", range(20))
def test_a_street_under_a_hashtag_is_one_word(seed: int) -> None:
    example = noise(seed).of_city(Example("#Am Anger", (Name(1, 9, "location-street"),), half=True))
    assert not {" ", "-"} & set(example.text)

"""The network of names: its tokens, its paths, and that it answers alike in any company."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.understanding.network import Array, Layout, Network, best_paths
from bridge.understanding.pieces import pieces, tokens
from bridge.understanding.training.gradients import newborn

TEXTS = [
    "Unfall auf der A45.",
    "",
    "Hallo",
    "In der Hauptstr. 12 brennt seit 3 Tagen kein Licht",
    "😀",
    "S 4",
]


def network() -> Network:
    return newborn(("place", "date"), 16, np.random.default_rng(1))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("bis 25.03. gesperrt", "25.03"),
        ("mit der #S85. Danke", "#S85"),
        ("Celle(13:40)→#Hannover", "#Hannover"),
        ("Koblenz Hbf. Gruß", "Koblenz Hbf"),
        ("beim Edeka-Markt", "Edeka"),
        ("die Lindenstraße/Ecke", "Lindenstraße"),
    ],
)
def test_no_name_ends_inside_a_token(text: str, name: str) -> None:
    start = text.index(name)
    found = tokens(text)
    assert start in {token.start for token in found}
    assert start + len(name) in {token.end for token in found}


@given(st.text())
def test_tokens_stand_where_they_say(text: str) -> None:
    for token in tokens(text):
        assert text[token.start : token.end] == token.word
        assert not token.glued or not text[token.start - 1].isspace()


@pytest.mark.parametrize("other", ["lindenstrasse", "Lindenstr", "LINDENSTRASSE"])
def test_a_street_is_known_by_the_same_letters_in_every_spelling(other: str) -> None:
    name, _, letters = pieces("Lindenstraße")
    assert (name, letters) == (pieces(other)[0], pieces(other)[2])


@given(st.text(min_size=1))
def test_every_word_has_pieces_of_every_sort(word: str) -> None:
    assert all(pieces(word))


def test_a_text_is_tagged_alike_in_any_company() -> None:
    tagger = network()
    together = tagger.tag([tokens(text) for text in TEXTS])
    alone = [network().tag([tokens(text)])[0] for text in TEXTS]
    assert together == alone
    assert [len(tags) for tags in together] == [len(tokens(text)) for text in TEXTS]


def test_no_name_begins_in_its_middle() -> None:
    tagger = network()
    for tags in tagger.tag([tokens(text) for text in TEXTS]):
        for before, tag in zip([0, *tags], tags, strict=False):
            assert not tagger.tags[tag].startswith("I-") or before in {tag, tag - 1}


def test_the_best_path_is_the_best_of_all() -> None:
    chance = np.random.default_rng(7)
    layout = Layout([4, 1, 3])
    scores = chance.standard_normal((layout.size, 3)).astype(np.float32)
    moves = chance.standard_normal((3, 3)).astype(np.float32)
    found = best_paths(scores, layout, moves)
    for path, start, length in zip(found, layout.starts, layout.lengths, strict=True):
        own = scores[start : start + length]
        assert tuple(path) == max(product(range(3), repeat=length), key=lambda p: worth(p, own, moves))


def worth(path: tuple[int, ...], scores: Array, moves: Array) -> float:
    steps = zip((0, *path), path, strict=False)
    return float(sum(moves[step] for step in steps) + sum(scores[n, tag] for n, tag in enumerate(path)))


def test_a_stored_network_answers_as_before(tmp_path: Path) -> None:
    tagger = network()
    tagger.save(tmp_path / "network.npz")
    texts = [tokens(text) for text in TEXTS]
    assert Network.load(tmp_path / "network.npz").tag(texts) == tagger.tag(texts)


def test_more_words_than_it_remembers_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [tokens(text) for text in TEXTS]
    expected = network().tag(texts)
    monkeypatch.setattr("bridge.understanding.network._MOST_KNOWN", 12)
    forgetful = network()
    assert [forgetful.tag([text])[0] for text in texts] == expected
    assert [forgetful.tag([text])[0] for text in texts] == expected

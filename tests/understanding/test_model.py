"""The linear model: the same everywhere, honest about its words, and kept whole on disk."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain import ConfigError
from bridge.understanding import features, hashed, store
from bridge.understanding.model import Model, load
from bridge.understanding.model import grams as model_grams

TEXT = "Die Ampel Ecke Könneritzstraße ist seit gestern aus!"


@pytest.fixture(scope="module")
def model() -> Model:
    return load(store.SHIPPED)


def nothing(model: Model) -> hashed.Floats:
    return np.zeros(len(model.about["dense"]), dtype=np.float32)


def grams(text: str) -> hashed.Grams:
    return model_grams(hashed.words(text))


def test_hashes_are_the_same_in_every_process() -> None:
    code = (
        "from bridge.understanding import hashed as h;"
        f"print(h.grams(h.words({TEXT!r}), range(3, 6), 16).buckets.tolist())"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == str(hashed.grams(hashed.words(TEXT), range(3, 6), 16).buckets.tolist())


def test_words_are_folded_numbers_are_alike_and_places_have_no_names() -> None:
    found = hashed.words("Straße 12, Höhe Marktplatz", [(16, 26)])
    assert [word.form for word in found] == ["strasse", "0", ",", "hoehe", "¤"]
    assert [TEXT[word.start : word.end] for word in hashed.words(TEXT)][:2] == ["Die", "Ampel"]


@given(st.text(max_size=300))
def test_any_text_becomes_numbers_within_bounds(text: str) -> None:
    found = grams(text)
    assert len(found.buckets) == len(found.words)
    buckets, values = hashed.vector(found, np.ones(1 << 16, dtype=np.float32))
    assert len(set(buckets)) == len(buckets)
    assert not buckets.size or 0 <= buckets.min() <= buckets.max() < 1 << 16
    assert not buckets.size or float((values**2).sum()) == pytest.approx(1, abs=1e-3)


def test_chances_sum_to_one_over_the_categories_a_city_has(model: Model) -> None:
    few = model.probabilities("category", grams(TEXT), nothing(model), ["traffic_light", "noise"])
    assert list(few) == ["traffic_light", "noise"]
    assert sum(few.values()) == pytest.approx(1, abs=1e-3)


def test_the_word_that_matters_speaks_loudest(model: Model) -> None:
    words = hashed.words(TEXT)
    spoken = model.by_word("category", "traffic_light", grams(TEXT), len(words))
    assert words[int(spoken.argmax())].form == "ampel"


def test_what_is_saved_is_read_back_alike(model: Model, tmp_path: Path) -> None:
    model.save(tmp_path / "model.npz")
    again = Model.load(tmp_path / "model.npz")
    ask = ("category", grams(TEXT), nothing(model))
    assert again.probabilities(*ask) == model.probabilities(*ask)
    assert again.about == model.about


@pytest.mark.parametrize("content", [b"", b"no model", b"PK\x03\x04 broken"])
def test_a_broken_file_is_named_with_the_way_back(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.npz").write_bytes(content)
    with pytest.raises(ConfigError, match=r"model\.npz: no model .* bridge nlp rollback"):
        Model.load(tmp_path / "model.npz")


def test_the_model_knows_the_lexicon_it_was_trained_with(model: Model) -> None:
    assert set(model.about["dense"]) == set(features.names())

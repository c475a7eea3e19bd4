"""How the network of names learns: gradients, tags known by half, a lesson learnt by heart."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from rich.progress import Progress

from bridge.domain import ConfigError
from bridge.understanding.ner import Name, names
from bridge.understanding.network import Layout, Network
from bridge.understanding.pieces import tokens
from bridge.understanding.training import gradients
from bridge.understanding.training.corpora import Example
from bridge.understanding.training.gradients import Learner, Mean, newborn
from bridge.understanding.training.likelihood import likelihood
from bridge.understanding.training.ner import LABELS, lesson_of, train

EXAMPLES = [
    Example("In der Lindenstraße brennt kein Licht", (Name(7, 19, "location-street"),)),
    Example("Bus 12 fährt seit Montag nicht", (Name(18, 24, "date"),)),
    Example("Danke!", ()),
]


def newborn_network() -> Network:
    return newborn(LABELS, 24, np.random.default_rng(1))


def test_the_likelihood_is_that_of_all_allowed_paths() -> None:
    chance = np.random.default_rng(3)
    layout = Layout([3, 2])
    scores = chance.standard_normal((layout.size, 3)).astype(np.float32)
    moves = chance.standard_normal((3, 3)).astype(np.float32)
    allowed = chance.random((layout.size, 3)) < 0.6
    allowed[:, 0] = True
    expected = 0.0
    for start, length in zip(layout.starts, layout.lengths, strict=True):
        every = [
            (np.exp(worth), fits)
            for path in product(range(3), repeat=int(length))
            for fits in [all(allowed[start + n, tag] for n, tag in enumerate(path))]
            for worth in [
                sum(scores[start + n, tag] + moves[(0, *path)[n], tag] for n, tag in enumerate(path))
            ]
        ]
        expected -= np.log(sum(e for e, fits in every if fits) / sum(e for e, _ in every))
    loss, grown, _ = likelihood(scores, layout, moves, allowed)
    assert loss == pytest.approx(expected / 5, rel=1e-5)
    assert np.abs(grown.sum(axis=1)).max() < 1e-6


@pytest.mark.parametrize("name", ["out_weights", "layer0_weights", "whole_weights", "mix_bias", "glued"])
def test_each_gradient_is_the_slope_of_the_loss(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gradients, "_DROPOUT", 0.0)
    monkeypatch.setattr(gradients, "_FORGET", 0.0)
    network = newborn_network()
    for parameter, values in network.parameters.items():
        network.parameters[parameter] = values.astype(np.float64)
    learner = Learner(network, np.random.default_rng(1))
    lessons = [lesson_of(example) for example in EXAMPLES]
    learner.learn(lessons, 0.0)
    told = learner.gradients[name]
    place = np.unravel_index(np.abs(told).argmax(), told.shape)
    values, step = network.parameters[name], 1e-4
    values[place] += step
    above = learner.learn(lessons, 0.0)
    values[place] -= 2 * step
    below = learner.learn(lessons, 0.0)
    assert (above - below) / (2 * step) == pytest.approx(float(told[place]), rel=0.02)


def test_a_few_texts_are_soon_known_by_heart() -> None:
    network = newborn_network()
    learner = Learner(network, np.random.default_rng(1))
    losses = [learner.learn([lesson_of(example) for example in EXAMPLES], 0.01) for _ in range(60)]
    assert losses[-1] < losses[0] / 10
    assert [tuple(found) for found in names([e.text for e in EXAMPLES], network)] == [
        e.names for e in EXAMPLES
    ]


def test_in_a_half_marked_text_all_but_places_may_stand_unmarked() -> None:
    lesson = lesson_of(Example("Am Montag in Bonn", (Name(13, 17, "location-city"),), half=True))
    may = [
        {tag for tag, fits in zip(newborn_network().tags, row, strict=True) if fits} for row in lesson.allowed
    ]
    assert {"O", "B-date", "I-trigger"} < may[1]
    assert not {tag for tag in may[1] if tag.endswith(("location", "location-street", "location-city"))}
    assert may[3] == {"B-location-city"}


def test_of_a_whole_text_every_tag_is_known() -> None:
    lesson = lesson_of(EXAMPLES[0])
    assert lesson.allowed.sum(axis=1).tolist() == [1] * len(tokens(EXAMPLES[0].text))


def test_the_mean_of_a_network_lies_between_its_moments() -> None:
    network = newborn_network()
    mean, bias = Mean(network), network.parameters["out_bias"]
    for value in (1.0, 2.0, 6.0):
        bias[:] = value
        mean.add()
    assert mean.network().parameters["out_bias"] == pytest.approx(3.0)


def test_a_missing_corpus_is_named(tmp_path: Path) -> None:
    with Progress() as progress, pytest.raises(ConfigError, match=r"train\.conll2003 is missing"):
        train(tmp_path, progress)

"""Trains the model of kind and category, measures it on texts no version has trained on, and compares."""

import random
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import spacy

from bridge.city import Entry, yaml
from bridge.domain import Kind
from bridge.understanding import features, hashed, matcher
from bridge.understanding.hashed import Floats, Grams
from bridge.understanding.model import Head, Model
from bridge.understanding.model import grams as grams_of
from bridge.understanding.training import classify
from bridge.understanding.training.classify import Examples
from bridge.understanding.training.samples import Sample
from bridge.understanding.training.seeds import CORPUS

COPIES = 4
_KEPT_BACK = 10
"""One family in so many is never trained on, by no version, so that versions can be compared fairly."""
_STRENGTH, _CLOSELY = 0.1, 0.3
"""How closely authored sentences are followed, which all look alike, and real reports."""
_ENOUGH_REPORTS = 20
_PRIORS = 0.5
"""How far the priors count: wholly trusted they would hide rare matters, since no two cities are alike."""
Show = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


class Score(NamedTuple):
    """How a model does on texts it has not seen."""

    texts: int
    kind: float
    category: float
    two_best: float

    def worse_than(self, other: "Score") -> bool:
        """Whether kind or category are right less often."""
        return self.kind + self.category < other.kind + other.category


class Read(NamedTuple):
    """Texts as the model reads them."""

    grams: list[Grams]
    dense: Floats


def kept_back(sample: Sample) -> bool:
    """Whether this text only measures, and never trains."""
    return zlib.crc32(sample.family.encode()) % _KEPT_BACK == 0


def split(samples: Iterable[Sample]) -> tuple[list[Sample], list[Sample]]:
    """The texts to train on, and those that only measure."""
    parts: tuple[list[Sample], list[Sample]] = ([], [])
    for sample in samples:
        parts[kept_back(sample)].append(sample)
    return parts


def read(samples: Sequence[Sample], order: Sequence[str], show: Show) -> Read:
    """What the model sees of each text; `order` names the dense features."""
    nlp = spacy.blank("de")
    nlp.add_pipe(matcher.NAME)
    grams, dense = [], []
    for number, sample in enumerate(samples):
        doc = nlp.make_doc(sample.text)
        doc._.places = sample.places
        hits = nlp.get_pipe(matcher.NAME)(doc)._.hits
        grams.append(grams_of(hashed.words(sample.text, sample.places)))
        dense.append(features.dense(hits, order))
        show("reading", number + 1, len(samples))
    return Read(grams, np.array(dense, dtype=np.float32).reshape(len(samples), len(order)))


def build(samples: Sequence[Sample], about: Mapping[str, Any], show: Show) -> Model:
    """The model that ships: n-grams, kinds and categories of these texts."""
    order = features.names()
    found = read(samples, order, show)
    idf = classify.idf_of(classify.counted(found.grams))
    kinds = _fitted(found, idf, samples, [sample.kind.value for sample in samples])
    return taught(Model(idf, {"kind": kinds}, {**about, "dense": list(order)}), samples, show)


def taught(model: Model, samples: Sequence[Sample], show: Show) -> Model:
    """The same model with its categories learnt anew from these texts."""
    chosen = [sample for sample in samples if sample.category]
    found = read(chosen, _order(model), show)
    head = _fitted(found, model.idf, chosen, [str(sample.category) for sample in chosen])
    return Model(model.idf, {"kind": model.heads["kind"], "category": _with_priors(head)}, model.about)


def adapted(model: Model, reports: Sequence[Sample], authored: Sequence[Sample], show: Show) -> Model:
    """A model of a city's own reports, in its own categories, that hears what `model` thinks of each text.

    Of `authored` only the categories are learnt that the reports hardly know.
    """
    known = Counter(sample.category for sample in reports)
    rare = [s for s in authored if s.category and known[s.category] < _ENOUGH_REPORTS]
    chosen = [*reports, *rare]
    general = model.heads.get("general", model.heads["category"])
    both = {"kind": model.heads["kind"], "general": general, "category": general}
    hearing = Model(model.idf, both, model.about)
    found = read(chosen, _order(model), show)
    heard = [hearing.heard(g, d) for g, d in zip(found.grams, found.dense, strict=True)]
    labels = [str(sample.category) for sample in chosen]
    head = _fitted(found._replace(dense=np.array(heard)), model.idf, chosen, labels, _CLOSELY)
    return Model(model.idf, {**both, "category": head}, model.about)


def _fitted(
    found: Read, idf: Floats, texts: Sequence[Sample], labels: Sequence[str], strength: float = _STRENGTH
) -> Head:
    """One head, no surer of itself than it may be on families it has not seen."""
    answers = np.array(labels)
    rows = classify.weighed(classify.counted(found.grams), idf)
    examples = Examples(rows, found.dense, answers, classify.balanced(answers).astype(np.float32))
    return classify.calibrated(examples, [sample.family for sample in texts], strength, folds=3)


class _Priors(Entry):
    priors: dict[str, float]


def _with_priors(head: Head) -> Head:
    """The head as before texts of which some labels come more often than others."""
    parts = yaml.load(CORPUS / "priors.yaml", _Priors).priors
    usual = np.array([parts.get(label, 1.0) for label in head.labels], dtype=np.float32)
    return head._replace(bias=(head.bias + _PRIORS * np.log(usual)).astype(np.float32))


def score(model: Model, chosen: Sequence[Sample], show: Show) -> Score:
    """How `model` does on texts it was not trained on."""
    found = read(chosen, _order(model), show)
    kinds = [next(iter(model.probabilities("kind", g, d))) for g, d in zip(*found, strict=True)]
    ranked = [
        (list(model.probabilities("category", grams, dense))[:2], sample.category)
        for grams, dense, sample in zip(*found, chosen, strict=True)
        if sample.kind is Kind.REPORT
    ]
    return Score(
        len(chosen),
        float(np.mean([kind == sample.kind for kind, sample in zip(kinds, chosen, strict=True)])),
        float(np.mean([best[0] == right for best, right in ranked])),
        float(np.mean([right in best for best, right in ranked])),
    )


def choose(model: Model, texts: Sequence[str], codes: Sequence[tuple[str, ...]], show: Show) -> list[str]:
    """For each text the likeliest of the categories it may stand for."""
    found = read([Sample(text, Kind.REPORT, None, "") for text in texts], _order(model), show)
    told = model.heads["category"].labels
    return [
        next(iter(model.probabilities("category", grams, dense, allowed)))
        if len(allowed) > 1 and set(allowed) & set(told)
        else allowed[0]
        for grams, dense, allowed in zip(*found, codes, strict=True)
    ]


def _order(model: Model) -> list[str]:
    return [str(name) for name in model.about["dense"]]


def chance() -> random.Random:
    """The same chance each time, so that two runs on the same texts make the same model."""
    return random.Random(20_261_120)  # noqa: S311 - no secret

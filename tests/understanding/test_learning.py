"""Training: measured on texts no version trains on, and never replaced by something worse."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.city import City
from bridge.domain import ConfigError, Kind
from bridge.places import city_gazetteer
from bridge.settings import settings
from bridge.understanding import store
from bridge.understanding.model import load
from bridge.understanding.reader import reader
from bridge.understanding.training import learn, reports, samples
from bridge.understanding.training.learn import Score
from bridge.understanding.training.samples import Sample

CITY = {"litter": "Verschmutzung", "noise": "Lärm", "pests": "Ratten, Schädlinge"}
NOWHERE = ("zorgelt im Wubb", "hat einen Flirk", "ist völlig verbrazzelt", "macht Knurps")


def quiet(_what: str, _done: int, _total: int) -> None:
    pass


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("BRIDGE_DATA", str(tmp_path))
    settings.cache_clear()
    yield tmp_path / "models"
    settings.cache_clear()


def local_words(count: int) -> list[Sample]:
    """What only this city says, and no model can know."""
    told = [f"Der Brömmel {NOWHERE[i % 4]}, {'bitte ' * (i % 3)}kommen Sie {i % 7} mal" for i in range(count)]
    return [Sample(text, Kind.REPORT, "pests", f"corrections/{i}") for i, text in enumerate(told)]


def test_what_staff_correct_is_learnt_and_what_was_known_is_kept() -> None:
    old = load(store.SHIPPED)
    lessons, measure = learn.split(s for s in samples.samples(1, random.Random(1)) if s.category)
    new = learn.taught(old, [*lessons, *local_words(60)], quiet)
    unseen = local_words(200)[60:]
    assert learn.score(new, unseen, quiet).category > 0.9 > learn.score(old, unseen, quiet).category
    assert learn.score(new, measure, quiet).category > learn.score(old, measure, quiet).category - 0.1
    assert new.heads["kind"] is old.heads["kind"]


def test_a_citys_own_categories_are_learnt_and_rare_ones_kept(tmp_path: Path) -> None:
    old = load(store.SHIPPED)
    lessons, _ = learn.split(s for s in samples.samples(1, random.Random(1)) if s.category)
    own = [s._replace(category="broemmel") for s in local_words(60)]
    own += [s._replace(category="dreck") for s in lessons if s.category in {"litter", "illegal_dumping"}]
    noise = [s for s in lessons if s.category == "noise"]
    new = learn.adapted(old, own, noise, quiet)
    new.save(tmp_path / "own.npz")
    new = load(tmp_path / "own.npz")
    assert new.adapted and not old.adapted
    texts = ["Der Brömmel zorgelt im Wubb", "Überall Müll und Scherben", "Jede Nacht laute Musik bis drei"]
    told = learn.read([Sample(text, Kind.REPORT, None, "") for text in texts], new.about["dense"], quiet)
    first = [next(iter(new.probabilities("category", g, d))) for g, d in zip(*told, strict=True)]
    assert first == ["broemmel", "dreck", "noise"]


def test_families_kept_back_are_the_same_for_every_version_and_about_a_tenth() -> None:
    found = list(samples.samples(1, random.Random(1)))
    held = [sample for sample in found if learn.kept_back(sample)]
    assert 0.05 < len(held) / len(found) < 0.15
    assert not {s.family for s in held} & {s.family for s in found if not learn.kept_back(s)}


@pytest.mark.parametrize(
    ("kind", "category", "worse"),
    [(0.8, 0.7, False), (0.8, 0.69, True), (0.79, 0.71, False), (0.7, 0.7, True)],
)
def test_a_model_is_worse_when_it_is_right_less_often(kind: float, category: float, worse: bool) -> None:
    assert Score(10, kind, category, 1.0).worse_than(Score(10, 0.8, 0.7, 1.0)) is worse


def test_the_newest_own_model_is_in_force_until_it_is_rolled_back(own_folder: Path) -> None:
    assert store.current() == store.SHIPPED
    first = store.put_in_force(load(store.SHIPPED))
    second = store.put_in_force(load(store.SHIPPED))
    assert store.current() == second != first
    assert store.roll_back() == first
    assert store.roll_back() == store.SHIPPED
    with pytest.raises(ConfigError, match="no earlier model"):
        store.roll_back()


def test_a_model_set_aside_leaves_its_name_to_no_other(own_folder: Path) -> None:
    first = store.put_in_force(load(store.SHIPPED))
    store.roll_back()
    assert store.put_in_force(load(store.SHIPPED)) != first
    assert first.with_suffix(".aside").exists()


def test_a_running_process_reads_with_the_model_in_force(own_folder: Path, city: City) -> None:
    gazetteer = city_gazetteer(city)
    before = reader(city, gazetteer)
    store.put_in_force(load(store.SHIPPED))
    taught = reader(city, gazetteer)
    store.roll_back()
    assert taught is not before
    assert reader(city, gazetteer) is not taught


def export(tmp_path: Path, text: str, name: str = "export.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "rows",
    [
        "text,category\nMüll,litter\nKrach,Lärm\n",
        "Beschreibung;Kategorie\nMüll;verschmutzung\nKrach;noise\n",
        "\ufeffID,Meldung,service_code\n1,Müll,litter\n2,Krach,noise\n",
    ],
)
def test_an_export_is_read_by_its_columns_and_the_citys_own_words(tmp_path: Path, rows: str) -> None:
    found = reports.read(export(tmp_path, rows), CITY)
    assert (found.texts, found.codes) == (["Müll", "Krach"], [("litter",), ("noise",)])


def test_labels_of_another_system_are_translated_and_unknown_ones_counted(tmp_path: Path) -> None:
    labels = export(tmp_path, "label,accepted_service_codes\nDreck,litter|pests\n", "labels.csv")
    path = export(tmp_path, "text,category\nMüll,Dreck\nIdee,Hinweise\n,Dreck\n")
    found = reports.read(path, CITY, labels)
    assert found.codes == [("litter", "pests")]
    assert found.skipped == {"Hinweise": 1, "Dreck": 1}
    model = load(store.SHIPPED)
    assert learn.choose(model, ["Überall Müll und Scherben"], [("litter", "pests")], quiet) == ["litter"]


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ("a,b\n1,2\n", r"export\.csv: needs a column text or .* it has a, b"),
        ("text,category\nMüll,Unfug\n", r"export\.csv: no row has a category .* --labels FILE"),
        ("", r"export\.csv: no row has a category"),
    ],
)
def test_a_strange_export_is_named_with_what_to_do(tmp_path: Path, rows: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        reports.read(export(tmp_path, rows), CITY)


def test_a_label_of_no_category_is_named_by_its_line(tmp_path: Path) -> None:
    labels = export(tmp_path, "label,accepted_service_codes\nDreck,schmutz\n", "labels.csv")
    with pytest.raises(ConfigError, match=r"labels\.csv:2: .*schmutz"):
        reports.read(export(tmp_path, "text,category\nMüll,Dreck\n"), CITY, labels)


def test_a_missing_or_undecodable_export_is_named(tmp_path: Path) -> None:
    (tmp_path / "bytes.csv").write_bytes(b"text,category\nM\xfcll,litter\n")
    for name in ("bytes.csv", "nowhere.csv"):
        with pytest.raises(ConfigError, match=rf"{name}: cannot be read as CSV in UTF-8"):
            reports.read(tmp_path / name, CITY)

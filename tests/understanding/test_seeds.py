"""The authored sentences: readable, unfolded with true spans, and wrong ones named by file and line."""

import random
from pathlib import Path

import pytest

from bridge.domain import ConfigError, Kind
from bridge.understanding.training import samples, seeds
from bridge.understanding.training.seeds import CORPUS, Unfolder


def unfold(seed: str, tmp_path: Path, **slots: str) -> seeds.Text:
    for name, lines in slots.items():
        (tmp_path / f"{name}.txt").write_text(lines, encoding="utf-8")
    return Unfolder(random.Random(1), tmp_path).unfold(seed)


def test_a_slot_is_filled_and_its_span_kept(tmp_path: Path) -> None:
    text = unfold("Müll {where}!", tmp_path, where="in der {street}", street="Lindenstraße")
    assert text.written == "Müll in der Lindenstraße!"
    assert [(s.slot, text.written[s.start : s.end]) for s in text.spans] == [
        ("street", "Lindenstraße"),
        ("where", "in der Lindenstraße"),
    ]


def test_alternatives_are_chosen_and_may_be_nothing(tmp_path: Path) -> None:
    unfolder = Unfolder(random.Random(1), tmp_path)
    assert {unfolder.unfold("Ampel [ist |]aus").written for _ in range(20)} == {"Ampel aus", "Ampel ist aus"}


@pytest.mark.parametrize("line", ["Müll [liegt", "Müll liegt]", "Müll {where", "[a[b]|c]"])
def test_a_broken_bracket_is_named_with_file_and_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "litter.txt"
    path.write_text(f"# comment\n{line}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"litter\.txt:2: brackets do not match"):
        seeds.read(path)


def test_a_matter_goes_on_in_the_files_of_its_name(tmp_path: Path) -> None:
    for name in ("floods", "floods2", "near_floods"):
        (tmp_path / f"{name}.txt").write_text(f"{name}\n", encoding="utf-8")
    assert [seed.family for seed in seeds.read_all(tmp_path, "floods")] == ["floods/0", "floods2/0"]


def test_an_unknown_slot_is_named_with_those_known(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no such slot: \{wo\}; known are where"):
        unfold("Müll {wo}", tmp_path, where="hier")


def test_slots_that_lead_in_a_circle_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="circle"):
        unfold("{a}", tmp_path, a="{b}", b="{a}")


@pytest.mark.parametrize("path", sorted(CORPUS.rglob("*.txt")), ids=lambda path: path.stem)
def test_every_file_of_the_corpus_unfolds(path: Path) -> None:
    unfolder = Unfolder(random.Random(3))
    found = seeds.read(path)
    assert found
    for seed in found:
        text = unfolder.unfold(seed.text)
        assert text.written.strip()
        assert all(0 <= span.start < span.end <= len(text.written) for span in text.spans)


def test_every_category_and_kind_has_examples() -> None:
    found = list(samples.labelled())
    assert {each.category for each in found if each.category} >= {"litter", "noise", "other", "dead_animal"}
    assert {each.kind for each in found} == set(Kind) - {Kind.EMERGENCY}
    assert all(each.category for each in found if each.kind is Kind.REPORT)


def test_the_same_chance_makes_the_same_texts() -> None:
    first, second = (list(samples.samples(1, random.Random(5)))[:300] for _ in range(2))
    assert first == second

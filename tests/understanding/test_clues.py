"""The lexicon's small language, and that the shipped words keep to it."""

import pytest

from bridge.city import City
from bridge.domain import Flag, Kind
from bridge.understanding.clues import Parts, clue, lexicon


@pytest.mark.parametrize(
    ("entry", "word", "found"),
    [
        ("laterne", "strassenlaterne", True),
        ("laterne", "laternenmast", True),
        ("müll", "hausmuell", True),
        ("müll", "muellberg", True),
        ("rad", "gerade", False),
        ("rad", "rad", True),
        ("rad-", "radweg", True),
        ("rad-", "motorrad", False),
        ("-rad", "motorrad", True),
        ("=ratte", "ratten", False),
        ("=ratte", "ratte", True),
    ],
)
def test_an_entry_says_where_in_a_word_it_counts(entry: str, word: str, found: bool) -> None:
    one = clue("categories", "x", 1, entry)
    assert (one.parts[0] in Parts.of([one]).inside(word, only_at_end=False)) is found


def test_a_street_name_counts_only_by_its_end() -> None:
    one, two = clue("categories", "x", 1, "müll"), clue("categories", "x", 1, "einbahnstraße")
    parts = Parts.of([one, two])
    assert parts.inside("muellerstrasse", only_at_end=True) == frozenset()
    assert parts.inside("einbahnstrasse", only_at_end=True) == {"einbahnstrasse"}


def test_an_entry_may_want_several_words_and_forbid_others() -> None:
    one = clue("categories", "x", 2, "lampe !ampel rot", ["feuer flamme"])
    assert one.parts == ("lampe", "rot")
    assert one.never == (("ampel",), ("feuer", "flamme"))


def test_every_label_of_the_lexicon_is_a_known_one(city: City) -> None:
    known = {"categories": set(city.all_categories), "kinds": set(Kind), "flags": set(Flag)}
    assert {c.label for c in lexicon() if c.label not in known[c.about]} == set()


def test_every_category_has_words(city: City) -> None:
    assert set(city.all_categories) == {c.label for c in lexicon() if c.about == "categories"}


def test_every_entry_wants_at_least_one_word_and_none_stands_twice() -> None:
    assert all(c.parts and all(part.strip("=-") for part in c.parts) for c in lexicon())
    seen = [(c.about, c.label, c.parts, c.never) for c in lexicon()]
    assert [entry for entry in seen if seen.count(entry) > 1] == []

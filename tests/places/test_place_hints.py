"""What may be ruled out before looking: names that cannot be meant, texts in which no hint could help."""

from itertools import combinations_with_replacement

from hypothesis import given
from hypothesis import strategies as st

from bridge.places.gazetteer import Gazetteer
from bridge.places.index import LEAST_TYPO
from bridge.places.normal import key, words

SAID = (
    *(
        "Lindenstraße",
        "Lindnstrase",
        "lindnstrase",
        "Uferwg",
        "Uferweg 2",
        "Karl",
        "Müler",
        "Strasse",
        "Straße",
    ),
    *("Alter", "Altr", "Hafn", "Clara", "Prak", "Rathuas", "Neues", "Weststdat", "#Oststatd", "Irgendweg"),
    *("gestern", "am", "im", "Grunde", "des 18. Oktobr", "Müll", "nichts", "!", ",", "-"),
)


@given(st.lists(st.sampled_from(SAID), max_size=8).map(" ".join))
def test_where_no_hint_could_help_every_hint_changes_nothing(town: Gazetteer, text: str) -> None:
    if not town.heeds(text):
        plain = town.candidates(text)
        for first, last in combinations_with_replacement(words(text), 2):
            assert town.candidates(text, extra=[(first.start, last.end)]) == plain


def test_a_misspelt_name_heeds_a_hint(town: Gazetteer) -> None:
    assert town.heeds("altr hafen")
    assert not town.heeds("gestern war nichts")


@given(st.data())
def test_no_name_with_one_letter_wrong_is_ruled_out(town: Gazetteer, data: st.DataObject) -> None:
    names = list(town._index.keys())
    name = data.draw(st.sampled_from([name for name in names if len(name) > LEAST_TYPO]))
    at = data.draw(st.integers(1, len(name) - 1))
    letter = data.draw(st.sampled_from("abenrstx"))
    for wrong in (
        name[:at] + name[at + 1 :],
        name[:at] + letter + name[at:],
        name[:at] + letter + name[at + 1 :],
    ):
        assert town._index.resembles(wrong)
    swapped = name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :]
    assert at < 2 or town._index.resembles(swapped)


def test_a_name_is_never_ruled_out_by_what_it_begins_with(town: Gazetteer) -> None:
    names = list(town._index.keys())
    assert all(town._index.begun(name[:size]) for name in names for size in range(1, len(name) + 1))
    assert not town._index.begun(key("Quatsch"))

"""A few words change a ticket; whatever says more, or something else, waits for a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.letters.vocabulary import Said, said

UNDERSTOOD = {
    "erledigt": ("done", ""),
    "Erledigt.": ("done", ""),
    "ERLEDIGT!": ("done", ""),
    "Ist erledigt.": ("done", ""),
    "Das ist bereits erledigt. Danke!": ("done", ""),
    "Hallo, ist erledigt.": ("done", ""),
    "Hallo Frau Dr. Beispiel,\n\nwurde erledigt.\nVielen Dank für den Hinweis": ("done", ""),
    "Guten Morgen. Erledigt": ("done", ""),
    "Danke für die Meldung, erledigt.": ("done", ""),
    "Status: erledigt": ("done", ""),
    "„Erledigt“": ("done", ""),
    "erledgit": ("done", ""),
    "Eredigt": ("done", ""),
    "done": ("done", ""),
    "Erledigt. Der Mast ist getauscht.": ("done", "Der Mast ist getauscht."),
    "Erledigt - Lampe neu": ("done", "Lampe neu"),
    "in Arbeit": ("in_progress", ""),
    "In Bearbeitung.": ("in_progress", ""),
    "In Arbiet": ("in_progress", ""),
    "Angenommen": ("accept", ""),
    "nicht zuständig": ("not_ours", ""),
    "Nicht zustaendig: das macht die Bahn.": ("not_ours", "das macht die Bahn."),
    "nicht zuständig, bitte an das Ordnungsamt": ("not_ours", "bitte an das Ordnungsamt"),
    "eingeplant: KW 12": ("scheduled", "KW 12"),
    "Rückfrage: Welche Hausnummer?": ("ask", "Welche Hausnummer?"),
    "Eingeplant für Dienstag": ("scheduled", "für Dienstag"),
}
FREE = (
    *(
        "",
        "?",
        "erledigt?",
        "nicht erledigt",
        "unerledigt",
        "Wird erledigt",
        "erledigt wird das nie",
        "abgenommen",
    ),
    *(
        "Erledigt, aber nur links",
        "Erledigt. Aber nur links.",
        "Erledigt. Noch nicht ganz.",
        "Teilweise erledigt",
    ),
    *(
        "in Arbeit, bis Freitag",
        "eingeplant",
        "Rückfrage",
        "nun zuständig",
        "nicht zuständig sind wir nur im Wald",
    ),
    *(
        "Wir sind zuständig",
        "Die Laterne ist repariert.\n\nStatus: erledigt",
        "Hallo",
        "MfG",
        "don",
        "Erledigt. Oder?",
    ),
)


@pytest.mark.parametrize("words", UNDERSTOOD)
def test_these_words_are_understood(words: str) -> None:
    assert said(words) == Said(*UNDERSTOOD[words])


@pytest.mark.parametrize("words", FREE)
def test_free_words_wait_for_a_person(words: str) -> None:
    assert said(words) is None


@given(st.text(max_size=300))
def test_no_words_are_too_strange(words: str) -> None:
    said(words)


@given(
    st.sampled_from([words for words, (_, rest) in UNDERSTOOD.items() if not rest and len(words) < 12]),
    st.text(max_size=40),
)
def test_whatever_is_taken_begins_with_the_answer(words: str, more: str) -> None:
    found = said(f"{words} {more}")
    assert found is None or found.answer in {"done", "in_progress", "accept", "not_ours", "scheduled"}

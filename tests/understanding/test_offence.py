"""Insults are found in reports, and drastic words about things are none."""

from time import process_time

import pytest

from bridge.domain import Flag
from bridge.understanding import hashed, insults, masked, offence, sentences

REPORT = "Die Laterne in der Holbeinstraße ist seit Wochen kaputt"


def flags(text: str) -> set[Flag]:
    return {found.flag for found in offence.find(text, hashed.words(text))}


@pytest.mark.parametrize(
    "insult",
    [
        "Ihr seid Idioten!",
        "Ihr faulen Säcke!",
        "ihr Vollpfosten",
        "Die Trottel vom Amt schlafen.",
        "Was für Arschlöcher sitzen denn bei euch?",
        "Unfähiges Pack!",
        "Der Depp, der hier parkt, gehört abgeschleppt.",
        "You are a bunch of morons.",
    ],
)
@pytest.mark.parametrize("joint", [". ", ", ", "! "])
def test_an_insult_is_found_in_a_report(insult: str, joint: str) -> None:
    assert Flag.INSULT in flags(REPORT + joint + insult)


@pytest.mark.parametrize(
    "text",
    [
        REPORT,
        "Überall Dreck und Schrott, eine Sauerei!",
        "Hier liegen Fäkalien, es stinkt widerlich.",
        "Diese bescheuerte Ampel ist schon wieder kaputt.",
        "Hundescheiße auf dem ganzen Gehweg, zum Kotzen.",
        "Eine Frechheit, dass hier nichts passiert!",
        "Der wichtige Weg zur Schule ist vermüllt.",
        "Eichenprozessionsspinner in der Klassikstraße",
        "Leere Flaschen und ein toter Hund neben dem Müllsack.",
        "",
    ],
)
def test_drastic_words_about_things_are_no_insult(text: str) -> None:
    assert flags(text) == set()


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("Wenn ihr nicht kommt, schlag ich euch die Zähne ein.", Flag.THREAT),
        ("Ich bring dich um!", Flag.THREAT),
        ("Die gehören alle erschossen.", Flag.INCITEMENT),
    ],
)
def test_threats_and_incitement_have_flags_of_their_own(text: str, flag: Flag) -> None:
    assert flag in flags(text)


def test_the_words_that_hurt_are_shown_where_they_stand() -> None:
    text = f"{REPORT}. Ihr Idioten!"
    found = offence.find(text, hashed.words(text))[0]
    assert text[found.start : found.end] == found.words
    assert "Idioten" in found.words


def test_a_post_has_a_chance_to_offend_whatever_it_is_about() -> None:
    kind, rude = "Schönen Dank für die Blumen im Park", "Volksverräter, ihr widerlichen Lügner!"
    assert offence.chance(hashed.words(kind)) < 0.5 < offence.chance(hashed.words(rude))


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("Vollidioten", True),
        ("Beamtenpack", True),
        ("wichtig", False),
        ("Gepäck", False),
        ("Sixpack", False),
        ("Straße", False),
        ("gassi", False),
        ("Nachttischlampe", False),
    ],
)
def test_the_lexicon_knows_compounds_and_leaves_look_alikes(word: str, found: bool) -> None:
    hurts = insults.lexicon().find(hashed.words(word))
    assert any(hurt.meaning.group in {"person", "slur"} for hurt in hurts) is found


def test_no_entry_of_the_lexicon_stands_twice_in_a_group() -> None:
    seen = insults.lexicon().entries
    assert [entry for entry in set(seen) if seen.count(entry) > 1] == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Eins. Zwei! Drei", 3),
        ("In der Karl-Liebknecht-Str. 12 brennt es", 1),
        ("ca. 5 m vor Nr. 7", 1),
        ("Was?! Nein...", 2),
        ("eins\nzwei", 2),
        ("", 0),
        ("wort " * 200, 3),
    ],
)
def test_sentences_end_where_people_end_them(text: str, parts: int) -> None:
    assert len(list(sentences.split(text, hashed.words(text)))) == parts


@pytest.mark.parametrize(
    "text",
    [
        "Ihr I.d.i.o.t.e.n!",
        "Ihr A***löcher!",
        "Ihr 1d10ten!",
        "Ihr Idioooooten!",
    ],
)
def test_half_hidden_words_are_seen(text: str) -> None:
    assert Flag.INSULT in flags(text)


@pytest.mark.parametrize("text", ["Bürger*innen", "z.B. u.a. d.h.", "5*3", "**wichtig**", "A-B-C"])
def test_stars_and_abbreviations_are_left_alone(text: str) -> None:
    words = hashed.words(text)
    assert masked.whole(text, words, insults.lexicon().coarse) == words


@pytest.mark.parametrize(
    "text",
    [
        "a*" * 5_000,
        "a." * 5_000,
        "a*a " * 2_500,
        "a.b.c.d " * 1_250,
        "*" * 10_000,
        "ihr " * 2_500,
        "Idiot" * 2_000,
    ],
    ids=lambda text: text[:8],
)
def test_hostile_texts_end_in_bounded_time(text: str) -> None:
    start = process_time()
    flags(text)
    assert process_time() - start < 10, "something runs away: usually under 1 s of CPU"

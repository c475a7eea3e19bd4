"""Of an answer only what is new is read: no quote, no greeting, no signature."""

import json
import os
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge import marker
from bridge.letters.newest import newest

NEW = "Guten Tag,\n\ndie Laterne leuchtet wieder."
HEAD = "Stadtbrücke <melder@stadt.example>"
BELOW = {
    "our marker": f"\n{marker.marker('MU-2026-00001')}\nDie Laterne ist aus",
    "our marker, quoted": f"\n> {marker.marker('MU-2026-00001')}\n> Die Laterne ist aus",
    "Gmail": f"\nAm Mo., 16. Nov. 2026 um 17:03 Uhr schrieb {HEAD}:\n\n> Die Laterne ist aus",
    "Gmail in two lines": "\nAm Mo., 16. Nov. 2026 um 17:03 Uhr schrieb Stadt <\nm@stadt.example>:\n\n> aus",
    "Thunderbird": "\nAm 16.11.26 um 17:03 schrieb Stadtbrücke:\n> Die Laterne ist aus",
    "Apple": f"\n> Am 16.11.2026 um 17:03 schrieb {HEAD}:\n> \n> Die Laterne ist aus",
    "a telephone": f"\nVon meinem iPhone gesendet\n\n> Am 16.11.2026 um 17:03 schrieb {HEAD}:\n> aus",
    "another telephone": "\nDiese Nachricht wurde von meinem Android-Gerät mit Mail gesendet.",
    "Outlook": "\nVon: Stadt <m@stadt.example>\nGesendet: Montag\nAn: Amt\nBetreff: x\n\nLaterne aus",
    "Outlook's line": "\n________________________________\nVon: Stadt\nGesendet: Montag\n\nLaterne aus",
    "old Outlook": "\n-----Ursprüngliche Nachricht-----\nVon: Stadt\n\nDie Laterne ist aus",
    "Notes": "\nVon:\tStadt <m@stadt.example>\nAn:\tamt@stadt.example\nDatum:\t16.11.26\n\nLaterne aus",
    "a web mailer": '\nGesendet: Montag um 17:03 Uhr\nVon: "Stadt" <m@stadt.example>\n\nDie Laterne ist aus',
    "GroupWise": f"\n>>> {HEAD} 16.11.2026 17:03 >>>\nDie Laterne ist aus",
    "a greeting": "\nMit freundlichen Grüßen\nTiefbauamt\nTel. 0000",
    "a short greeting": "\nMfG\nTiefbauamt",
    "a signature": "\n-- \nTiefbauamt, Zimmer 1",
    "English": "\nOn Mon, Nov 16, 2026 at 5:03 PM City <m@stadt.example> wrote:\n> out",
}


@pytest.mark.parametrize("program", BELOW)
def test_only_what_is_new_is_read(program: str) -> None:
    assert newest(f"{NEW}\n{BELOW[program]}") == NEW
    assert newest(f"{NEW}\n{BELOW[program]}".replace("\n", "\r\n")) == NEW


def test_what_stands_between_the_quotes_is_kept() -> None:
    assert (
        newest("> Die Laterne ist aus\nLeuchtet wieder.\n> Foto anbei\nDanke.") == "Leuchtet wieder.\nDanke."
    )


def test_a_sentence_that_looks_like_a_head_is_none() -> None:
    assert (
        newest("Am Montag schrieb der Bauhof: fertig.\n\nAlles gut")
        == "Am Montag schrieb der Bauhof: fertig.\n\nAlles gut"
    )


def test_an_answer_of_nothing_but_quotes_is_empty() -> None:
    assert newest(f"> {marker.marker('MU-2026-00001')}\n> Die Laterne ist aus") == ""


@given(
    st.text(st.sampled_from("Am Onschriebwte:\n> -_@VFGMfG\x00\u202e\ud800"), max_size=400)
    | st.text(max_size=400)
)
def test_no_text_is_too_strange(text: str) -> None:
    assert len(newest(text)) <= len(text)


@pytest.mark.parametrize(
    "seed", ["Am 1 schrieb ", "On 1 wrote ", "Von:\n", "> ", "Hinweis: mail ", "_" * 32 + "\n", "\n"]
)
def test_no_text_takes_long(seed: str) -> None:
    began = process_time()
    newest(seed * (200_000 // len(seed)))
    assert process_time() - began < 10


def outside() -> Path:
    folder = Path(os.environ.get("STADTBRUECKE_DATA") or "nowhere") / "email-replies"
    if not folder.is_dir():
        pytest.skip("STADTBRUECKE_DATA names no folder with email-replies.")
    return folder


def test_of_german_answers_nothing_quoted_is_left() -> None:
    cases = json.loads((outside() / "de-own" / "de_cases.json").read_text("utf-8"))
    read = {name: newest(text) for name, text in cases.items()}
    assert [name for name, text in read.items() if "Neue Meldung" in text or ">" in text] == []
    assert all("erledigt" in text or name == "inline" for name, text in read.items())


def test_of_other_peoples_answers_hardly_a_quoted_line_is_left() -> None:
    files = [path for path in outside().rglob("*") if path.suffix in {".txt", ""} and path.is_file()]
    texts = {path.name: path.read_text("utf-8", "replace") for path in files if path.name != "LICENSE"}
    leaking = {
        name
        for name, text in texts.items()
        if any(line.startswith(">") for line in newest(text).splitlines())
    }
    print(f"\n{len(texts)} answers, {len(leaking)} with a quoted line left: {sorted(leaking)}")
    assert not leaking

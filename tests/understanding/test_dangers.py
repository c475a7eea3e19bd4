"""Danger to life is never missed for a lamp, and a lamp is never taken for danger."""

from pathlib import Path
from time import process_time

import pytest

from bridge.domain import ConfigError
from bridge.understanding import alarm, hashed
from bridge.understanding.dangers import Rules
from bridge.understanding.model import grams

FILE = """
groups:
  person: [=frau, =mann]
  anybody: [<person>, =wer]
unless:
  past: [gestern, "=war !=eben"]
emergencies:
  fire:
    because: Feuer
    not_where: [past]
    words: ["brennt <anybody>", =feuer]
    signs: [rauch]
    unless: [lagerfeuer]
"""


@pytest.fixture(scope="module")
def shipped() -> Rules:
    return Rules(Path(__file__).parents[2] / "routing_rules" / "common" / "emergencies.yaml")


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    path = tmp_path / "emergencies.yaml"
    path.write_text(FILE, encoding="utf-8")
    return Rules(path)


def alarms(text: str, rules: Rules) -> list[alarm.Alarm]:
    words = hashed.words(text)
    return alarm.find(text, words, grams(words), rules)


@pytest.mark.parametrize(
    "text",
    [
        "Es brennt in der Wohnung über uns!",
        "FEUER im Hinterhof Eisenbahnstraße 87, schnell",
        "Rauch aus dem Keller, bitte schnell",
        "Im Treppenhaus riecht es stark nach Gas",
        "Gasgeruch in der Karli, geht nicht weg",
        "Ein Mann liegt bewusstlos auf dem Gehweg",
        "Gerade Unfall am Südplatz, jemand blutet",
        "Die Oberleitung ist gerissen und hängt auf der Straße",
        "Schlägerei am Hauptbahnhof, einer hat ein Messer",
        "Auf der Baustelle liegt eine Granate",
        "Gestern hat die Heizung gezischt. Jetzt riecht es nach Gas und mir ist schwindlig",
        "There is a fire in the park",
        "Die Ampel ist aus und daneben brennt ein Auto",
        "Ein Kind ist in den Teich gefallen",
        "Meine Mutter atmet nicht mehr",
        "Vor der Tür steht einer mit einer Axt und will rein",
    ],
)
def test_danger_to_life_is_an_emergency(shipped: Rules, text: str) -> None:
    assert alarms(text, shipped)


@pytest.mark.parametrize(
    "text",
    [
        "Die Laterne brennt nicht mehr",
        "Die Lampe brennt den ganzen Tag",
        "Wir sind Feuer und Flamme für den neuen Park",
        "Müll in der Brandenburger Straße",
        "Auto parkt in der Feuerwehrzufahrt",
        "Kein Feuer, nur Nebel auf der Wiese",
        "Zum Glück wurde niemand verletzt, aber das Schlagloch muss weg",
        "Bevor sich jemand verletzt: bitte das Loch schließen",
        "Unfallgefahr an der Kreuzung",
        "Der Papierkorb ist ausgebrannt",
        "Mit Vollgas durch die Spielstraße, es stinkt nach Abgas",
        "Loch mit 40 cm Durchmesser",
        "Das Thema brennt uns unter den Nägeln",
        "Silvester: überall Reste vom Feuerwerk",
        "Muss erst jemand sterben, bis hier gestreut wird?",
        "Letzte Woche hat hier ein Container gebrannt, die Reste liegen noch da",
        "Die vielen Blaulichter? Kellerbrand, niemand verletzt, sagt der Einsatzleiter",
        "Eine Pappel ist auf den Weg gestürzt und liegt quer",
        "Und eine Matratze",
        "",
        "🔥🔥🔥",
    ],
)
def test_figures_of_speech_denials_and_lamps_are_no_emergency(shipped: Rules, text: str) -> None:
    assert alarms(text, shipped) == []


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("Feuer!", True),
        ("Da brennt eine Frau", True),
        ("Wer brennt", True),
        ("Kein großes Feuer", False),
        ("Feuer am Lagerfeuer", False),
        ("Feuer war gestern", False),
        ("Eben war Feuer", True),
        ("Gestern war Markt. Feuer!", False),
        ("Es brennt", False),
        ("Rauch", False),
    ],
)
def test_an_entry_holds_within_its_sentence_unless_taken_back(rules: Rules, text: str, sure: bool) -> None:
    assert any(danger.sure for danger in rules.read(text, hashed.words(text)).dangers) is sure


def test_signs_and_lists_are_told_but_are_not_enough(rules: Rules) -> None:
    reading = rules.read("Rauch. Gestern war Ruhe.", hashed.words("Rauch. Gestern war Ruhe."))
    assert [(danger.written, danger.sure) for danger in reading.dangers] == [("rauch", False)]
    assert reading.unless == {"past"}


def test_a_danger_that_another_sentence_takes_back_is_only_a_sign(shipped: Rules) -> None:
    text = "Wohnungsbrand in der Holbeinstraße. Niemand verletzt, alles gelöscht."
    assert {danger.sure for danger in shipped.read(text, hashed.words(text)).dangers} == {False}


def test_the_lists_that_the_model_knows_are_among_the_rules(shipped: Rules) -> None:
    assert set(alarm.LISTS) <= set(shipped.lists)


def test_an_alarm_says_which_rule_held_and_where(shipped: Rules) -> None:
    text = "Hilfe! Es brennt in der Wohnung"
    found = alarms(text, shipped)[0]
    assert (found.because, text[found.start : found.end]) == ("Feuer oder Rauch", "Es brennt")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("words:", "word:"), r"emergencies\.yaml:\d+: unknown key 'word'; did you mean 'words'"),
        (("brennt <anybody>", "brennt <anybdy>"), r"no such group as 'anybdy'; did you mean 'anybody'"),
        (("not_where: [past]", "not_where: [pst]"), r"no such list as 'pst'; did you mean 'past'"),
    ],
)
def test_a_mistake_in_the_rules_says_what_to_do(
    tmp_path: Path, change: tuple[str, str], complaint: str
) -> None:
    path = tmp_path / "emergencies.yaml"
    path.write_text(FILE.replace(*change), encoding="utf-8")
    with pytest.raises(ConfigError, match=complaint):
        Rules(path)


def test_a_city_without_rules_is_read_all_the_same(tmp_path: Path) -> None:
    assert Rules(tmp_path / "none.yaml").read("Feuer", hashed.words("Feuer")).dangers == []


@pytest.mark.parametrize(
    "text",
    [
        "brennt nicht " * 800,
        "Feuer " * 1_600,
        "x" * 10_000,
        "🔥" * 5_000,
        "Mann liegt Blut " * 600,
        "\x00" * 9_000,
    ],
    ids=lambda text: repr(text[:6]),
)
def test_hostile_texts_end_in_bounded_time(shipped: Rules, text: str) -> None:
    start = process_time()
    alarms(text, shipped)
    assert process_time() - start < 10, "something runs away: usually under 0.5 s of CPU"

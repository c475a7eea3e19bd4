"""Danger to life is never missed for a lamp, and a lamp is never taken for danger."""

from pathlib import Path

import pytest

from bridge.domain import ConfigError, Kind
from bridge.understanding.clues import emergencies
from bridge.understanding.reader import Reader


@pytest.mark.parametrize(
    "text",
    [
        "Es brennt in der Wohnung über uns!",
        "FEUER im Hinterhof Eisenbahnstraße 87",
        "Rauch aus dem Keller, bitte schnell",
        "Im Treppenhaus riecht es stark nach Gas",
        "Gasgeruch in der Karli, geht nicht weg",
        "Ein Mann liegt bewusstlos auf dem Gehweg",
        "Gerade Unfall am Südplatz, jemand blutet",
        "Die Oberleitung ist gerissen und hängt auf der Straße",
        "Schlägerei am Hauptbahnhof, einer hat ein Messer",
        "Auf der Baustelle liegt eine Granate",
        "There is a fire in the park",
        "Die Ampel ist aus und daneben brennt ein Auto",
    ],
)
def test_danger_to_life_is_an_emergency(reader: Reader, text: str) -> None:
    assert reader.understand(text).kind is Kind.EMERGENCY


@pytest.mark.parametrize(
    "text",
    [
        "Die Laterne brennt nicht mehr",
        "Die Lampe brennt den ganzen Tag",
        "Wir sind Feuer und Flamme für den neuen Park",
        "Müll in der Brandenburger Straße",
        "Müll in der Feuerwehrstraße",
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
    ],
)
def test_figures_of_speech_denials_and_lamps_are_no_emergency(reader: Reader, text: str) -> None:
    assert reader.understand(text).kind is not Kind.EMERGENCY


def test_an_emergency_says_which_rule_held(reader: Reader) -> None:
    reasons = reader.understand("Es brennt im Keller").evidence
    assert ("emergency", "Etwas brennt", "brennt") in {(r.value, r.because, r.words) for r in reasons}


def test_a_mistake_in_the_rules_names_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "emergencies.yaml"
    path.write_text("emergencies:\n  fire:\n    because: x\n    word: [a]\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"emergencies\.yaml:4: unknown key 'word'; did you mean 'words'"):
        emergencies(path)


def test_a_city_without_rules_has_no_emergencies(tmp_path: Path) -> None:
    assert emergencies(tmp_path / "none.yaml") == ()

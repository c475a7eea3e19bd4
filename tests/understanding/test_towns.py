"""Other towns: named as the place of the matter, or only in passing."""

import pytest

from bridge.understanding.towns import OtherTowns


@pytest.mark.parametrize(
    ("text", "town"),
    [
        ("Schlagloch in Wurzen am Markt", "Wurzen"),
        ("in wurzen liegt müll", "Wurzen"),
        ("Wurzen, Dresdner Straße 5: Ampel aus", "Wurzen"),
        ("wurzen dresdner straße ampel aus", "Wurzen"),
        ("Müll in der Seestraße, Wurzen", "Wurzen"),
        ("#Wurzen Papierkorb voll", "Wurzen"),
        ("Scherben am Bahnhof Wurzen", "Wurzen"),
        ("Bad Düben, Kurpark: Baum umgestürzt", "Bad Düben"),
        ("Berlin-Mitte: Roller im Weg", "Berlin"),
        ("Halle (Saale), Marktplatz: Laterne aus", "Halle Saale"),
        ("Haltestelle Riebeckplatz in Halle", "Halle"),
        ("Frankfurt am Main, Zeil: alles voll", "Frankfurt am Main"),
        ("Ortsausgang in Wurzen Richtung Leipzig", "Wurzen"),
    ],
)
def test_a_town_named_as_the_place_of_the_matter_is_heard(text: str, town: str) -> None:
    found = OtherTowns("Leipzig").named(text)
    assert found
    assert found.name == town


@pytest.mark.parametrize(
    "text",
    [
        "Schlagloch Dresdner Straße",
        "Berliner Straße 5",
        "Stau auf der Straße nach Berlin",
        "Straßenbahn Richtung Wurzen fällt aus",
        "Der Wagen aus Dresden steht seit Wochen hier",
        "Ich wohne in Wurzen, aber hier liegt Müll",
        "Hier sieht es aus wie in Berlin",
        "Das Essen in der Mensa war kalt",
        "in Halle 5 der Messe tropft es",
        "Der Hof ist voll Müll",
        "In Leipzig und in Wurzen liegt Müll",
        "essen in der karli ist teuer",
        "@stadtwurzen hallo",
        "",
    ],
)
def test_a_direction_an_origin_or_an_everyday_word_is_no_other_town(text: str) -> None:
    assert OtherTowns("Leipzig").named(text) is None

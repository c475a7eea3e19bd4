"""The number of a lamp, the direction and since when."""

import pytest

from bridge.understanding.details import details


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Lampe Nr. 12 flackert", [("lamp", "12")]),
        ("Leuchte 4711 aus", [("lamp", "4711")]),
        ("Laternennummer 203", [("lamp", "203")]),
        ("Mast 3 stadteinwärts", [("lamp", "3"), ("direction", "stadteinwärts")]),
        ("12 Laternen, Laterne 5 m weiter, Laterne 20 Uhr", []),
        (
            "Richtung Markkleeberg seit gestern Abend",
            [("direction", "Richtung Markkleeberg"), ("since", "seit gestern Abend")],
        ),
        ("seit drei Wochen dunkel", [("since", "seit drei Wochen")]),
        ("Seit dem 12.3. liegt das da", [("since", "Seit dem 12.3.")]),
        ("seither, seitlich, seit du da bist", []),
    ],
)
def test_a_detail_is_found_with_its_words(text: str, found: list[tuple[str, str]]) -> None:
    given = details(text)
    assert [(one.kind, one.words) for one in given] == found
    assert all(text[one.start : one.end] == one.words for one in given)


def test_hostile_texts_take_no_time() -> None:
    for text in ("seit " * 2_000, "Lampe " * 1_500, "Richtung " * 1_000, "a" * 10_000, "1." * 5_000):
        details(text)

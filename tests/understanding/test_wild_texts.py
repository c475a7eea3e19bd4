"""Whatever somebody writes: a result, never an exception, within bounded time."""

from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.domain import Point
from bridge.understanding.reader import Reader

PIECES = st.sampled_from(
    [
        *(
            "Ecke",
            "Karli",
            "Könneritzstraße",
            "/",
            "Holbeinstr.",
            "12",
            "12-14",
            "a",
            "Nr.",
            "Höhe",
            "#Connewitz",
        ),
        *(
            "@stadt",
            "XX-AB 12",
            "brennt",
            "nicht",
            "Ampel",
            "in",
            "Dresden",
            "?",
            "\n",
            "\u0308",
            "\u202e",
            "🔥",
        ),
        *("https://x.example/y", "Haltestelle", "Richtung", "<b>", "0341", "\x00", "zwischen", "und", "-"),
    ]
)
LOOSE = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@LOOSE
@given(st.text(max_size=400))
def test_any_text_gives_a_result(reader: Reader, text: str) -> None:
    found = reader.understand(text)
    assert 0 <= found.confidence <= 1


@LOOSE
@given(st.lists(PIECES, max_size=30).map(" ".join), st.none() | st.just(Point(lat=51.34, lon=12.37)))
def test_any_mixture_of_known_words_gives_a_result_with_true_spans(
    reader: Reader, text: str, point: Point | None
) -> None:
    for reason in reader.understand(text, point).evidence:
        if reason.start is not None:
            assert text[reason.start : reason.end] == reason.words


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10_000,
        "Karli " * 2_000,
        "Ecke Karli/" * 1_000,
        "Karli 12-" * 1_200,
        "🔥" * 5_000,
        "Z\u0308\u0301\u0323\u0334" * 2_000,
        "\x00\x07\x1b" * 3_000,
        "@" * 10_000,
        "a@" * 5_000,
        "0 " * 5_000,
        "XX-AB " * 1_700,
        "#" * 10_000,
        "http://" * 1_500,
        "brennt nicht " * 800,
        "Straße " * 1_500,
        "<div>" * 2_000,
        "x" * 5_000_000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_long_and_hostile_texts_end_in_bounded_time(reader: Reader, text: str) -> None:
    start = process_time()
    reader.understand(text)
    assert process_time() - start < 10, "a pattern runs away: usually under 0.5 s of CPU"

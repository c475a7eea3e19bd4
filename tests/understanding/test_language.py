"""The language of short posts: German unless something else speaks."""

import pytest

from bridge.understanding import language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Lampe kaputt", "de"),
        ("Bin full", "de"),
        ("", "de"),
        ("🔥🔥", "de"),
        ("https://x.example/the/and/is", "de"),
        ("Det Wasser is weg, dit jeht so nich", "de"),
        ("The light at the park is broken", "en"),
        ("Bin full again", "en"),
        ("The Ampel is kaputt please repair", "en"),
        ("La lumière est cassée dans notre rue", "fr"),
        ("Kosz na śmieci jest pełny", "pl"),
        ("Sokak lambası yanmıyor", "tr"),
        ("La farola no funciona", "es"),
        ("Il lampione è rotto", "it"),
        ("Het licht is kapot in onze straat", "nl"),
        ("В парке сломана скамейка", "ru"),
        ("Ліхтар не працює", "uk"),
        ("الإنارة معطلة في شارعنا", "ar"),
        ("路灯坏了", "zh"),
    ],
)
def test_a_language_is_known_by_its_small_words(text: str, code: str) -> None:
    assert language.of_text(text) == code

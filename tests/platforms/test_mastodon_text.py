"""Mastodon's HTML as plain words, and how long words are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.platforms.mastodon import _text

OURS = {("netz.example", "stadt")}
US = '<a href="https://netz.example/users/Stadt" class="mention">@<span>stadt</span></a>'
OTHER = '<a href="https://fern.example/@stadt" class="u-url mention">@<span>stadt</span></a>'
LINK = '<a href="{}"><span class="invisible">https://</span><span class="ellipsis">{}</span></a>'


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("nur Text", "nur Text"),
        ("<p>eins</p><p>zwei<br>drei</p>", "eins\n\nzwei\ndrei"),
        ("<p>Stra&szlig;e &amp; Weg &lt;3 &#128557;</p>", "Straße & Weg <3 😭"),
        (f"<p>{US} Ampel aus</p>", "Ampel aus"),
        (f"<p>{US}</p><p>Ampel aus</p>", "Ampel aus"),
        (f"<p>{OTHER} {US} Ampel aus</p>", "@stadt Ampel aus"),
        (f"<p>Danke {US} und {OTHER}</p>", "Danke @stadt und @stadt"),
        (
            '<p><a href="https://x.example/tags/laut" class="mention hashtag">#<span>laut</span></a></p>',
            "#laut",
        ),
        ("<p>" + LINK.format("https://x.example/a/b", "x.example/a") + "</p>", "https://x.example/a/b"),
        ('<a href="https://x.example/karte">hier</a>', "hier (https://x.example/karte)"),
        ('<a href="x.example">hier</a> <a>da</a>', "hier da"),
        ('<a href="javascript:alert(1)">hier</a>', "hier"),
        ('<a href="mailto:a@x.example">a@x.example</a>', "a@x.example"),
        ("<ul><li>eins</li><li>zwei</li></ul>", "eins\nzwei"),
        ("<p>a</p>\n\n  <p>b</p>", "a\n\nb"),
        ("<script>alert(1)</script><style>p{}</style>Text", "Text"),
        ("<![weg[ Ampel", "<![weg[ Ampel"),
        ("<p>offen <a href='https://x.example/'>x.example", "offen https://x.example/"),
        ('<a href="https://[::1" class="mention">@x</a>', "@x"),
    ],
)
def test_html_becomes_the_words_somebody_wrote(html: str, text: str) -> None:
    assert _text.to_text(html, OURS) == text


@given(st.text(alphabet="<>![]/&;#ap \"'=\x00-?xß\n"))
def test_no_html_however_broken_is_an_exception(html: str) -> None:
    assert "\x00" not in _text.to_text(html, OURS)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("Ampel", 5),
        ("👩‍👩‍👧‍👦🇩🇪é", 3),
        ("क्षि", 1),
        ("@ada@marktplatz.example Danke", 10),
        ("@ada Danke", 10),
        ("mail a@b.example", 16),
        ("https://stadt.example/s/ABCD2345", 23),
        ("http://a.de", 23),
        ("Mehr: https://stadt.example/s/ABCD2345.", 6 + 23 + 1),
        ("(https://stadt.example/)", 25),
        ("https://stadt.example https://stadt.example", 47),
        ("https://fern.example/@ada@marktplatz.example", 23),
        ("http://127.0.0.1:8080/s/AB", 26),
        ("stadt.example", 13),
    ],
)
def test_words_are_counted_as_mastodon_counts_them(text: str, length: int) -> None:
    assert _text.count(text, 23) == length


@given(st.text())
def test_a_count_is_never_more_than_the_letters_and_the_links(text: str) -> None:
    assert 0 <= _text.count(text, 23) <= len(text) + 23 * text.count("://")


@pytest.mark.parametrize(
    ("html", "text", "same"),
    [
        (f"<p>{OTHER} Danke!</p>", "@stadt@fern.example Danke!", True),
        ("<p>Danke!<br>Gern.</p>", "Danke!\n\nGern.", True),
        ('<p>Ort: <a href="https://x.example/">x.example</a></p>', "Ort: x.example", True),
        ('<p><a href="https://x.example/Stra%C3%9Fe">x</a></p>', "https://x.example/Straße", True),
        ("<p>Danke, MU-2026-00001</p>", "Danke, MU-2026-00002", False),
        ("<p>Danke</p>", "Danke sehr", False),
    ],
)
def test_a_post_is_recognised_by_its_words_whatever_the_server_made_of_them(
    html: str, text: str, same: bool
) -> None:
    assert _text.same_words(html, text) is same

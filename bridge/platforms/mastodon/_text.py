"""A status' HTML as the words somebody wrote, and words counted as Mastodon counts them."""

import re
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import regex

_PARAGRAPHS = {"p", "blockquote", "pre", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"}
_HIDDEN = {"script", "style"}
_MENTION = re.compile(r"(?<![=/\w])@(\w+(?:[\w.-]*\w)?)@[\w.-]*\w")
# Mastodon shortens only links to a named host; an address made of numbers counts in full.
_LINK = re.compile(r"https?://(?:[^\s/@:?#.]+\.)+[^\W\d_]{2,}(?::\d+)?(?:[/?#][^\s<>\"]*)?", re.IGNORECASE)
_LINK_END = re.compile(r"[.,;:!?'\")\]]+$")


class _Link(NamedTuple):
    href: str
    classes: list[str]
    words: list[str]


class _Words(HTMLParser):
    def __init__(self, ours: set[tuple[str, str]]) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._ours = ours
        self._link: _Link | None = None
        self._hidden = False
        self._only_mentions_yet = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden = tag in _HIDDEN
        if tag == "a":
            self._end_link()
            said = dict(attrs)
            self._link = _Link(said.get("href") or "", (said.get("class") or "").split(), [])
        elif tag in {"br", "li"}:
            self._break("\n")
        elif tag in _PARAGRAPHS:
            self._break("\n\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False
        if tag == "a":
            self._end_link()
        elif tag in _PARAGRAPHS:
            self._break("\n\n")

    def handle_data(self, data: str) -> None:
        words = re.sub(r"[ \t\r\n\f]+", " ", data)
        if self._hidden:
            return
        if self._link:
            self._link.words.append(words)
            return
        self._only_mentions_yet = self._only_mentions_yet and not words.strip()
        self.parts.append(words)

    def close(self) -> None:
        super().close()
        self._end_link()

    def _break(self, lines: str) -> None:
        self._end_link()
        self.parts.append(lines)

    def _end_link(self) -> None:
        link, self._link = self._link, None
        if link is None:
            return
        words = "".join(link.words)
        if "mention" in link.classes and "hashtag" not in link.classes:
            if not (self._only_mentions_yet and account_of(link.href) in self._ours):
                self.parts.append(words)
            return
        self._only_mentions_yet = False
        self.parts.append(_with_address(words, link.href))


def to_text(html: str, ours: set[tuple[str, str]]) -> str:
    """The plain words of a status, without the mentions of us (as `account_of` names us) it begins with."""
    parser = _Words(ours)
    # The standard parser stops at marked sections it does not know; in a status they are only text.
    parser.feed(html.replace("<![", "&lt;![").replace("\x00", ""))
    parser.close()
    text = re.sub(r" +", " ", "".join(parser.parts))
    text = re.sub(r" ?\n ?", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def account_of(url: str) -> tuple[str, str]:
    """The host and user name in an account's address, however the server writes it; ("", "") for none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.netloc.lower(), parts.path.rstrip("/").rpartition("/")[2].lstrip("@").lower()


def count(text: str, link_length: int) -> int:
    """How many characters Mastodon counts: graphemes, any link as `link_length`, mentions without host."""
    short = _LINK.sub(lambda link: "x" * link_length + _after(link[0]), text)
    return len(regex.findall(r"\X", _MENTION.sub(r"@\1", short)))


def same_words(html: str, text: str) -> bool:
    """Whether a status' `html` says what we sent as `text`, whatever the server made of links and spaces."""
    return _bare(to_text(html, set())) == _bare(_MENTION.sub(r"@\1", text))


def _with_address(words: str, href: str) -> str:
    if not href.startswith(("http://", "https://")):
        return words
    if words.strip().startswith(("http://", "https://")) or words.strip() in href:
        return href
    return words if words.lstrip().startswith("#") else f"{words} ({href})"


def _after(link: str) -> str:
    end = _LINK_END.search(link)
    return end[0] if end else ""


def _bare(text: str) -> str:
    return re.sub(r"https?://|[\W_]+", "", unquote(text)).casefold()

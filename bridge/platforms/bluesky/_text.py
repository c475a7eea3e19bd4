"""Words as Bluesky takes them: plain text, and beside it what its pieces stand for, by UTF-8 bytes."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import regex

from bridge.platforms.bluesky._wire import Facet

BYTES_A_GRAPHEME = 10
"""300 graphemes and 3000 bytes are allowed, in direct messages 1000 and 10,000."""
_SHOWN_PATH = 15
"""How much of an address behind its host is shown; all of it is behind the link."""
_LONGEST_TAG = 64
_LINK = regex.compile(r"(?:(?<=^|\s|\())https?://\S+", regex.IGNORECASE)
_MENTION = regex.compile(r"(?<=^|\s|\()@([a-zA-Z0-9.-]+)\b")
_INVISIBLE = r"\u00AD\u2060\u200A\u200B\u200C\u200D\u20e2"
_TAG = regex.compile(
    rf"(?<=^|\s)[#＃]((?!\ufe0f)[^\s{_INVISIBLE}]*[^\d\s\p{{P}}{_INVISIBLE}]+[^\s{_INVISIBLE}]*)"
)
_PUNCTUATION = regex.compile(r"\p{P}+$")


def count(text: str) -> int:
    """The length of `text` as it will be shown: graphemes, or tenths of its bytes where these are more."""
    shown, _ = _shortened(text)
    return max(len(regex.findall(r"\X", shown)), -(-len(shown.encode()) // BYTES_A_GRAPHEME))


def rich(text: str, people: Mapping[str, str]) -> dict[str, Any]:
    """The part of a record that says `text`: links shortened, and facets for links, tags and `people`.

    `people` are ids by handle; nobody else is mentioned, since only the network knows who they are.
    """
    shown, links = _shortened(text)
    found = [(start, end, _feature("link", uri=uri)) for start, end, uri in links]
    taken = [(start, end) for start, end, _ in found]
    for start, end, feature in (*_mentions(shown, people), *_tags(shown)):
        if not any(start < last and first < end for first, last in taken):
            found.append((start, end, feature))
    facets = [_facet(shown, *one) for one in sorted(found, key=lambda one: one[0])]
    return {"text": shown, "facets": facets} if facets else {"text": shown}


def plain(text: str, facets: Iterable[Facet], our_id: str) -> str:
    """The words somebody wrote, links in full, without the mentions of us they begin with."""
    whole, said, at = text.encode(), b"", 0
    for facet in sorted(facets, key=lambda one: one.index.start):
        start, end = facet.index.start, facet.index.end
        if not (at <= start < end <= len(whole) and facet.features):
            continue
        feature, between = facet.features[0], whole[at:start]
        shown = whole[start:end]
        if feature.did == our_id and our_id and not (said + between).strip():
            shown = b""
        elif feature.uri:
            shown = _in_full(shown, feature.uri)
        said, at = said + between + shown, end
    # Facets are the author's own: their edges may cut a letter in two.
    return (said + whole[at:]).decode(errors="replace").strip()


def _in_full(shown: bytes, uri: str) -> bytes:
    """A link's words with its address, or only that where the words are the address, perhaps shortened."""
    words = shown.decode(errors="replace").strip()
    bare = words.removesuffix("…").removesuffix("...")
    if bare and bare.casefold() in uri.casefold():
        return uri.encode()
    return f"{words} ({uri})".encode()


def _shortened(text: str) -> tuple[str, list[tuple[int, int, str]]]:
    """`text` with short addresses, and where they stand in it, by characters, with what they stand for."""
    shown, links, at = "", [], 0
    for found in _LINK.finditer(text):
        uri = _without_end(found.group())
        short = _short(uri)
        shown += text[at : found.start()]
        links.append((len(shown), len(shown) + len(short), uri))
        shown, at = shown + short, found.start() + len(uri)
    return shown + text[at:], links


def _without_end(link: str) -> str:
    link = regex.sub(r"[.,;:!?]+$", "", link)
    return link[:-1] if link.endswith(")") and "(" not in link else link


def _short(uri: str) -> str:
    try:
        parts = urlsplit(uri)
    except ValueError:
        return uri
    path = uri.partition(parts.netloc)[2].removesuffix("/")
    return parts.netloc + (path if len(path) <= _SHOWN_PATH else path[: _SHOWN_PATH - 2] + "…")


def _mentions(text: str, people: Mapping[str, str]) -> Iterator[tuple[int, int, dict[str, str]]]:
    for found in _MENTION.finditer(text):
        if did := people.get(found[1]):
            yield found.start(), found.end(), _feature("mention", did=did)


def _tags(text: str) -> Iterator[tuple[int, int, dict[str, str]]]:
    for found in _TAG.finditer(text):
        tag = _PUNCTUATION.sub("", found[1])
        if 0 < len(regex.findall(r"\X", tag)) <= _LONGEST_TAG:
            yield found.start(), found.start() + 1 + len(tag), _feature("tag", tag=tag)


def _feature(kind: str, **what: str) -> dict[str, str]:
    return {"$type": f"app.bsky.richtext.facet#{kind}", **what}


def _facet(text: str, start: int, end: int, feature: dict[str, str]) -> dict[str, Any]:
    first = len(text[:start].encode())
    index = {"byteStart": first, "byteEnd": first + len(text[start:end].encode())}
    return {"index": index, "features": [feature]}

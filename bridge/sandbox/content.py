"""Text as Mastodon treats it: who is mentioned, how long it counts, and the HTML it becomes."""

from collections.abc import Callable

import regex
from markupsafe import Markup, escape

from bridge.sandbox.records import Account

DOMAIN = "marktplatz.example"
LIMIT = 500
CHARACTERS_PER_URL = 23
_SHOWN_OF_URL = 30

_MENTION = regex.compile(rf"(?<![\w/@])@(\w+)(?:@{regex.escape(DOMAIN)})?(?![\w@])", regex.IGNORECASE)
_REMOTE_MENTION = regex.compile(r"(?<![\w/@])(@\w+)@[\w.-]+\w")
_URL = regex.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?'()\[\]]")
_TOKEN = regex.compile(rf"(?P<url>{_URL.pattern})|(?P<mention>{_MENTION.pattern})", regex.IGNORECASE)

Finder = Callable[[str], Account | None]


def mentioned(text: str, find: Finder) -> list[Account]:
    """The accounts `text` speaks to, each once, in order."""
    without_urls = _URL.sub(" ", text)
    found = (find(match[1].lower()) for match in _MENTION.finditer(without_urls))
    return list({account.id: account for account in found if account}.values())


def length(text: str) -> int:
    """Graphemes, where a URL counts 23 and the server's name behind a mention nothing."""
    shortened = _REMOTE_MENTION.sub(r"\1", _URL.sub("x" * CHARACTERS_PER_URL, text))
    return len(regex.findall(r"\X", shortened))


def html(text: str, find: Finder, base: str) -> str:
    """`text` as Mastodon's sanitized HTML; `base` is the server's address without a slash at the end."""
    paragraphs = regex.split(r"\n{2,}", text.replace("\r\n", "\n").strip())
    return "".join(f"<p>{_paragraph(p, find, base)}</p>" for p in paragraphs if p)


def _paragraph(text: str, find: Finder, base: str) -> Markup:
    out, end = Markup(), 0
    for match in _TOKEN.finditer(text):
        out += _plain(text[end : match.start()])
        out += _link(match["url"]) if match["url"] else _mention(match["mention"], find, base)
        end = match.end()
    return out + _plain(text[end:])


def _plain(text: str) -> Markup:
    return escape(text).replace("\n", Markup("<br>"))


def _mention(text: str, find: Finder, base: str) -> Markup:
    account = find(text.split("@")[1].lower())
    if account is None:
        return escape(text)
    return Markup(
        '<span class="h-card" translate="no">'
        '<a href="{}/@{}" class="u-url mention">@<span>{}</span></a></span>'
    ).format(base, account.username, account.username)


def _link(url: str) -> Markup:
    address = regex.sub(r"^https?://(?:www\.)?", "", url)
    scheme, shown, rest = url.removesuffix(address), address[:_SHOWN_OF_URL], address[_SHOWN_OF_URL:]
    return Markup(
        '<a href="{}" target="_blank" rel="nofollow noopener" translate="no">'
        '<span class="invisible">{}</span>'
        '<span class="{}">{}</span><span class="invisible">{}</span></a>'
    ).format(url, scheme, "ellipsis" if rest else "", shown, rest)

"""Words that mean harm: what strangers may write, and how to tell that a page took it as mere words.

Whatever runs sets `window.__ran`. An extra set is read from the folder that STADTBRUECKE_DATA names.
"""

import json
import os
from collections.abc import Sequence
from html.parser import HTMLParser
from itertools import chain
from pathlib import Path

import pytest

RUN = "window.__ran=1"

SCRIPTS = (
    f"<script>{RUN}</script>",
    f"<ScRiPt >{RUN}</sCrIpT >",
    f"<script\n>{RUN}</script\n>",
    f"<script/x>{RUN}</script/x>",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f"</script><script>{RUN}</script>",
    f"</title><script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>",
    f"</select></option><script>{RUN}</script>",
    f"</style><script>{RUN}</script>",
    f"</template><script>{RUN}</script>",
    f"--><script>{RUN}</script><!--",
    f"]]><script>{RUN}</script><![CDATA[",
    "<script src=https://boese.example/x.js></script>",
    "<script src=//boese.example/x.js></script>",
    f"<script src=data:text/javascript,{RUN}></script>",
    f"<script type=module>{RUN}</script>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><script xlink:href=data:,{RUN} /></svg>",
    f"<math><mtext><script>{RUN}</script></mtext></math>",
    f"<noscript><p title='</noscript><script>{RUN}</script>'>",
    f"＜script＞{RUN}＜/script＞",
    f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"&#60;script&#62;{RUN}&#60;/script&#62;",
    f"%3Cscript%3E{RUN}%3C/script%3E",
    f"\\x3cscript\\x3e{RUN}\\x3c/script\\x3e",
    f"+ADw-script+AD4-{RUN}+ADw-/script+AD4-",
)
HANDLERS = (
    f'<img src=x onerror="{RUN}">',
    f"<img src=x onerror={RUN}>",
    f"<img/src=x/onerror={RUN}>",
    f"<IMG SRC=x ONERROR={RUN}//",
    f"<img src=x:x onerror\x0c=\x0c{RUN}>",
    f'" onfocus="{RUN}" autofocus="',
    f"' onfocus='{RUN}' autofocus='",
    f'" onmouseover="{RUN}" style="position:fixed;inset:0',
    f"x onload={RUN}",
    f"x\tonload={RUN}\tx",
    f'"><img src=x onerror="{RUN}">',
    f"'><img src=x onerror='{RUN}'>",
    f'"/><svg onload="{RUN}"/>',
    f"<svg/onload={RUN}>",
    f"<svg onload={RUN}//",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<body onload={RUN}>",
    f"<details open ontoggle={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<select autofocus onfocus={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<video src=x onerror={RUN}>",
    f"<audio src=x onerror={RUN}>",
    f"<marquee onstart={RUN}>",
    f"<iframe onload={RUN}></iframe>",
    f"<object data=x onerror={RUN}></object>",
    f"<style onload={RUN}></style>",
    f"<link rel=stylesheet href=x onerror={RUN}>",
    f"<xss style=animation-name:x onanimationend={RUN}>",
    f"<button popovertarget=x>x</button><p popover id=x onbeforetoggle={RUN}>x</p>",
    f"<p contenteditable onblur={RUN} tabindex=1 autofocus>",
    f"`><img src=x onerror=`{RUN}`>",
)
LINKS = (
    f"javascript:{RUN}",
    f"JaVaScRiPt:{RUN}",
    f"java\tscript:{RUN}",
    f"\x01javascript:{RUN}",
    f"javascript://stadt.example/%0a{RUN}",
    f'https://x.example/"onmouseover={RUN}//',
    f"https://x.example/'><script>{RUN}</script>",
    f"https://x.example/<script>{RUN}</script>",
    f"http://javascript:{RUN}@x.example/",
    f"data:text/html,<script>{RUN}</script>",
    f"vbscript:{RUN}",
    "file:///etc/passwd",
    "//boese.example/x",
    f'<a href="javascript:{RUN}">Mehr</a>',
    f'<iframe src="javascript:{RUN}"></iframe>',
    "<iframe srcdoc='<script>parent.__ran=1</script>'></iframe>",
    f'<form action="javascript:{RUN}"><button>Senden</button></form>',
    f'<button formaction="javascript:{RUN}">x</button>',
    f'<object data="javascript:{RUN}">',
    f'<embed src="data:image/svg+xml,<svg onload={RUN}>">',
    f'<meta http-equiv=refresh content="0;url=javascript:{RUN}">',
    '<meta http-equiv="refresh" content="0;url=https://boese.example/">',
    "<base href=https://boese.example/>",
    "<link rel=stylesheet href=https://boese.example/x.css>",
    "<img src=https://boese.example/zaehlpixel.gif>",
    "<style>@import 'https://boese.example/x.css';*{display:none}</style>",
    '<p style="background:url(https://boese.example/x)">',
    "![Bild](https://boese.example/x.png) [Mehr](javascript:window.__ran=1)",
    "@stadt @ada@marktplatz.example #ampel https://x.example/a?b=1&c=2",
)
TEMPLATES = (
    "{{ 7 * 7 }}",
    "{{ config }}",
    "{{ ''.__class__.__mro__ }}",
    "{% for x in range(9) %}{{ x }}{% endfor %}",
    "{# still #}",
    "{% raw %}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "{0.__class__}",
    "{reference} {status_url} {words}",
    "%(reference)s %s %n %x",
    "$(touch /tmp/x) `id` ; rm -rf . | cat && x",
    "{{constructor.constructor('window.__ran=1')()}}",
)
SQL = (
    "'; DROP TABLE ticket; --",
    "' OR '1'='1",
    '" OR ""="',
    "1); DELETE FROM message; --",
    "' UNION SELECT token_hash FROM staff_session --",
    "\\'; SELECT pg_sleep(5); --",
    "%' OR text LIKE '%",
    "100%_[a-z]^",
)
LINES = (
    "a\r\nBcc: alle@stadt.example",
    "a\r\n\r\n<script>window.__ran=1</script>",
    "a\nSet-Cookie: staff=x",
    "a\rLocation: https://boese.example",
    "a%0d%0aBcc: alle@stadt.example",
    "a\u2028Bcc: alle@stadt.example",
    "a\u2029Bcc: alle@stadt.example",
    "a\x85Bcc: alle@stadt.example",
    "a\x0bBcc: alle@stadt.example",
    "a\x0cBcc: alle@stadt.example",
    "a\x1cb\x1db\x1eb\x1fb",
    "a嘊嘍Bcc: alle@stadt.example",
    "a\r\n.\r\nQUIT\r\n",
    "=?utf-8?q?=0d=0aBcc:_alle=40stadt.example?=",
    "=?utf-8?b?DQpCY2M6IGFsbGVAc3RhZHQuZXhhbXBsZQ==?=",
    'a" <alle@stadt.example>, "b',
    "a, b@stadt.example; c@stadt.example",
    "Content-Type: text/html\r\n\r\n<b>x</b>",
)
SIGNS = (
    "a\u202egnp.exe",
    "\u2066\u2067a\u2068b\u2069\u200f\u061c",
    "مرحبا بالعالم",
    "שלום עולם",
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a\u032f\u031e\u0320\u034d"
    * 3,
    "👨‍👩‍👧‍👦🇩🇪🏳️‍🌈👩🏽‍🚒",
    "\ufeff\u200b\u200c\u200d\u2060\u00ad",
    "\u3164\u115f",
    "ﷺ" * 40,
    "𝕬𝖒𝖕𝖊𝖑 Ａｍｐｅｌ ᴀᴍᴘᴇʟ",
    "İıſßẞﬁ",
    "\U000e0041\U000e0042\U000f0000\ufdd0\uffff",
    "\ufff9a\ufffab\ufffb",
    "\x1b[2J\x1b]0;x\x07\x9b31m\x08\x7f",
    "Donaudampfschifffahrtsgesellschaft" * 30,
    "W" * 3000,
    "-" * 500,
    "a " * 1500,
    "١٢٣ 12³ Ⅷ",
    "NULL nil None undefined NaN Infinity -0 1e309 0x0",
    "true",
)
FORMULAS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "\t=1+1",
    "\r=1+1",
)
PATHS = (
    "../../etc/passwd",
    "..\\..\\x",
    "/etc/passwd",
    "C:\\x.jpg",
    "x.jpg%00.php",
    "con.jpg",
    ".htaccess",
    "~/.ssh/id",
    "x" * 300 + ".jpg",
    "%2e%2e%2fx",
)
BROKEN = ("x.jpg\x00.php", "\x00", "a\ud800b", "\udfffa", "\ud83d")
"""What no database and no form can hold, but JSON and mails may bring."""

WORDS = (*SCRIPTS, *HANDLERS, *LINKS, *TEMPLATES, *SQL, *LINES, *SIGNS, *FORMULAS, *PATHS)
ALL = (*WORDS, *BROKEN)


def outside() -> tuple[str, ...]:
    """The naughty strings and script lines of the outside folder; skips where no folder is named."""
    named = os.environ.get("STADTBRUECKE_DATA", "")
    if not named:
        pytest.skip("STADTBRUECKE_DATA names no folder with outside data.")
    naughty = json.loads((Path(named) / "blns" / "blns.json").read_text(encoding="utf-8"))
    files = sorted((Path(named) / "payloads").glob("*.txt"))
    lines = chain.from_iterable(file.read_text("utf-8", "replace").splitlines() for file in files)
    return tuple(dict.fromkeys(text for text in [*naughty, *lines] if text.strip()))


def joined(words: Sequence[str], size: int = 6) -> list[str]:
    """The words in texts of `size` words each: as harmful together, and quicker to try."""
    return [" ".join(words[start : start + size]) for start in range(0, len(words), size)]


class Skeleton(HTMLParser):
    """The bones of a page: its elements and the names of their attributes, without any words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.bones: list[str] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.bones.append(" ".join([tag, *(name for name, _ in attrs)]))
        self.words += [value for _, value in attrs if value]

    def handle_endtag(self, tag: str) -> None:
        self.bones.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.bones.append("comment")


def bones(page: str) -> list[str]:
    """What a page is built of; hostile words must not add to it."""
    return Skeleton(page).bones

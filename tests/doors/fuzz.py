"""Writes requests nobody should send: each begins as a good one and is spoilt, the same way for a seed."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from random import Random
from typing import Any
from urllib.parse import quote_from_bytes, unquote_to_bytes

from tests.doors.nasty import FORM, HEADERS, JSON, KINDS, METHODS, NASTY

Pairs = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Wild:
    """One request as it goes over the wire."""

    method: str
    target: bytes
    headers: tuple[tuple[str, bytes], ...]
    body: bytes

    def environ(self) -> dict[str, Any]:
        """What a WSGI server makes of it."""
        path, _, query = self.target.partition(b"?")
        given: dict[str, Any] = {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query.decode("latin-1"),
            "RAW_URI": self.target.decode("latin-1"),
            "REMOTE_ADDR": "127.0.0.1",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8080",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(self.body),
            "wsgi.errors": StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in self.headers:
            bare = name.upper().replace("-", "_")
            key = bare if bare in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{bare}"
            given[key] = value.decode("latin-1")
        return given

    def wire(self) -> bytes:
        """The very bytes."""
        head = [self.method.encode() + b" " + self.target + b" HTTP/1.1"]
        head += [name.encode() + b": " + value for name, value in self.headers]
        return b"\r\n".join([*head, b"Connection: close", b"", self.body])


@dataclass(frozen=True)
class Good:
    """A request as it should be, before it is spoilt; `keep` are headers such as the cookies."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    keep: dict[str, str] = field(default_factory=dict)
    kind: str = FORM


@dataclass
class Draft:
    """A request on its way from good to wild."""

    random: Random
    method: str
    path: bytes
    query: Pairs
    fields: Pairs
    headers: dict[str, bytes]
    kind: str
    body: bytes | None = None

    def nasty(self) -> bytes:
        return self.random.choice(NASTY)

    def some(self) -> Pairs:
        """Query or form, whichever there is."""
        full = [pairs for pairs in (self.query, self.fields) if pairs]
        return self.random.choice(full) if full else self.query


def wild(good: Good, seed: int, count: int) -> Iterator[Wild]:
    """`count` requests for one door; about one in fifty is left as it is, to show that the door opens."""
    random = Random(seed)
    for _ in range(count):
        draft = _draft(good, random)
        times = random.choice((1, 1, 1, 2, 3)) if random.random() > 0.02 else 0
        for spoil in random.choices(SPOILS, k=times):
            spoil(draft)
        yield _sent(draft)


def untouched(good: Good) -> Wild:
    """The request as it should be."""
    return _sent(_draft(good, Random(0)))


def _draft(good: Good, random: Random) -> Draft:
    return Draft(
        random=random,
        method=good.method,
        path=good.path.encode(),
        query=_pairs(good.query),
        fields=_pairs(good.fields),
        headers={"Host": b"127.0.0.1:8080"} | {name: text.encode() for name, text in good.keep.items()},
        kind=good.kind,
    )


def _pairs(given: dict[str, str]) -> Pairs:
    return [(name.encode(), text.encode()) for name, text in given.items()]


def _sent(draft: Draft) -> Wild:
    body = draft.body if draft.body is not None else _encoded(draft)
    headers = dict(draft.headers)
    if body or draft.method == "POST":
        headers = {"Content-Type": draft.kind.encode(), "Content-Length": b"%d" % len(body)} | headers
    query = b"&".join(_quoted(name) + b"=" + _quoted(value) for name, value in draft.query)
    # What would end the request line early is another request, not a wilder one.
    path = bytes(sign for sign in draft.path if 0x21 <= sign != 0x7F)
    target = path + b"?" + query if query else path
    return Wild(draft.method, target, tuple(headers.items()), body)


def _encoded(draft: Draft) -> bytes:
    if draft.kind == JSON:
        told = {
            name.decode("utf-8", "replace"): value.decode("utf-8", "replace") for name, value in draft.fields
        }
        return json.dumps(told).encode()
    return b"&".join(_quoted(name) + b"=" + _quoted(value) for name, value in draft.fields)


def _quoted(text: bytes) -> bytes:
    return quote_from_bytes(text).encode()


def _value(draft: Draft) -> None:
    pairs = draft.some()
    if pairs:
        place = draft.random.randrange(len(pairs))
        pairs[place] = (pairs[place][0], draft.nasty())


def _missing(draft: Draft) -> None:
    pairs = draft.some()
    if pairs:
        pairs.pop(draft.random.randrange(len(pairs)))


def _repeated(draft: Draft) -> None:
    pairs = draft.some()
    if pairs:
        pairs += [(draft.random.choice(pairs)[0], draft.nasty())] * draft.random.choice((1, 2, 50))


def _stranger(draft: Draft) -> None:
    names = (b"", b"a[b][c][d]", b"\x00", b"__class__", b"\xff", b"x" * 2000, b"[" * 500, draft.nasty())
    draft.some().append((draft.random.choice(names), draft.nasty()))


def _crowd(draft: Draft) -> None:
    draft.fields += [(b"f%d" % number, b"1") for number in range(draft.random.choice((300, 1200)))]


def _oversized(draft: Draft) -> None:
    draft.fields.append((b"words", b"x" * draft.random.choice((100_000, 262_144, 400_000))))


def _long_query(draft: Draft) -> None:
    draft.query.append((b"suche", b"x" * draft.random.choice((3000, 100_000))))


def _kind(draft: Draft) -> None:
    draft.body, draft.kind = _encoded(draft), draft.random.choice(KINDS)


def _multipart(draft: Draft) -> None:
    line = draft.random.choice((b"b", b"b" * 70, b"b\xff"))
    parts = b"".join(_part(draft, line, name, value) for name, value in draft.fields)
    draft.body = parts + draft.random.choice((b"--" + line + b"--\r\n", b"--" + line, b"", b"\r\n\r\n--"))
    boundary = line.decode("latin-1") if draft.random.random() < 0.8 else "other"
    draft.kind = f"multipart/form-data; boundary={boundary}"


def _part(draft: Draft, line: bytes, name: bytes, value: bytes) -> bytes:
    file = draft.random.choice(
        (b"", b"", b'; filename="a\x00.jpg"', b"; filename*=utf-16''%FF", b'; filename="')
    )
    disposition = b'form-data; name="' + name + b'"' + file
    end = draft.random.choice((b"\r\n\r\n", b"\r\n\r\n", b"\n\n", b"\r\n"))
    return b"--" + line + b"\r\nContent-Disposition: " + disposition + end + value + b"\r\n"


def _garbage(draft: Draft) -> None:
    size = draft.random.choice((0, 1, 50, 3000))
    draft.body = draft.random.randbytes(size) if draft.random.random() < 0.5 else draft.nasty()


def _json(draft: Draft) -> None:
    deep = draft.random.choice((20, 900, 30_000))
    bodies = (
        b"[" * deep,
        b"[" * deep + b"]" * deep,
        b'{"a":' * deep,
        b'"\\ud800"',
        b"1e999",
        b"\xff\xfe[\x00]\x00",
    )
    draft.body, draft.kind = (
        draft.random.choice((*bodies, b"9" * 5000, b"[1]", b"null", b'{"status": ["a"]}')),
        JSON,
    )


def _length(draft: Draft) -> None:
    lies = (b"-1", b"x", b"", b"1", b"9" * 30, b"99999", b"1, 2", b"+5", b"0x10")
    draft.headers["Content-Length"] = draft.random.choice(lies)


def _header(draft: Draft) -> None:
    name = draft.random.choice(tuple(HEADERS))
    draft.headers[name] = draft.random.choice(HEADERS[name])


def _method(draft: Draft) -> None:
    draft.method = draft.random.choice(METHODS)


def _segment(draft: Draft) -> None:
    parts = draft.path.split(b"/")
    parts[draft.random.randrange(len(parts))] = _quoted(draft.nasty())
    draft.path = b"/" + b"/".join(parts).lstrip(b"/")


def _path(draft: Draft) -> None:
    ends = (
        b"%00",
        b"/",
        b"/..",
        b"/%2e%2e/",
        b"%2f..%2f",
        b"%c0%ae%c0%ae/",
        b";a=b",
        b"/.",
        b"%",
        b"%e",
        b"//x",
        b"#x",
    )
    begins = (b"//", b"/./", b"/%2e%2e/", b"/static/..", b"/static/%2e%2e/%2e%2e/", b"http://boese.example")
    draft.path += draft.random.choice(ends) if draft.random.random() < 0.6 else b""
    draft.path = (draft.random.choice(begins) if draft.random.random() < 0.4 else b"") + draft.path


def _letters(draft: Draft) -> None:
    place = draft.random.randrange(len(draft.path))
    draft.path = draft.path[:place] + b"%%%02X" % draft.random.randrange(256) + draft.path[place + 1 :]


SPOILS: tuple[Callable[[Draft], None], ...] = (
    *(_value, _value, _value, _missing, _repeated, _stranger, _crowd, _oversized, _long_query, _kind),
    *(_multipart, _multipart, _garbage, _json, _length, _header, _header, _method, _segment, _segment),
    *(_path, _letters),
)

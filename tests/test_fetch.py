"""Fetching what strangers point at: nothing inside our own network can be reached, and nobody can hold us."""

import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from bridge.domain import PermanentError, TemporaryError
from bridge.fetch import fetch
from tests.certificate import server_context

PUBLIC = "93.184.215.14"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: image/JPEG; q=1\r\nContent-Length: 4\r\n\r\nbild"


@contextmanager
def server(
    *pieces: bytes, pause: float = 0.0, tls: ssl.SSLContext | None = None
) -> Iterator[tuple[int, list[bytes]]]:
    """A server for one connection that sends `pieces` with pauses; gives its port and what it was asked."""
    asked: list[bytes] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        try:
            connection, _ = listening.accept()
            with connection, tls.wrap_socket(connection, server_side=True) if tls else connection as ours:
                asked.append(_request(ours))
                for piece in pieces:
                    ours.sendall(piece)
                    time.sleep(pause)
        except OSError:
            pass

    thread = Thread(target=serve)
    thread.start()
    try:
        yield listening.getsockname()[1], asked
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def _request(ours: socket.socket) -> bytes:
    """One whole request, whose body may come later than its head."""
    asked = ours.recv(4096)
    length = re.search(rb"Content-Length: (\d+)", asked)
    while length and len(asked.partition(b"\r\n\r\n")[2]) < int(length[1]):
        more = ours.recv(4096)
        if not more:
            break
        asked += more
    return asked


@pytest.fixture
def resolve(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Let every name resolve to the given addresses, one list a question; gives the names asked for."""

    def install(*answers: list[str]) -> list[str]:
        asked: list[str] = []
        real = socket.getaddrinfo

        def answer(host: str, port: int, *rest: int, **named: int) -> list[object]:
            if host[-1].isdigit():
                return real(host, port, *rest, **named)
            asked.append(host)
            found = answers[min(len(asked), len(answers)) - 1]
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

        monkeypatch.setattr(socket, "getaddrinfo", answer)
        return asked

    return install


@pytest.fixture
def packets(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every address somebody tries to connect to; nobody gets through."""
    tried: list[object] = []

    def refuse(address: object, *_: object, **__: object) -> socket.socket:
        tried.append(address)
        raise ConnectionRefusedError("nobody leaves this test")

    monkeypatch.setattr(socket, "create_connection", refuse)
    return tried


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "127.255.0.9",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0x7f.1",
        "0",
        "0.0.0.0",
        "127.0.0.1.",
        "10.1.2.3",
        "172.20.0.1",
        "192.168.178.1",
        "100.64.3.2",
        "169.254.169.254",
        "192.0.2.7",
        "192.0.0.192",
        "198.18.0.1",
        "168.63.129.16",
        "192.88.99.1",
        "224.0.0.251",
        "240.0.0.1",
        "255.255.255.255",
        "[::]",
        "[::1]",
        "[::ffff:10.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::a00:1]",
        "[64:ff9b:1::a00:1]",
        "[2002:7f00:1::]",
        "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
        "[fe80::1]",
        "[fd12:3456::1]",
        "[fec0::1]",
        "[ff02::1]",
        "[100::1]",
        "[2001:db8::1]",
        "localhost",
        "LOCALHOST.",
    ],
)
@pytest.mark.parametrize("ending", ["", ":8443", "/a?b#c"])
def test_nothing_inside_is_ever_contacted(packets: list[object], host: str, ending: str) -> None:
    with pytest.raises(PermanentError):
        fetch(f"https://{host}{ending}")
    assert packets == []


@pytest.mark.parametrize(
    "url",
    [
        "http://photos.example/a.jpg",
        "ftp://photos.example/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_INFO",
        "data:text/plain,hi",
        "//photos.example/",
        "https:photos.example",
        "https:///photos.example/",
        "",
        "https://",
        "https://me@photos.example/",
        "https://photos.example@127.0.0.1/",
        "https://photos.example\\@127.0.0.1/",
        "https://photos.example\t/",
        "https://photos.example/\r\nX: y",
        " https://photos.example/",
        "https://photos.example:80:80/",
        "https://photos.example:99999/",
        "https://①②⑦.⓪.⓪.①/",
        "https://ｌｏｃａｌｈｏｓｔ/",
        "https://127。0。0。1/",
        "https://127.0.0.1%00.example/",
        "https://%31%32%37.0.0.1/",
        "https://[fe80::1%25lo]/",
        "https://[::1",
        "https://a..example/",
        "https://photos.example/\ud800",
    ],
)
def test_a_strange_address_is_refused_without_a_word(packets: list[object], url: str) -> None:
    with pytest.raises(PermanentError):
        fetch(url)
    assert packets == []


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.0.0.5", "::1", "fe80::1%lo"])
def test_one_inner_address_among_the_answers_is_enough_to_refuse(
    resolve: Callable[..., list[str]], packets: list[object], inside: str
) -> None:
    resolve([PUBLIC, inside])
    with pytest.raises(PermanentError, match="public internet"):
        fetch("https://photos.example/a.jpg")
    assert packets == []


def test_a_name_that_changes_its_mind_leads_nowhere(
    resolve: Callable[..., list[str]], packets: list[object]
) -> None:
    asked = resolve([PUBLIC], ["127.0.0.1"])
    with pytest.raises(TemporaryError):
        fetch("https://photos.example/a.jpg")
    assert asked == ["photos.example"]
    assert packets == [(PUBLIC, 443)]


@pytest.mark.parametrize(
    ("number", "error"), [(socket.EAI_AGAIN, TemporaryError), (socket.EAI_NONAME, PermanentError)]
)
def test_a_name_service_in_trouble_is_asked_again_but_a_missing_name_is_not(
    monkeypatch: pytest.MonkeyPatch, number: int, error: type[Exception]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(number, "no answer")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(error):
        fetch("https://photos.example/a.jpg")


def test_the_sandbox_may_be_fetched_when_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with server(OK) as (port, asked):
        got = fetch(f"http://127.0.0.1:{port}/ä b".replace(" ", "%20") + "?q=ü", allow_private=True)
    assert (got.content, got.content_type) == (b"bild", "image/jpeg")
    assert asked[0].startswith(b"GET /%C3%A4%20b?q=%C3%BC HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{port}\r\n".encode() in asked[0]


@pytest.mark.parametrize("host", ["10.0.0.1", "169.254.169.254", "0.0.0.0", "[fd00::1]"])
def test_even_the_sandbox_opens_no_door_to_the_neighbours(packets: list[object], host: str) -> None:
    with pytest.raises(PermanentError):
        fetch(f"http://{host}/", allow_private=True)
    assert packets == []


def test_https_speaks_to_the_name_and_connects_to_the_address(
    resolve: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    context, trusted = server_context(tmp_path, "photos.example")
    names: list[str | None] = []
    context.sni_callback = lambda _, name, __: names.append(name)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    resolve(["127.0.0.1"])
    with server(OK, tls=context) as (port, asked):
        assert fetch(f"https://photos.example:{port}/a", allow_private=True).content == b"bild"
    assert names == ["photos.example"]
    assert f"Host: photos.example:{port}\r\n".encode() in asked[0]


def test_a_certificate_for_another_name_is_not_trusted(
    resolve: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    context, trusted = server_context(tmp_path, "other.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    resolve(["127.0.0.1"])
    with (
        server(OK, tls=context) as (port, asked),
        pytest.raises(TemporaryError, match="certificate verify failed"),
    ):
        fetch(f"https://photos.example:{port}/a", allow_private=True)
    assert asked == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n", PermanentError),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", PermanentError),
        (b"HTTP/1.1 206 Part\r\nContent-Length: 0\r\n\r\n", PermanentError),
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", TemporaryError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbild", TemporaryError),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nbild", TemporaryError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + bytes(5000), PermanentError),
        (b"HTTP/1.1 200 OK\r\n\r\n" + bytes(5000), PermanentError),
        (b"SSH-2.0-OpenSSH\r\n", TemporaryError),
        (b"", TemporaryError),
    ],
    ids=["redirect", "missing", "part", "busy", "short", "short chunk", "long", "endless", "ssh", "nothing"],
)
def test_a_useless_answer_has_a_name(answer: bytes, error: type[Exception]) -> None:
    with server(answer) as (port, _), pytest.raises(error):
        fetch(f"http://127.0.0.1:{port}/", allow_private=True, max_bytes=1000)


def test_a_server_that_asks_for_patience_gets_it() -> None:
    answer = b"HTTP/1.1 429 Slow\r\nRetry-After: 17\r\nContent-Length: 0\r\n\r\n"
    with server(answer) as (port, _), pytest.raises(TemporaryError) as caught:
        fetch(f"http://127.0.0.1:{port}/", allow_private=True)
    assert caught.value.retry_after == 17


@pytest.mark.parametrize(
    "pieces",
    [
        [b"HTTP/1.1 200 OK\r\n"] + [b"X-Drip: 1\r\n"] * 50,
        [b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n"] + [b"."] * 50,
        [b"HTTP/1.1 200 OK\r\n\r\n"] + [b"."] * 50,
    ],
    ids=["head", "body", "endless body"],
)
def test_a_dripping_server_is_left_when_the_time_is_over(pieces: list[bytes]) -> None:
    with server(*pieces, pause=0.1) as (port, _):
        began = time.monotonic()
        with pytest.raises(TemporaryError):
            fetch(f"http://127.0.0.1:{port}/", allow_private=True, seconds=0.4)
        assert time.monotonic() - began < 3

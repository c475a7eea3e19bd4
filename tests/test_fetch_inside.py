"""Every way strangers know to lead a fetch inside: refused, and not one connection is tried."""

import json
import os
import socket
import time
from pathlib import Path

import pytest

from bridge.domain import PermanentError, TemporaryError
from bridge.fetch import fetch
from tests.test_fetch import server

INSIDE = (
    "http://127.0.0.1:{port}/",
    "https://127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "http://localhost:{port}/",
    "http://[::1]:{port}/",
    "http://2130706433:{port}/",
    "http://169.254.169.254/latest/meta-data/",
    "/inside",
    "gopher://127.0.0.1:{port}/_GET",
    "file:///etc/passwd",
)


@pytest.mark.parametrize("where", INSIDE)
@pytest.mark.parametrize(
    "head",
    [
        *("{code} Go\r\nLocation: {to}", "{code} Go\r\nContent-Location: {to}\r\nLocation: {to}"),
        *("200 OK\r\nLocation: {to}\r\nRefresh: 0; url={to}", "{code} Go\r\nRefresh: 0; url={to}"),
    ],
)
@pytest.mark.parametrize("code", [300, 301, 302, 303, 307, 308])
def test_no_answer_leads_anywhere_else(
    monkeypatch: pytest.MonkeyPatch, code: int, head: str, where: str
) -> None:
    real, tried = socket.create_connection, []

    def noted(address: tuple[str, int], *rest: float, **named: float) -> socket.socket:
        tried.append(address)
        return real(address, *rest, **named)

    monkeypatch.setattr(socket, "create_connection", noted)
    with socket.create_server(("127.0.0.1", 0)) as inside:
        to = where.format(port=inside.getsockname()[1])
        answer = f"HTTP/1.1 {head.format(code=code, to=to)}\r\nContent-Length: 4\r\n\r\nbild"
        with server(answer.encode()) as (port, _):
            if head.startswith("200"):
                assert fetch(f"http://127.0.0.1:{port}/", allow_private=True).content == b"bild"
            else:
                with pytest.raises(PermanentError, match="not followed"):
                    fetch(f"http://127.0.0.1:{port}/", allow_private=True)
        assert tried == [("127.0.0.1", port)]


def test_a_server_that_never_says_hello_is_left_when_the_time_is_over() -> None:
    began = time.monotonic()
    with server(b"", pause=1.0) as (port, _), pytest.raises(TemporaryError):
        fetch(f"https://127.0.0.1:{port}/", allow_private=True, seconds=0.3)
    assert time.monotonic() - began < 5


@pytest.mark.long
def test_the_hostile_addresses_of_the_outside_data_are_all_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    file = Path(os.environ.get("STADTBRUECKE_DATA") or "nowhere") / "ssrf" / "ssrf_urls.json"
    if not file.exists():
        pytest.skip("STADTBRUECKE_DATA names no folder with ssrf/ssrf_urls.json.")
    tried: list[object] = []

    def connect(_socket: socket.socket, address: object) -> None:
        tried.append(address)
        raise ConnectionRefusedError("nobody leaves this test")

    monkeypatch.setattr(socket.socket, "connect", connect)
    given = json.loads(file.read_text(encoding="utf-8"))["refuse"]
    secure = [url.replace("http://", "https://", 1) for url in given]
    taken = []
    for url in [*given, *secure]:
        try:
            fetch(url)
        except PermanentError:
            continue
        except TemporaryError as error:
            # No name service answers here: unknown, so nothing was reached, but nothing was proved either.
            taken.append(f"{url}: {error}")
    print(
        f"\n{len(given)} forms, with HTTP and HTTPS: {len(taken)} not refused, {len(tried)} connections tried"
    )
    assert taken == []
    assert tried == []

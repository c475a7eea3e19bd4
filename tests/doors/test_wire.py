"""The doors over a real socket: broken HTTP, slow and cut bodies, and a server that stays up behind them."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.doors.fuzz import untouched, wild
from tests.doors.house import DOORS, Town, furnish
from tests.web import seed
from tests.web.public_seed import everything

ROOT = Path(__file__).parents[2]
SERVER = ("gunicorn", "wsgi:app", "--workers", "1", "--threads", "8", "--no-control-socket")
PATIENCE = 20.0
EACH = 8
"""Wild requests a door."""
NOT_MADE_FOR = {501, 505}
"""How the server names a transfer coding or an HTTP version it does not speak: the sender's fault, too."""

CHUNKS = b"POST /anmelden HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
HEAD = b"GET /gesundheit HTTP/1.1\r\nHost: 127.0.0.1\r\n"
BROKEN = {
    "nothing": b"",
    "an empty line": b"\r\n\r\n",
    "half a line": b"GET /gesund",
    "no version": b"GET /gesundheit\r\n\r\n",
    "a version to come": b"GET / HTTP/9.9\r\n\r\n",
    "HTTP/2 at once": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
    "zeros": bytes(5000),
    "lines without end": b"GET /" + b"a" * 200_000,
    "a header without end": HEAD + b"X-Long: " + b"a" * 200_000,
    "a thousand headers": HEAD + b"".join(b"X-%d: 1\r\n" % number for number in range(1000)) + b"\r\n",
    "no colon": HEAD + b"Nonsense\r\n\r\n",
    "a space before the colon": HEAD + b"Content-Length : 5\r\n\r\nhallo",
    "a folded header": HEAD + b"X-A: 1\r\n 2\r\n\r\n",
    "NUL in a header": HEAD + b"X-A: \x00\r\n\r\n",
    "a bare line feed": b"GET /gesundheit HTTP/1.1\nHost: 127.0.0.1\n\n",
    "two lengths": HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "length and chunks": HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a negative length": HEAD + b"Content-Length: -1\r\n\r\n",
    "chunks that lie": CHUNKS + b"FFFFFFFFF\r\nab\r\n",
    "chunks that are none": CHUNKS + b"xyz\r\n",
    "an unknown coding": HEAD + b"Transfer-Encoding: cow\r\n\r\n",
    "a second request inside": HEAD + b"Content-Length: 0\r\n\r\nPOST /abmelden HTTP/1.1\r\n\r\n",
    "a proxy's word": b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n" + HEAD + b"\r\n",
    "CONNECT": b"CONNECT boese.example:443 HTTP/1.1\r\nHost: a\r\n\r\n",
    "a star": b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    "an upgrade": HEAD + b"Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
}


@pytest.fixture(scope="module")
def patch() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patched:
        yield patched


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, patch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    yield seed.make_client(tmp_path_factory.mktemp("town"), patch)
    seed.end()


@pytest.fixture
def town(client: FlaskClient) -> Town:
    return furnish(client)


@pytest.fixture(scope="module")
def port(client: FlaskClient) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        number = listening.fileno()
        process = subprocess.Popen(
            [sys.executable, "-m", *SERVER, "--bind", f"fd://{number}"],
            cwd=ROOT,
            env=dict(os.environ),
            pass_fds=[number],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield int(listening.getsockname()[1])
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)


def speak(port: int, *pieces: bytes, pause: float = 0.0) -> int | None:
    """Send bytes, then nothing more; the status answered, None where the server only hung up."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as ours:
        try:
            for piece in pieces:
                ours.sendall(piece)
                time.sleep(pause)
            ours.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # It hung up before we were done; perhaps it said why.
        found = re.match(rb"HTTP/1\.[01] (\d{3})", _all(ours))
        return int(found[1]) if found else None


def _all(ours: socket.socket) -> bytes:
    said = b""
    try:
        while piece := ours.recv(65536):
            said += piece
    except ConnectionResetError:
        pass
    return said


def is_well(port: int) -> bool:
    return speak(port, HEAD + b"Connection: close\r\n\r\n") == 200


def harmless(code: int | None) -> bool:
    return code is None or code < 500 or code in NOT_MADE_FOR


@pytest.mark.parametrize("name", BROKEN)
def test_broken_http_is_refused_and_the_server_stays_up(port: int, name: str) -> None:
    before = everything()
    assert harmless(speak(port, BROKEN[name]))
    assert is_well(port)
    assert everything() == before


def test_wild_requests_on_the_wire_are_refused_or_harmless(port: int, town: Town) -> None:
    codes: Counter[str] = Counter()
    wrong = []
    for number, door in enumerate(DOORS):
        for request in wild(door.good(town), number, EACH):
            code = speak(port, request.wire())
            codes[f"{code // 100}xx" if code else "hung up"] += 1
            if not harmless(code):
                wrong.append(f"{door.name}: {code} {request}"[:600])
    print("\n", dict(codes))
    assert not wrong, "\n\n".join(wrong[:3])
    assert is_well(port)


def test_a_form_that_breaks_off_is_no_act(port: int, town: Town) -> None:
    note = next(door for door in DOORS if door.name == "note").good(town)
    whole = untouched(note).wire()
    before = everything()
    for cut in range(len(whole) - 60, len(whole), 12):
        assert harmless(speak(port, whole[:cut]))
    assert everything() == before
    assert speak(port, whole) == 303
    assert everything() != before


def test_slow_senders_do_not_keep_the_others_waiting(port: int, town: Town) -> None:
    head = b"POST /anmelden HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n"
    slow = [socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) for _ in range(6)]
    try:
        for drip in (head, b"a", b"b", b"c"):
            for connection in slow:
                connection.sendall(drip)
            began = time.monotonic()
            assert is_well(port)
            assert time.monotonic() - began < 5
    finally:
        for connection in slow:
            connection.close()
    assert is_well(port)

"""The HTTP door: whatever a server does, the caller learns honestly what may have happened."""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from bridge.domain import PermanentError, TemporaryError, UnknownOutcomeError
from bridge.platforms import _http
from bridge.platforms._http import Door, RefusedError, retry_after

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TOKEN = "geheim-4711"

Script = Callable[[socket.socket], None]
Server = Callable[[Script], Door]


@pytest.fixture
def server() -> Iterator[Server]:
    """Make a server that reads one request and then does what the script says."""
    threads: list[threading.Thread] = []

    def make(script: Script) -> Door:
        listening = socket.create_server(("127.0.0.1", 0))

        def serve() -> None:
            with listening, listening.accept()[0] as connection:
                connection.recv(65536)
                script(connection)

        threads.append(threading.Thread(target=serve, daemon=True))
        threads[-1].start()
        return Door(f"http://127.0.0.1:{listening.getsockname()[1]}/", SecretStr(TOKEN))

    yield make
    for thread in threads:
        thread.join(5)
        assert not thread.is_alive()


def says(status: int, body: bytes = b"{}", *headers: str) -> Script:
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return lambda connection: connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)


def drips(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    try:
        for _ in range(200):
            connection.sendall(b" ")
            threading.Event().wait(0.02)
    except OSError:
        pass


def falls_silent(connection: socket.socket) -> None:
    connection.recv(1)


def hangs_up(connection: socket.socket) -> None:
    pass


def breaks_off(connection: socket.socket) -> None:
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"id":')


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_http, "READ_SECONDS", 0.3)
    monkeypatch.setattr(_http, "TOTAL_SECONDS", 0.6)
    monkeypatch.setattr(_http, "MOST_BYTES", 1000)


@pytest.fixture
def self_made(tmp_path: Path) -> ssl.SSLContext:
    """TLS with a certificate that only this machine believes."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "netz.example")])
    draft = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = draft.not_valid_before(NOW).not_valid_after(NOW + timedelta(days=36500)).sign(key, hashes.SHA256())
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "made.pem").write_bytes(secret + made.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "made.pem")
    return context


UNCLEAR = [
    says(500),
    says(502, b"<html>"),
    says(503, b"{}", "Retry-After: 3"),
    says(408),
    says(200, b"<html>"),
    says(200, b"\xff"),
    says(200, b"[" * 900),
    says(200, b" " * 2000),
    says(200, b"{}", "Content-Encoding: gzip"),
    falls_silent,
    hangs_up,
    breaks_off,
    drips,
]


@pytest.mark.parametrize("script", UNCLEAR)
def test_a_post_without_a_clear_answer_may_have_happened(server: Server, script: Script) -> None:
    with pytest.raises(UnknownOutcomeError):
        server(script).ask("POST", "/x", body={})


@pytest.mark.parametrize("method", ["GET", "PATCH"])
@pytest.mark.parametrize("script", UNCLEAR)
def test_what_can_be_repeated_without_harm_is_only_delayed(
    server: Server, script: Script, method: str
) -> None:
    with pytest.raises(TemporaryError):
        server(script).ask(method, "/x")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("status", [301, 302, 308, 400, 401, 403, 404, 410, 413, 422])
def test_a_clear_no_is_final_and_tells_the_servers_reason(server: Server, method: str, status: int) -> None:
    body = json.dumps({"error": f"Das geht so nicht mit {TOKEN}"}).encode()
    with pytest.raises(RefusedError) as caught:
        server(says(status, body, "Location: http://[::1")).ask(method, "/x")
    assert caught.value.status == status
    assert "Das geht so nicht" in str(caught.value)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_too_many_requests_is_a_delay_of_known_length(server: Server, method: str) -> None:
    with pytest.raises(TemporaryError) as caught:
        server(says(429, b"", "Retry-After: 7")).ask(method, "/x")
    assert caught.value.retry_after == 7


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_connection_means_nothing_was_sent(method: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(TemporaryError):
        Door(f"http://127.0.0.1:{port}", SecretStr(TOKEN)).ask(method, "/x")


def test_a_name_nobody_knows_means_nothing_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(TemporaryError):
        Door("https://nirgends.example", SecretStr(TOKEN)).ask("POST", "/x")


def test_a_connection_that_takes_too_long_means_nothing_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object, **__: object) -> None:
        raise TimeoutError

    monkeypatch.setattr("urllib3.util.connection.create_connection", slow)
    with pytest.raises(TemporaryError):
        Door("http://127.0.0.1", SecretStr(TOKEN)).ask("POST", "/x")


def test_a_server_that_cannot_prove_its_name_gets_nothing(self_made: ssl.SSLContext) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def refuse() -> None:
            with listening.accept()[0] as connection, suppress(OSError):
                self_made.wrap_socket(connection, server_side=True).close()

        thread = threading.Thread(target=refuse, daemon=True)
        thread.start()
        with pytest.raises(TemporaryError):
            Door(f"https://127.0.0.1:{listening.getsockname()[1]}", SecretStr(TOKEN)).ask("POST", "/x")
        thread.join(5)


@pytest.mark.parametrize("address", ["", "netz.example", "ftp://netz.example", "https://", "http://[::1"])
def test_a_wrong_address_needs_a_person(address: str) -> None:
    with pytest.raises(PermanentError):
        Door(address, SecretStr(TOKEN)).ask("POST", "/x")


def test_the_surroundings_proxy_is_not_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    assert server(says(200, b'{"a": 1}')).get("/x") == {"a": 1}


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "12"}, 12),
        ({"Retry-After": "0"}, 0),
        ({"Retry-After": "Fri, 20 Nov 2026 09:00:30 GMT"}, 30),
        ({"X-RateLimit-Reset": "2026-11-20T09:01:00.500000Z"}, 60.5),
        ({"X-RateLimit-Reset": "2026-11-20T08:00:00Z"}, 0),
        ({"X-RateLimit-Reset": str(int(NOW.timestamp()) + 45)}, 45),
        ({"RateLimit-Reset": str(int(NOW.timestamp()) + 45)}, 45),
        ({"Retry-After": "bald", "X-RateLimit-Reset": "5"}, 5),
        ({"Retry-After": "-3"}, None),
        ({"Retry-After": "999999999999"}, 3600),
    ],
)
def test_the_servers_wish_when_to_come_back_is_understood(
    headers: dict[str, str], seconds: float | None
) -> None:
    answer = requests.Response()
    answer.headers.update(headers)
    assert retry_after(answer, NOW) == seconds

"""The one door to servers others name: it cannot be led to anything inside our own network."""

import re
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Timer
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from bridge.domain import PermanentError, TemporaryError, UnknownOutcomeError, Value

WORLD_V6 = ip_network("2000::/3")
"""All of IPv6 that is handed out for the world; what wraps IPv4 (64:ff9b::, ::ffff:0:0) lies outside."""
NOT_WORLD = tuple(
    ip_network(net)
    for net in (
        "192.0.0.0/24",  # protocol assignments, some of which Python calls global
        "192.88.99.0/24",  # 6to4 relays
        "168.63.129.16/32",  # the host of a machine in Azure
        "2001::/23",  # Teredo and other protocol assignments
        "2001:db8::/32",
        "2002::/16",  # 6to4 wraps any IPv4 address
        "3fff::/20",
    )
)


class Fetched(Value):
    """What came back; `content_type` is the server's word in lower case and without parameters."""

    content: bytes
    content_type: str


class Answer(Value):
    """What a server said to one request; header names are in lower case."""

    status: int
    headers: dict[str, str]
    content: bytes


class Target(NamedTuple):
    """A web address in its parts; `path` carries the query and is fit for a request line."""

    scheme: str
    netloc: str
    host: str
    port: int
    path: str


def fetch(
    url: str, *, allow_private: bool = False, max_bytes: int = 12_000_000, seconds: float = 15
) -> Fetched:
    """Get `url` over HTTPS, from the world only, within `seconds` once its name is looked up.

    The name is looked up once and the connection goes to the very address that was checked. There are no
    redirects and no proxies. `allow_private` also allows plain HTTP and this machine, for the sandbox.
    Raises `PermanentError` where the URL is refused or the answer useless, `TemporaryError` where the network
    or the server is in trouble.
    """
    target = check(url, allow_private=allow_private)
    try:
        address = _look_up(target, allow_private)
        with _connected(target, address, seconds, seconds) as connection:
            connection.request(
                "GET", target.path, headers={"Host": target.netloc, "User-Agent": "Stadtbruecke"}
            )
            with connection.getresponse() as response:
                return _read(response, max_bytes)
    except (OSError, HTTPException) as error:
        raise TemporaryError(f"{target.host}: {error or type(error).__name__}") from error


def exchange(
    method: str,
    url: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    allow_private: bool = False,
    max_bytes: int = 1_000_000,
    connect_seconds: float = 5,
    seconds: float = 15,
) -> Answer:
    """Make one request and give back whatever is answered, of its content the first `max_bytes`.

    As careful as `fetch` about where it goes; `seconds` is for the request and its whole answer. Raises
    `PermanentError` where the URL is refused, `TemporaryError` where nobody can be reached and
    `UnknownOutcomeError` where the connection broke before the answer was whole.
    """
    target, reached = check(url, allow_private=allow_private), False
    told = {"Host": target.netloc, "User-Agent": "Stadtbruecke", **(headers or {})}
    try:
        address = _look_up(target, allow_private)
        with _connected(target, address, connect_seconds, seconds) as connection:
            reached = True
            connection.request(method, target.path, body=body or None, headers=told)
            with connection.getresponse() as response:
                heads = {name.lower(): value for name, value in response.getheaders()}
                return Answer(status=response.status, headers=heads, content=response.read(max_bytes))
    except (OSError, HTTPException) as error:
        kind = UnknownOutcomeError if reached else TemporaryError
        raise kind(f"{target.host}: {error or type(error).__name__}") from error


def check(url: str, *, allow_private: bool = False) -> Target:
    """What `url` points at; raise `PermanentError` where its form is refused."""
    schemes = ("https", "http") if allow_private else ("https",)
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError as error:
        raise PermanentError(f"not a web address: {error}") from None
    if re.search(r"[\x00-\x20\x7f\\\ud800-\udfff]", url) or parts.scheme not in schemes:
        raise PermanentError(f"only {' and '.join(schemes)} addresses are fetched")
    host = parts.hostname or ""
    if "@" in parts.netloc or not re.fullmatch(r"[a-z0-9.-]+|[0-9a-f:.]+", host):
        raise PermanentError("the web address has no plain host name")
    path = quote(parts.path or "/", safe="/%!$&'()*+,;=:@~")
    query = quote(parts.query, safe="/%!$&'()*+,;=:@~?")
    return Target(parts.scheme, parts.netloc, host, port, f"{path}?{query}" if query else path)


def _look_up(target: Target, allow_private: bool) -> str:
    try:
        answers = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise PermanentError("the web address has no plain host name") from None
    except socket.gaierror as error:
        if error.errno == socket.EAI_NONAME:
            raise PermanentError(f"{target.host}: there is no such host") from None
        raise
    addresses = [str(answer[4][0]) for answer in answers]
    for address in addresses:
        if not _may_reach(address, allow_private):
            raise PermanentError(f"{target.host} does not lie in the public internet")
    return addresses[0]


def _may_reach(address: str, allow_private: bool) -> bool:
    ip = ip_address(address)
    return _is_public(ip) or (allow_private and ip.is_loopback)


def _is_public(ip: IPv4Address | IPv6Address) -> bool:
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        return False
    if ip.version == 6 and ip not in WORLD_V6:
        return False
    return not any(ip in net for net in NOT_WORLD)


@contextmanager
def _connected(
    target: Target, address: str, connect_seconds: float, seconds: float
) -> Iterator[HTTPConnection]:
    """A connection to `address` that still speaks to `target.host`, cut off `seconds` after it stands."""
    plain = socket.create_connection((address, target.port), timeout=connect_seconds)
    end = time.monotonic() + seconds
    with plain, _cut_at(end, plain):
        plain.settimeout(seconds)
        connection = HTTPConnection(target.host, target.port)
        connection.sock = _secured(plain, target.host) if target.scheme == "https" else plain
        try:
            yield connection
            if time.monotonic() >= end:
                raise TimeoutError(f"no whole answer within {seconds:g} seconds")
        finally:
            connection.close()


def _secured(plain: socket.socket, host: str) -> ssl.SSLSocket:
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


@contextmanager
def _cut_at(end: float, connected: socket.socket) -> Iterator[None]:
    # A socket's own timeout begins anew with every byte; a server that drips would hold us for hours.
    handle = connected.dup()

    def cut() -> None:
        with suppress(OSError):
            handle.shutdown(socket.SHUT_RDWR)

    timer = Timer(end - time.monotonic(), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        handle.close()


def _read(response: HTTPResponse, max_bytes: int) -> Fetched:
    if response.status in (408, 425, 429) or response.status >= 500:
        wait = response.headers.get("Retry-After", "")
        raise TemporaryError(
            f"answered {response.status}", min(float(wait), 3600.0) if wait.isdecimal() else None
        )
    if response.status != 200:
        raise PermanentError(f"answered {response.status}; only 200 is taken, redirects are not followed")
    content = response.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise PermanentError(f"more than {max_bytes} bytes")
    if response.length:
        raise ConnectionError("the answer broke off")
    return Fetched(content=content, content_type=response.headers.get_content_type())

"""The one HTTP door of the platforms: one request, one clear outcome, nothing repeated by itself."""

import json
import re
import ssl
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests
import urllib3
from pydantic import SecretStr

from bridge.domain import PermanentError, TemporaryError, UnknownOutcomeError

CONNECT_SECONDS = 5
READ_SECONDS = 20
TOTAL_SECONDS = 30
"""When reading an answer is given up, however steadily it drips."""
MOST_BYTES = 10 * 1024 * 1024
LONGEST_WAIT_SECONDS = 3600
"""A retry later than this is not believed."""
GONE = {404, 410}
"""How a server answers for what it no longer has."""


class RefusedError(PermanentError):
    """The server understood us and said no, with this HTTP status and, where it gave one, this reason."""

    def __init__(self, message: str, status: int, reason: str = "") -> None:
        super().__init__(message)
        self.status, self.reason = status, reason


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere: the token is for one server."""


class Door:
    """A server's API behind a bearer token, if it wants one; the token never appears in an error."""

    def __init__(self, base_url: str, token: SecretStr) -> None:
        self.base_url = base_url.rstrip("/")
        self.host = base_url.partition("://")[2].partition("/")[0].rpartition("@")[2]
        self._token = token
        self._session = _Session()
        self._session.trust_env = False
        self._session.headers["User-Agent"] = "Stadtbruecke"

    def get(self, path: str, params: dict[str, Any] | None = None) -> Any:
        """Return the JSON found at `path`; raises `TemporaryError` or `RefusedError`."""
        return self.ask("GET", path, params=params)

    def ask(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, Any] | None = None,
        body: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """Send one request and return the answer's JSON.

        Raises `TemporaryError` when surely nothing has happened, `RefusedError` when the server said no, and
        for a POST that may have had its effect `UnknownOutcomeError`; repeating other methods does no harm.
        """
        deadline = time.monotonic() + TOTAL_SECONDS
        token = self._token.get_secret_value()
        authorization = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            with self._session.request(
                method,
                self.base_url + path,
                params=params,
                json=body,
                headers={**authorization, **(headers or {})},
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                stream=True,
            ) as answer:
                content = _read(answer, deadline)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise self._broken(method, error) from None
        return self._judge(method, answer, content)

    def _broken(self, method: str, error: Exception) -> Exception:
        what = f"{method} {self.host}: {type(error).__name__}"
        if _surely_unsent(error):
            return TemporaryError(f"{what}, no connection came about")
        if isinstance(error, ValueError):
            return PermanentError(f"{what}, the address or a header of the account is wrong")
        return _unclear(method, f"{what}, the answer did not arrive")

    def _judge(self, method: str, answer: requests.Response, content: bytes) -> Any:
        status = answer.status_code
        what = f"{method} {self.host} answered {status}"
        if status == 429:
            raise TemporaryError(what, retry_after(answer, datetime.now(UTC)))
        if status >= 500 or status == 408:
            raise _unclear(method, what, retry_after(answer, datetime.now(UTC)))
        if not 200 <= status < 300:
            reason = self._reason(content)
            raise RefusedError(f"{what}: {reason}", status, reason)
        try:
            return json.loads(content)
        except (ValueError, RecursionError):
            raise _unclear(method, f"{what} with something that is not JSON") from None

    def _reason(self, content: bytes) -> str:
        """What the server says is wrong, as far as it may be shown."""
        found = re.search(rb'"error"\s*:\s*("(?:[^"\\]|\\.)*")', content)
        try:
            reason = str(json.loads(found[1])) if found else "no reason given"
        except ValueError:
            reason = "no readable reason given"
        secret = self._token.get_secret_value()
        return (reason.replace(secret, "…") if secret else reason)[:200]


def retry_after(answer: requests.Response, now: datetime) -> float | None:
    """Seconds until the server wants to be asked again, by the header in which it says so."""
    for header in ("Retry-After", "X-RateLimit-Reset", "RateLimit-Reset"):
        seconds = _seconds_until(answer.headers.get(header, ""), now)
        if seconds is not None:
            return min(max(seconds, 0.0), LONGEST_WAIT_SECONDS)
    return None


def _seconds_until(text: str, now: datetime) -> float | None:
    if re.fullmatch(r"\d{1,12}(\.\d+)?", text):
        number = float(text)
        # A small number counts from now, a large one from 1970.
        return number if number < 1e9 else number - now.timestamp()
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
        except ValueError:
            continue
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now.timestamp()
    return None


def _read(answer: requests.Response, deadline: float) -> bytes:
    content = bytearray()
    while piece := answer.raw.read1(65536, decode_content=True):
        content += piece
        if time.monotonic() > deadline or len(content) > MOST_BYTES:
            raise requests.ReadTimeout
    return bytes(content)


def _unclear(method: str, message: str, wait: float | None = None) -> Exception:
    if method == "POST":
        return UnknownOutcomeError(message)
    return TemporaryError(message, wait)


def _surely_unsent(error: Exception) -> bool:
    """Whether no connection came about, so that not a byte of the request left."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return (
        isinstance(error, requests.ConnectTimeout)
        or isinstance(reason, urllib3.exceptions.NewConnectionError)
        or (
            isinstance(reason, urllib3.exceptions.SSLError)
            and isinstance(reason.args[0], ssl.SSLCertVerificationError)
        )
    )

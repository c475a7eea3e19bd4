"""A server that speaks the Mastodon API without being Mastodon: opaque ids, missing parts, no idempotency."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import SecretStr

from bridge.domain import Visibility
from bridge.platforms.base import Account
from tests.platforms.serving import Handler, serving
from tests.platforms.stand_in import COMMITS, PostFault, StandIn

TOKEN = "token-der-stadt-0815"
CITY, ADA = "01CITY", "01ADA"
NAMES = {CITY: "stadt", ADA: "ada"}
LIMIT = 1200
THEIRS = {Visibility.FOLLOWERS: "private"}
PATIENCE = 10.0

Json = dict[str, Any]


class NotHereError(Exception):
    """There is nothing of that name."""


class SmallServer(StandIn):
    """The server's memory; the city's account is `stadt`, the citizen is `ada`."""

    def __init__(self) -> None:
        self.url = ""
        self.statuses: dict[str, Json] = {}
        self.notifications: list[Json] = []
        self.requests: list[tuple[str, str, Json, dict[str, list[str]], Json]] = []
        """Method, path, headers, query and body of everything asked."""
        self.broken_paths: dict[str, int] = {}
        """What answers with this status, by a regular expression for the path."""
        self._fault: PostFault | None = None
        self._gave_up = threading.Event()
        self._late = threading.Semaphore(0)
        self._ids = count(1)

    @property
    def account(self) -> Account:
        return Account(platform="mastodon", base_url=self.url, token=SecretStr(TOKEN))

    def say(self, text: str, visibility: Visibility = Visibility.PUBLIC, answers: str | None = None) -> str:
        theirs = THEIRS.get(visibility, visibility.value)
        status = self._write(ADA, f"@stadt {text}", theirs, answers)
        self._notify("mention", status)
        return str(status["id"])

    def say_as_city(self, text: str, answers: str) -> str:
        return str(self._write(CITY, f"@ada {text}", "public", answers)["id"])

    def edit(self, message_id: str, text: str) -> None:
        changed = {"content": html(f"@stadt {text}", self.url), "edited_at": now()}
        self.statuses[message_id] |= changed
        self._notify("update", self.statuses[message_id])

    def delete(self, message_id: str) -> None:
        del self.statuses[message_id]
        self.notifications = [one for one in self.notifications if one["status"]["id"] != message_id]

    def posts(self) -> list[str]:
        return [key for key, status in self.statuses.items() if status["account"]["id"] == CITY]

    def break_posting(self, fault: PostFault | None) -> None:
        self._fault = fault
        self._gave_up.clear()

    def settle(self) -> None:
        self._gave_up.set()
        if self._fault in {PostFault.LATE_COMMIT, PostFault.TIMEOUT_AFTER, PostFault.TIMEOUT_BEFORE}:
            assert self._late.acquire(timeout=PATIENCE)

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Json) -> tuple[int, Any]:
        """The status and JSON for one request."""
        for pattern, status in self.broken_paths.items():
            if re.search(pattern, path):
                return status, {"error": "kaputt"}
        match method, path.strip("/").split("/")[1:]:
            case "GET", ["v1", "accounts", "verify_credentials"]:
                return 200, profile(CITY)
            case "GET", ["v2", "instance"]:
                rules = {"max_characters": LIMIT, "characters_reserved_per_url": 23}
                return 200, {"version": "0.20.0+git-1a2b3c", "configuration": {"statuses": rules}}
            case "GET", ["v1", "notifications"]:
                return 200, cut(self.notifications, query, most=80)
            case "GET", ["v1", "accounts", account, "statuses"] if account == CITY:
                return 200, cut([self.statuses[one] for one in self.posts()], query, most=40)
            case "GET", ["v1", "statuses", one, "context"]:
                return 200, {"ancestors": self._above(self._there(one)), "descendants": self._below(one)}
            case "GET", ["v1", "statuses", one]:
                return 200, self._there(one)
            case "POST", ["v1", "statuses"]:
                return self._post(body)
        raise NotHereError

    def _post(self, body: Json) -> tuple[int, Any]:
        fault = self._fault
        if len(body["status"]) > LIMIT:
            return 422, {"error": "Validation failed: the text is too long"}
        if fault is PostFault.RATE_LIMITED:
            return 429, {"error": "Too many requests"}
        if fault is PostFault.LATE_COMMIT:
            self._gave_up.wait(PATIENCE)
        written: Json = {}
        if fault is None or fault in COMMITS:
            self._there(body["in_reply_to_id"])
            written = self._write(CITY, body["status"], body["visibility"], body["in_reply_to_id"])
        if fault in {PostFault.TIMEOUT_AFTER, PostFault.TIMEOUT_BEFORE}:
            self._gave_up.wait(PATIENCE)
        if fault in {PostFault.LATE_COMMIT, PostFault.TIMEOUT_AFTER, PostFault.TIMEOUT_BEFORE}:
            self._late.release()
        if fault is PostFault.RESET_AFTER:
            raise ConnectionResetError
        return (500, {"error": "Internal Server Error"}) if fault else (200, written)

    def _write(self, author: str, text: str, visibility: str, answers: str | None) -> Json:
        one = f"01H{next(self._ids):06}XY"
        self.statuses[one] = {
            "id": one,
            "created_at": now(),
            "visibility": visibility,
            "content": html(text, self.url),
            "account": profile(author),
            "mentions": [{"id": CITY, "url": f"{self.url}/@stadt"}] if "@stadt" in text else [],
            **({"in_reply_to_id": answers} if answers else {}),
        }
        return self.statuses[one]

    def _notify(self, kind: str, status: Json) -> None:
        one = f"01N{next(self._ids):06}XY"
        self.notifications.append({"id": one, "type": kind, "created_at": now(), "status": status})

    def _there(self, one: str) -> Json:
        if one not in self.statuses:
            raise NotHereError
        return self.statuses[one]

    def _above(self, status: Json) -> list[Json]:
        parent = self.statuses.get(status.get("in_reply_to_id", ""))
        return [*self._above(parent), parent] if parent else []

    def _below(self, one: str) -> list[Json]:
        children = [status for status in self.statuses.values() if status.get("in_reply_to_id") == one]
        return [below for child in children for below in (child, *self._below(child["id"]))]


class _Handler(Handler):
    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"{}")
        parts, small = urlsplit(self.path), self.server.behind
        query, path = parse_qs(parts.query), unquote(parts.path)
        small.requests.append((self.command, path, dict(self.headers), query, body))
        try:
            if self.headers["Authorization"] != f"Bearer {TOKEN}":
                self._say(401, {"error": f"The access token is invalid: {self.headers['Authorization']}"})
            else:
                self._say(*small.answer(self.command, path, query, body))
        except NotHereError:
            self._say(404, {"error": "Record not found"})
        except ConnectionResetError:
            self.break_off()

    do_GET = do_POST = do_PATCH = _serve  # noqa: N815 - the standard library's names

    def _say(self, status: int, answer: Any) -> None:
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        if status == 429:
            self.send_header("X-RateLimit-Reset", now())
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def running() -> Iterator[SmallServer]:
    """The server, on a free port of this machine, as long as the context lasts."""
    with serving(_Handler, SmallServer()) as small:
        yield small


def cut(entries: list[Json], query: dict[str, list[str]], most: int) -> list[Json]:
    """The page asked for: newest first, right after `min_id`, else the newest before `max_id`."""
    low, high = query.get("min_id", [""])[0], query.get("max_id", ["~"])[0]
    inside = [entry for entry in entries if low < entry["id"] < high]
    limit = min(most, int(query["limit"][0]))
    return (inside[:limit] if "min_id" in query else inside[-limit:])[::-1]


def profile(one: str) -> Json:
    """An account with as few fields as can be."""
    return {"id": one, "acct": NAMES[one], "username": NAMES[one]}


def html(text: str, url: str) -> str:
    """Text with its mentions as links."""
    linked = re.sub(r"@(\w+)", rf'<a href="{url}/users/\1" class="u-url mention">@<span>\1</span></a>', text)
    return f"<p>{linked}</p>"


def now() -> str:
    """This moment as GoToSocial writes it."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")

"""A Bluesky network of one server: its account's store, the network's view and the chat, by real XRPC."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr

from bridge.domain import Visibility
from bridge.platforms.base import Account
from tests.platforms import bluesky_rules as rules
from tests.platforms.bluesky_network import ADA, CITY, HANDLES, Json, Network, Query
from tests.platforms.bluesky_rules import RefusalError
from tests.platforms.serving import Handler, serving
from tests.platforms.stand_in import COMMITS, PostFault, StandIn

PASSWORD = "abcd-efgh-ijkl-mnop"
LOGINS = 30
LATE = {PostFault.LATE_COMMIT, PostFault.TIMEOUT_AFTER, PostFault.TIMEOUT_BEFORE}
PATIENCE = 10.0


class BlueskyServer(Network, StandIn):
    """The network's memory; the city is `stadt.example`, citizens are `ada.example` and `ben.example`."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[tuple[str, str, dict[str, str], Query, Json]] = []
        """Verb, method, headers, query and body of everything asked."""
        self.broken: dict[str, RefusalError] = {}
        """What is refused, by a regular expression for the method."""
        self.logins = 0
        self.privileged = True
        """Whether the app password may read direct messages."""
        self._tokens: dict[str, str] = {}
        self._fault: PostFault | None = None
        self._gave_up = threading.Event()
        self._late = threading.Semaphore(0)

    @property
    def account(self) -> Account:
        return Account(platform="bluesky", base_url=self.url, handle=HANDLES[CITY], token=SecretStr(PASSWORD))

    def say(self, text: str, visibility: Visibility = Visibility.PUBLIC, answers: str | None = None) -> str:
        if visibility is Visibility.DIRECT:
            return self.whisper(ADA, text)
        mention = f"@{HANDLES[CITY]}"
        facet = {
            "index": {"byteStart": 0, "byteEnd": len(mention)},
            "features": [{"$type": "app.bsky.richtext.facet#mention", "did": CITY}],
        }
        return self.publish(ADA, f"{mention} {text}", answers, facets=[facet], langs=["de"])

    def say_as_city(self, text: str, answers: str) -> str:
        return self.publish(CITY, text, answers) if answers.startswith("at://") else self.whisper(CITY, text)

    def edit(self, message_id: str, text: str) -> None:
        raise NotImplementedError("nobody can change a post here")

    def delete(self, message_id: str) -> None:
        del self.posts_by_uri[message_id]
        self.told = [one for one in self.told if one[0] != message_id]

    def posts(self) -> list[str]:
        said = [(convo, one) for convo, what in list(self.convos.items()) for one in what["messages"]]
        mine = [f"{convo}/{one['id']}" for convo, one in said if one["sender"]["did"] == CITY]
        return [uri for uri in self.posts_by_uri if uri.startswith(f"at://{CITY}/")] + mine

    def break_posting(self, fault: PostFault | None) -> None:
        self._fault = fault
        self._gave_up.clear()

    def settle(self) -> None:
        self._gave_up.set()
        if self._fault in LATE:
            assert self._late.acquire(timeout=PATIENCE)

    def expire(self, *kinds: str) -> None:
        """Let all tokens of these kinds, `access` and `refresh`, run out."""
        self._tokens |= dict.fromkeys((t for t, kind in self._tokens.items() if kind in kinds), "expired")

    def asked(self, method: str) -> list[tuple[Query, Json]]:
        """The queries and bodies with which one method was called."""
        return [(query, body) for _, name, _, query, body in self.requests if name == method]

    def answer(self, verb: str, method: str, headers: dict[str, str], query: Query, body: Json) -> Json:
        """The answer to one request; raises `RefusalError`."""
        for pattern, refusal in self.broken.items():
            if re.search(pattern, method):
                raise refusal
        if method == "com.atproto.server.createSession":
            return self._log_in(body)
        kind = "refresh" if method == "com.atproto.server.refreshSession" else "access"
        self._authorize(headers.get("Authorization", ""), kind)
        if kind == "refresh":
            return self._session()
        if method.startswith("chat."):
            if headers.get("atproto-proxy") != "did:web:api.bsky.chat#bsky_chat":
                raise RefusalError(404, "XRPCNotSupported")
            if not self.privileged:
                raise RefusalError(400, "InvalidToken", "Bad token method")
        name = "_" + re.sub(r"[A-Z]", lambda capital: f"_{capital[0].lower()}", method.rpartition(".")[2])
        done: Json = getattr(self, name)(query if verb == "GET" else body)
        return done

    def _log_in(self, body: Json) -> Json:
        self.logins += 1
        if self.logins > LOGINS:
            raise RefusalError(429, "RateLimitExceeded")
        if body["identifier"] not in {CITY, HANDLES[CITY]} or body["password"] != PASSWORD:
            raise RefusalError(401, "AuthenticationRequired", f"Invalid password {body['password']}")
        return self._session()

    def _session(self) -> Json:
        access, refresh = (f"{kind}-{next(self.numbers)}-{id(self)}" for kind in ("access", "refresh"))
        self._tokens |= {access: "access", refresh: "refresh"}
        service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": self.url}
        document = {"id": CITY, "service": [service]}
        tokens = {"accessJwt": access, "refreshJwt": refresh}
        return {"did": CITY, "handle": HANDLES[CITY], "didDoc": document, **tokens}

    def _authorize(self, authorization: str, kind: str) -> None:
        token = authorization.removeprefix("Bearer ")
        if not token:
            raise RefusalError(401, "AuthMissing")
        known = self._tokens.get(token)
        if known == "expired":
            raise RefusalError(400, "ExpiredToken", f"Token has expired: {token}")
        if known != kind:
            raise RefusalError(400, "InvalidToken", f"Token could not be verified: {token}")
        if kind == "refresh":
            del self._tokens[token]

    def written(self, do: Callable[[], Json]) -> Json:
        """It is written, or goes wrong as somebody wished."""
        fault = self._fault
        if fault is PostFault.RATE_LIMITED:
            raise RefusalError(429, "RateLimitExceeded")
        if fault is PostFault.LATE_COMMIT:
            self._gave_up.wait(PATIENCE)
        done: Json = do() if fault is None or fault in COMMITS else {}
        if fault in LATE - {PostFault.LATE_COMMIT}:
            self._gave_up.wait(PATIENCE)
        if fault in LATE:
            self._late.release()
        if fault is PostFault.RESET_AFTER:
            raise ConnectionResetError
        if fault:
            raise RefusalError(500, "InternalServerError")
        return done


class _Handler(Handler):
    def _serve(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts, network = urlsplit(self.path), self.server.behind
        method, query = parts.path.removeprefix("/xrpc/"), parse_qs(parts.query, keep_blank_values=True)
        try:
            body = json.loads(content or b"{}")
            network.requests.append((self.command, method, dict(self.headers), query, body))
            if self.command == "GET":
                rules.must(method in rules.QUERIES, "method")
                rules.check_query(method, query)
            else:
                rules.must(method in rules.PROCEDURES and not query, "method")
                rules.check_body(method, body)
            self._say(200, network.answer(self.command, method, dict(self.headers), query, body))
        except RefusalError as refusal:
            self._say(refusal.status, {"error": refusal.name, "message": str(refusal)})
        except ConnectionResetError:
            self.break_off()

    do_GET = do_POST = _serve  # noqa: N815 - the standard library's names

    def _say(self, status: int, answer: Json) -> None:
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if status == 429:
            self.send_header("RateLimit-Reset", str(int(time.time()) + 45))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def running() -> Iterator[BlueskyServer]:
    """The network, on a free port of this machine, as long as the context lasts."""
    with serving(_Handler, BlueskyServer()) as network:
        yield network

"""Servers on this machine that speak Open311: our own app over real HTTP, and one that answers by script."""

import socket
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.serving import WSGIRequestHandler, make_server

Answer = tuple[int, str]


@dataclass
class Asked:
    """One request as it came, with the words of its query or form."""

    method: str
    path: str
    words: dict[str, str]
    body: str


@dataclass
class Served:
    """What is said instead of the app's own answers, in this order, and what was asked."""

    app: WSGIApplication | None = None
    script: deque[Answer | str] = field(default_factory=deque)
    pages: dict[tuple[str, str], Answer] = field(default_factory=dict)
    """What a scripted server answers, by method and path."""
    seen: list[Asked] = field(default_factory=list)
    port: int = 0

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}/open311/v2"

    def asked(self, method: str, path: str) -> list[Asked]:
        return [each for each in self.seen if (each.method, each.path) == (method, f"/open311/v2/{path}")]

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Any:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        body = ""
        if self.app is None or self.script:
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        words = dict(parse_qsl(body or environ.get("QUERY_STRING", "")))
        self.seen.append(Asked(method, path, words, body))
        said = self.script.popleft() if self.script else None
        if said is None and self.app:
            return self.app(environ, start)
        if isinstance(said, str):
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionError(said)
        status, text = said or self.pages.get((method, path.removeprefix("/open311/v2/")), (404, ""))
        start(f"{status} Said", [("Content-Type", "text/xml; charset=utf-8")])
        return [text.encode()]


class Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Keep quiet."""


@contextmanager
def serving(app: WSGIApplication | None = None) -> Iterator[Served]:
    """An app, or a server by script, that listens as long as the context lasts."""
    served = Served(app)
    server = make_server("127.0.0.1", 0, served, threaded=True, request_handler=Quiet)
    served.port = server.server_port
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

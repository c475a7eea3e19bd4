"""A department's own web server on this machine: it answers by script and keeps what it was sent."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, Literal

Said = tuple[int, dict[str, str]] | Literal["hang up", "time out"]


@dataclass
class Request:
    """One request as it came; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """What the server will answer, in this order, and 204 after that; and what it has seen."""

    script: deque[Said] = field(default_factory=deque)
    seen: list[Request] = field(default_factory=list)
    words: bytes = b""
    over: Event = field(default_factory=Event)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/tickets"


@contextmanager
def serving() -> Iterator[Receiver]:
    """A receiver that listens as long as the context lasts."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heads = {name.lower(): value for name, value in self.headers.items()}
            receiver.seen.append(Request("POST", self.path, heads, body))
            said = receiver.script.popleft() if receiver.script else (204, {})
            if isinstance(said, str):
                if said == "time out":
                    receiver.over.wait(10)
                self.close_connection = True
                return
            self.send_response(said[0])
            words = b"" if said[0] == 204 else receiver.words
            for name, value in {"Content-Length": str(len(words)), **said[1]}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(words)

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.over.set()
        server.shutdown()
        server.server_close()
        thread.join()

"""Lets a stand-in answer real HTTP on a free port of this machine, and break connections as networks do."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol, TypeVar


class Served(Protocol):
    """Whatever answers, once it knows its own address."""

    url: str


Thing = TypeVar("Thing", bound=Served)


class Handler(BaseHTTPRequestHandler):
    """One request to a stand-in, which is `self.server.behind`."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: "_Http"

    def break_off(self) -> None:
        """Reset the connection instead of an answer."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def log_message(self, *_: Any) -> None:
        pass


class _Http(ThreadingHTTPServer):
    behind: Any
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that gave up is part of the test."""


@contextmanager
def serving(handler: type[Handler], behind: Thing) -> Iterator[Thing]:
    """The stand-in at an address of its own, as long as the context lasts."""
    with _Http(("127.0.0.1", 0), handler) as http:
        http.behind = behind
        behind.url = f"http://127.0.0.1:{http.server_port}"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield behind
        finally:
            http.shutdown()
            thread.join()

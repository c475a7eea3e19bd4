"""Runs the sandbox: the web pages and the mail server in one process, on this machine only."""

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from aiosmtpd.controller import Controller
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from bridge.sandbox.app import create_sandbox
from bridge.sandbox.maildir import Maildir
from bridge.sandbox.network import Network

HOST = "127.0.0.1"


class Running(NamedTuple):
    """A sandbox at work: its address without a slash at the end, its mail port, and what it remembers."""

    url: str
    smtp_port: int
    network: Network
    mailbox: Maildir


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: Any) -> None:
        """Say nothing: the page asks every second."""


class _MailServer(Controller):
    """Listens on a socket that is bound already, so that port 0 finds a free one."""

    def __init__(self, handler: Maildir, port: int) -> None:
        # Said to be TCP, or asyncio lets the kernel hold back the second line of each answer for 40 ms.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((HOST, port))
        super().__init__(handler, hostname=HOST, port=self._socket.getsockname()[1])

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._socket)


@contextmanager
def _mail(handler: Maildir, port: int) -> Iterator[int]:
    server = _MailServer(handler, port)
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


@contextmanager
def _web(app: Flask, port: int) -> Iterator[int]:
    with socket.create_server((HOST, port), backlog=256) as listening:
        server = make_server(HOST, port, app, threaded=True, request_handler=_Quiet, fd=listening.fileno())
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server.port
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def running(data_folder: Path, city_token: str, http_port: int = 0, smtp_port: int = 0) -> Iterator[Running]:
    """Run the sandbox in threads as long as the context lasts; port 0 takes a free one.

    Raises `OSError` where a port is taken and `ConfigError` where the folder is damaged or in use.
    """
    app = create_sandbox(data_folder, city_token)
    network, mailbox = app.extensions["network"], app.extensions["mailbox"]
    with ExitStack() as stack:
        stack.enter_context(closing(network))
        mail_port = stack.enter_context(_mail(mailbox, smtp_port))
        web_port = stack.enter_context(_web(app, http_port))
        yield Running(f"http://{HOST}:{web_port}", mail_port, network, mailbox)


def serve(data_folder: Path, http_port: int, smtp_port: int, city_token: str) -> None:
    """Run the sandbox until SIGTERM or SIGINT; call it from the main thread."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with running(data_folder, city_token, http_port, smtp_port):
        ended.wait()

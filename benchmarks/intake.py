"""Storing events behind a small view, beside a view that does nothing: one client, one gunicorn process."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

from flask import Flask, request
from flask.typing import ResponseReturnValue

from benchmarks import ground
from benchmarks.figures import Figure, Result, repeated, spread, timed
from benchmarks.ground import town
from bridge.domain import PlatformEvent
from bridge.tickets.book import events

REQUESTS = 1000
HOST = "127.0.0.1"


def app() -> Flask:
    """The two views; a stand-in for a webhook, which would check a signature before."""
    made = Flask("intake")

    @made.post("/bare")
    def bare() -> ResponseReturnValue:
        return "", 204

    @made.post("/events/<int:account>")
    def store(account: int) -> ResponseReturnValue:
        body = request.get_data(as_text=True)
        events.store_events(account, (PlatformEvent(key=request.headers["X-Event"], payload=body),))
        return "", 204

    return made


def measure(times: int) -> Iterable[Figure]:
    """Requests per second and single times of both views, on every database there is."""
    with ground.databases() as bases:
        for base in bases:
            with town(base) as account, serving() as port:
                numbers = iter(range(1_000_000))
                for name, path in (("a bare view", "/bare"), ("one event stored", f"/events/{account}")):
                    requested(port, path, name, numbers)
                    yield from repeated(
                        times,
                        lambda p=port, path=path, name=f"{name}, {base.name}", n=numbers: (  # type: ignore[misc]
                            requested(p, path, name, n)
                        ),
                    )


def requested(port: int, path: str, name: str, numbers: Iterator[int]) -> Result:
    """Ask one after the other over one connection."""
    connection = HTTPConnection(HOST, port)
    asked = [ground.mention(next(numbers), text) for text in ground.texts(REQUESTS)]

    def ask(event: PlatformEvent) -> None:
        connection.request("POST", path, event.payload.encode(), {"X-Event": event.key})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 204, answer.status

    asks = (lambda event=event: ask(event) for event in asked)
    single = timed(asks, time.perf_counter)
    connection.close()
    return {(f"{name}, requests", "/s"): REQUESTS / sum(single)} | spread(name, single)


@contextmanager
def serving() -> Iterator[int]:
    """The views in a process of their own, as the Procfile serves the desk."""
    with socket.create_server((HOST, 0)) as probe:
        port = probe.getsockname()[1]
    options = f"--bind {HOST}:{port} --threads 8 --no-control-socket --log-level error".split()
    command = [sys.executable, "-m", "gunicorn", "benchmarks.intake:app()", *options]
    with subprocess.Popen(command, cwd=ground.ROOT, env=os.environ) as server:
        try:
            _until_open(port)
            yield port
        finally:
            server.terminate()


def _until_open(port: int) -> None:
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("gunicorn does not start")

"""Asking a department's own server: what it answers comes back whole, and silence has its right name."""

import socket

import pytest

from bridge.domain import PermanentError, TemporaryError, UnknownOutcomeError
from bridge.fetch import exchange
from tests.test_fetch import server

ANSWER = b"HTTP/1.1 301 Moved\r\nLocation: http://a.example/\r\nX-Told: Yes\r\nContent-Length:6\r\n\r\nanswer"


def url(port: int) -> str:
    return f"http://127.0.0.1:{port}/tickets?since=1"


def test_method_body_and_heads_go_out_and_the_whole_answer_comes_back() -> None:
    with server(ANSWER) as (port, asked):
        answer = exchange(
            "POST", url(port), body=b"{}", headers={"Content-Type": "text/x"}, allow_private=True
        )
    assert (answer.status, answer.headers["x-told"], answer.content) == (301, "Yes", b"answer")
    assert asked[0].startswith(b"POST /tickets?since=1 HTTP/1.1\r\n")
    assert b"Content-Type: text/x\r\n" in asked[0]
    assert asked[0].endswith(b"\r\n\r\n{}")


def test_of_an_endless_answer_only_the_beginning_is_read() -> None:
    endless = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100_000
    with server(endless) as (port, _):
        assert exchange("GET", url(port), allow_private=True, max_bytes=2048).content == b"x" * 2048


@pytest.mark.parametrize("pieces", [(), (b"HTTP/1.1 2",), (b"what?\r\n\r\n",)])
def test_no_clear_answer_is_an_unknown_outcome(pieces: tuple[bytes, ...]) -> None:
    with server(*pieces) as (port, _), pytest.raises(UnknownOutcomeError, match=r"127\.0\.0\.1"):
        exchange("POST", url(port), body=b"{}", allow_private=True)


def test_an_answer_that_drips_is_cut_off() -> None:
    drips = (b"HTTP/1.1 200 OK\r\n", *(b"X-Drop: 1\r\n",) * 20)
    with server(*drips, pause=0.05) as (port, _), pytest.raises(UnknownOutcomeError):
        exchange("POST", url(port), body=b"{}", allow_private=True, seconds=0.2)


def test_where_nobody_listens_nothing_has_happened() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(TemporaryError):
        exchange("POST", url(port), allow_private=True)


@pytest.mark.parametrize(
    "refused",
    [
        "",
        "ftp://a.example/",
        "http://a.example/",
        "https://",
        "https://u:p@a.example/",
        "https://127.0.0.1/",
        "https://[::ffff:10.0.0.1]/",
        "https://a.example/\r\nX: y",
    ],
)
def test_no_request_leads_inside_or_leaves_unencrypted(refused: str) -> None:
    with pytest.raises(PermanentError):
        exchange("POST", refused, body=b"{}")

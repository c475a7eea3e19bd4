"""The whole bridge as real processes: real HTTP, a real Redis, a real SMTP conversation."""

import contextlib
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import requests

ROOT = Path(__file__).parents[2]
PATIENCE = 40.0
STARTING = 120.0
"""Seconds for eight processes on a busy machine; `bridge run` itself waits 60 for each."""
Found = TypeVar("Found")


class Whole:
    """One running bridge, seen from outside: by its pages, its square, its mailbox and its processes."""

    def __init__(
        self, data: Path, process: "subprocess.Popen[str]", square: str, desk: str, database: str = ""
    ) -> None:
        self.data, self.process, self.square, self.sign_in = data, process, square, desk
        self.database = database
        self.desk = desk.split("/anmelden", maxsplit=1)[0]

    def write(self, persona: str, text: str, **more: Any) -> dict[str, Any]:
        """Write on the square as a citizen."""
        answer = requests.post(
            f"{self.square}/sandbox/posts", json={"persona": persona, "text": text, **more}, timeout=30
        )
        assert answer.ok, answer.text
        status: dict[str, Any] = answer.json()
        return status

    def answers(self, status_id: str) -> list[dict[str, Any]]:
        """The city's answers below a post, oldest first."""
        token = re.search(r'"square_token": "([^"]+)"', (self.data / "demo.json").read_text())
        assert token
        context = requests.get(
            f"{self.square}/api/v1/statuses/{status_id}/context",
            headers={"Authorization": f"Bearer {token[1]}"},
            timeout=30,
        ).json()
        return [s for s in context["descendants"] if s["account"]["acct"].startswith("stadt")]

    def misbehave(self, **faults: Any) -> None:
        """Tell the square how to misbehave."""
        assert requests.put(f"{self.square}/sandbox/faults", json=faults, timeout=30).ok

    def mails(self, word: str = "") -> list[EmailMessage]:
        """The mails in the departments' mailbox whose subject carries a word."""
        box = next(self.data.rglob("new"))
        found = [message_from_bytes(p.read_bytes(), policy=policy.default) for p in sorted(box.iterdir())]
        return [mail for mail in found if word in str(mail["subject"])]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the case book directly."""
        if self.database:
            with psycopg.connect(self.database) as connection:
                return connection.execute(query.encode()).fetchall()
        with contextlib.closing(sqlite3.connect(self.data / "bridge.db", timeout=30)) as database:
            return database.execute(query).fetchall()

    def children(self) -> dict[str, int]:
        """The processes of the bridge, by what they do."""
        return dict(_children(self.process.pid))

    def end(self, number: signal.Signals = signal.SIGINT) -> None:
        """End it as Ctrl-C does and wait until it is gone."""
        self.process.send_signal(number)
        self.process.wait(30)


@contextmanager
def running(data: Path, *, port: int, samples: bool = False, **env: str) -> Iterator[Whole]:
    """Run `bridge run` as long as the context lasts."""
    command = [sys.executable, "-c", "from bridge.cli import main; main()", "run"]
    command += ["--data", str(data), "--port", str(port), "--samples" if samples else "--no-samples"]
    said = data.parent / f"{data.name}.out"
    with said.open("w") as out:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **env},
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            text=True,
        )
    try:
        square, desk = until(lambda: _addresses(process, said), STARTING)
        yield Whole(data, process, square, desk, env.get("DATABASE_URL", ""))
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def answer_links(mail: EmailMessage) -> list[str]:
    """The links by which a department answers a mail."""
    plain = mail.get_body(("plain",))
    assert plain
    return re.findall(r"http://\S+/amt/\S+", plain.get_content())


def press_done(links: list[str], words: str, times: int = 1) -> None:
    """Open the link for `done`, write some words and press its button, once or by an impatient hand."""
    link = next(link for link in links if "done" in link)
    page = requests.get(link, timeout=10).text
    form = next(form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if "Erledigt" in form)
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    area = re.search(r'<textarea[^>]*name="(\w+)"', form)
    assert area
    for _ in range(times):
        pressed = requests.post(link.split("?")[0], data=fields | {area[1]: words}, timeout=10)
        assert pressed.status_code in {200, 409}


def until(ask: Callable[[], Found | None], seconds: float = PATIENCE) -> Found:
    """Ask until there is an answer; fail after some time."""
    ends = time.monotonic() + seconds
    while True:
        found = ask()
        if found:
            return found
        assert time.monotonic() < ends, f"nothing after {seconds} s: {ask}"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _addresses(process: "subprocess.Popen[str]", said: Path) -> tuple[str, str] | None:
    text = said.read_text()
    assert process.poll() is None, text
    square = re.search(r"Marktplatz\D*(http://\S+?)/\s", text)
    desk = re.search(r"(http://\S+/anmelden/link/\S+)", text)
    return (square[1], desk[1]) if square and desk and "Postfach" in text else None


def _children(pid: int) -> Iterator[tuple[str, int]]:
    for child in Path(f"/proc/{pid}/task").glob("*/children"):
        for number in child.read_text().split():
            words = Path(f"/proc/{number}/cmdline").read_text().replace("\0", " ")
            name = re.search(
                r"workers (\w+)|workers\.(ticker)|bridge\.(sandbox)|(gunicorn)|/(redis)\.sock", words
            )
            yield next(filter(None, name.groups())) if name else words, int(number)

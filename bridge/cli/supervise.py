"""Keeps the processes of one machine running: starts them, restarts what dies, ends them all."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
RESTART_SECONDS = (0.1, 0.5, 1, 2, 5, 10)
CALM_SECONDS = 30
END_SECONDS = 8.0


class Child:
    """One process and its log."""

    def __init__(self, name: str, command: list[str], env: dict[str, str], log_folder: Path) -> None:
        self.name, self.command, self.env = name, command, env
        self.log_file = log_folder / f"{name}.log"
        self.restarts = 0
        self.process: subprocess.Popen[bytes] | None = None
        self._due = 0.0
        self._started = 0.0

    def start(self) -> None:
        """Start the process in a group of its own, so that Ctrl-C reaches only us."""
        with self.log_file.open("ab") as log:
            self.process = _popen(self.command, self.env, log)
        self._started = time.monotonic()

    def keep_running(self) -> bool:
        """Restart the process if it died, ever more patiently; True where it was restarted."""
        if self.process is None or self.process.poll() is None:
            return False
        now = time.monotonic()
        if not self._due:
            self.restarts = 0 if now - self._started > CALM_SECONDS else self.restarts
            self._due = now + RESTART_SECONDS[min(self.restarts, len(RESTART_SECONDS) - 1)]
        if now < self._due:
            return False
        self.restarts, self._due = self.restarts + 1, 0.0
        self.start()
        return True

    def ask_to_end(self) -> None:
        """Send SIGTERM to the process alone: a worker then finishes the job at hand."""
        if self.process and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.terminate()

    def wait(self, seconds: float) -> bool:
        """Whether the process ended within this time."""
        if self.process is None:
            return True
        try:
            self.process.wait(max(seconds, 0.01))
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """End the process and whatever it started."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def last_words(self, lines: int = 12) -> str:
        """The end of the log, for people."""
        return "\n".join(self.log_file.read_text(errors="replace").splitlines()[-lines:])


def end_all(children: list[Child]) -> None:
    """End every process, the last started first; what does not end in time is killed."""
    for child in reversed(children):
        child.ask_to_end()
    ends = time.monotonic() + END_SECONDS
    for child in reversed(children):
        if not child.wait(ends - time.monotonic()):
            child.kill()


def _popen(command: list[str], env: dict[str, str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
    )


def _end_with_parent() -> None:
    # Even a killed supervisor must leave no process behind.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)

"""A storm over the whole bridge: processes killed and stopped at seeded moments, Redis killed and emptied."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from tests.journey.whole import ROOT, Whole, alive, until
from tests.postgres import Server

PAST_THE_LEASE = 65.0
"""Seconds; a lease is 60."""
HANG = 8.0
"""Seconds for which a platform, a page or Redis hangs when it is stopped."""


class Storm:
    """What strikes one bridge, and how often what has struck."""

    def __init__(self, whole: Whole, seed: int, pause: float, server: Server | None = None) -> None:
        """Strike about every `pause` seconds; `server` is the PostgreSQL to be killed, if there is one."""
        self.whole = whole
        self.struck: Counter[str] = Counter()
        self._random = random.Random(seed)
        self._pause = pause
        self._stopped: dict[int, float] = {}
        self._server = server
        self._strikes: list[Callable[[], str]] = [
            self._kill_worker,
            self._kill_worker,
            self._kill_horse,
            self._kill_other,
            self._stop_worker,
            self._stop_other,
            self._empty_redis,
        ]
        if server:
            self._strikes.append(self._kill_postgresql)
        self._second = _second_network_worker(whole)

    def rage(self, over: Callable[[], bool]) -> None:
        """Strike until it is over and wait until whoever is stopped has slept enough.

        To be called from the main thread: a PostgreSQL started anew ends with the thread that started it.
        """
        while not over():
            time.sleep(self._pause * self._random.uniform(0.5, 1.5))
            self._wake_up(time.monotonic())
            if self._second.poll() is not None:
                self._second = _second_network_worker(self.whole)
            with suppress(ProcessLookupError, FileNotFoundError, KeyError, IndexError, RedisError):
                self.struck[self._random.choice(self._strikes)()] += 1
        for due in sorted(self._stopped.values()):
            time.sleep(max(0.0, due - time.monotonic()))
            self._wake_up(due)

    def end(self) -> None:
        """Wake up whoever is still stopped and end the second worker."""
        self._wake_up(float("inf"))
        self._second.terminate()
        self._second.wait(60)

    def _kill_worker(self) -> str:
        name = self._random.choice(("compute", "network", "network", "ticker"))
        os.kill(self._pid(name), signal.SIGKILL)
        return f"killed {name}"

    def _kill_horse(self) -> str:
        """The child that does a worker's job, while its worker lives."""
        name = self._random.choice(("compute", "network"))
        os.kill(self._horse(name), signal.SIGKILL)
        return f"killed the job of {name}"

    def _kill_other(self) -> str:
        name = self._random.choice(("sandbox", "gunicorn", "redis"))
        os.kill(self._pid(name), signal.SIGKILL)
        return f"killed {name}"

    def _stop_worker(self) -> str:
        """Stop a worker with the job at hand for longer than its lease."""
        name = self._random.choice(("compute", "network", "network", "ticker"))
        pids = [self._pid(name), *_children(self._pid(name))]
        self._stop(pids, PAST_THE_LEASE)
        return f"stopped {name} past the lease"

    def _stop_other(self) -> str:
        name = self._random.choice(("sandbox", "gunicorn", "redis"))
        self._stop([self._pid(name)], HANG)
        return f"stopped {name} for a while"

    def _empty_redis(self) -> str:
        socket = re.search(r"/\S+redis\.sock", Path(f"/proc/{self._pid('redis')}/cmdline").read_text())
        assert socket
        with Redis.from_url(f"unix://{socket[0]}", socket_timeout=2) as redis:
            redis.flushall()
        return "emptied Redis"

    def _kill_postgresql(self) -> str:
        assert self._server
        self._server.kill()
        time.sleep(1)
        self._server.start()
        return "killed PostgreSQL"

    def _pid(self, name: str) -> int:
        second = name == "network" and self._random.random() < 0.5
        pid = self._second.pid if second else self.whole.children()[name]
        # One that sleeps is to sleep through its lease.
        if pid in self._stopped:
            raise KeyError(name)
        return pid

    def _horse(self, name: str) -> int:
        return _children(self._pid(name))[0]

    def _stop(self, pids: list[int], seconds: float) -> None:
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
            self._stopped[pid] = time.monotonic() + seconds

    def _wake_up(self, until: float) -> None:
        for pid in [pid for pid, due in self._stopped.items() if due <= until]:
            del self._stopped[pid]
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def _second_network_worker(whole: Whole) -> "subprocess.Popen[bytes]":
    """One more worker, so that somebody takes over while the first one is stopped."""
    first = until(lambda: whole.children().get("network"))
    told = Path(f"/proc/{first}/environ").read_bytes().decode().split("\0")
    env = dict(line.split("=", 1) for line in told if "=" in line)
    command = [sys.executable, "-m", "workers", "network"]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _children(pid: int) -> list[int]:
    return [
        int(child)
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if alive(int(child))
    ]

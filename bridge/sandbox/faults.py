"""How the network misbehaves: the seven ways a post can go wrong, late reads and overlapping pages."""

import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from flask import Response, request

from bridge.sandbox.records import Faults, RefusalError, Status


class PostFault(StrEnum):
    """What can happen to one post of the city."""

    RATE_LIMITED = "rate_limited"
    ERROR_BEFORE = "error_before"
    ERROR_AFTER = "error_after"
    TIMEOUT_BEFORE = "timeout_before"
    TIMEOUT_AFTER = "timeout_after"
    RESET_AFTER = "reset_after"
    LATE_COMMIT = "late_commit"


class Dice:
    """Throws the faults by their shares, the same ones for the same seed, and counts them."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.injected: Counter[str] = Counter()
        self._random = random.Random(faults.seed)  # noqa: S311 - faults must be repeatable, not secret
        self._lock = threading.Lock()

    def post_fault(self) -> PostFault | None:
        """What goes wrong with this post, if anything."""
        with self._lock:
            shares = [float(getattr(self.faults, fault)) for fault in PostFault]
            outcomes: list[PostFault | None] = [*PostFault, None]
            fault = self._random.choices(outcomes, [*shares, max(0.0, 1 - sum(shares))])[0]
            self.injected.update([fault] if fault else [])
            return fault

    def strikes(self, share: str) -> bool:
        """Whether the fault named `share` (`read_back_failure`, `poll_overlap`) happens now."""
        with self._lock:
            hit = self._random.random() < float(getattr(self.faults, share))
            self.injected.update([share] if hit else [])
            return hit

    def hidden_by_lag(self, status: Status) -> bool:
        """Whether a status is too young to be read back."""
        lag = timedelta(seconds=self.faults.read_lag_seconds)
        return datetime.now(UTC) - status.created_at < lag


def suffer(fault: PostFault, commit: Callable[[], Status], hang_seconds: float) -> Response:
    """Let one post go wrong; `commit` posts it where this fault still does.

    Raises `RefusalError` with the code the client sees, if it still listens.
    """
    if fault is PostFault.RATE_LIMITED:
        raise RefusalError(429, "Too many requests")
    if fault in {PostFault.TIMEOUT_BEFORE, PostFault.LATE_COMMIT}:
        time.sleep(hang_seconds)
    if fault not in {PostFault.ERROR_BEFORE, PostFault.TIMEOUT_BEFORE}:
        commit()
    if fault is PostFault.RESET_AFTER:
        return Response(_broken(request.environ.get("werkzeug.socket")))
    if fault is PostFault.TIMEOUT_AFTER:
        time.sleep(hang_seconds)
    raise RefusalError(500, "Internal Server Error")


def _broken(connection: socket.socket | None) -> Iterator[bytes]:
    # Breaks only when the server begins to send this as the answer: a plain error would be sent as a page.
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionResetError
    yield b""

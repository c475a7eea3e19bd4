"""The network's journal: one JSON line an event, flushed at once, replayed at start."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from pydantic import TypeAdapter, ValidationError

from bridge.domain import ConfigError
from bridge.sandbox.records import Event

_EVENT: TypeAdapter[Event] = TypeAdapter(Event)


class Journal:
    """An open journal file that belongs to this process alone."""

    def __init__(self, path: Path) -> None:
        """Open or create `path`; raises `ConfigError` when another process holds it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._file: IO[bytes] = path.open("a+b")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise ConfigError(f"{path}: another sandbox is already running on this folder") from None
        self._drop_torn_line()

    def _drop_torn_line(self) -> None:
        self._file.seek(0)
        whole = self._file.read().rfind(b"\n") + 1
        os.truncate(self.path, whole)

    def replay(self) -> Iterator[Event]:
        """Every event so far, oldest first; raises `ConfigError` naming a line that is damaged."""
        self._file.seek(0)
        for number, line in enumerate(self._file, start=1):
            try:
                yield _EVENT.validate_json(line)
            except ValidationError:
                self.close()
                raise ConfigError(
                    f"{self.path}, line {number}: damaged; delete the folder to begin anew"
                ) from None

    def append(self, event: Event) -> None:
        """Write one event so that it survives the end of this process."""
        self._file.write(_EVENT.dump_json(event) + b"\n")
        self._file.flush()

    def close(self) -> None:
        """Let another process have the journal."""
        self._file.close()

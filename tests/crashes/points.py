"""The points at which a process may end: before and after every commit that wrote, and every send."""

import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

CRASHED = 137
WRITES = ("INSERT", "UPDATE", "DELETE")


class Points:
    """Counts the points a process passes and ends it, without a word, at the chosen one."""

    def __init__(self, file: Path) -> None:
        """`file` tells other processes which points this one passed."""
        self.step = ""
        self.crash_at = 0
        self._file = file
        self._passed = 0
        self._wrote = False

    def begin(self, crash_at: int) -> None:
        """Begin to count in a new process, to be ended at this point; 0 lets it live."""
        self.crash_at, self._passed = crash_at, 0
        self._file.write_text("")

    def pass_by(self, what: str) -> None:
        """One more point; the last one of this process if it was chosen."""
        self._passed += 1
        with self._file.open("a") as passed:
            passed.write(f"{self.step}|{what}\n")
        if self._passed == self.crash_at:
            os._exit(CRASHED)

    def passed(self) -> list[tuple[str, str]]:
        """The step and the point, for every point the latest process passed."""
        lines = self._file.read_text().splitlines()
        return [(step, what) for step, _, what in (line.partition("|") for line in lines)]

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Pass a point before and after every commit of a transaction that wrote something."""
        commit = Session.commit

        def watched(session: Session) -> None:
            session.flush()
            wrote, self._wrote = self._wrote, False
            if wrote:
                self.pass_by("before the commit")
            commit(session)
            if wrote:
                self.pass_by("after the commit")

        monkeypatch.setattr(Session, "commit", watched)
        event.listen(Engine, "before_cursor_execute", self._notice)

    def stop_watching(self) -> None:
        """Let the engines be."""
        event.remove(Engine, "before_cursor_execute", self._notice)

    def _notice(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self._wrote |= statement.lstrip().startswith(WRITES)

"""What a check finds: a state, and a sentence that says what to do."""

from enum import StrEnum

from bridge.domain import Value


class State(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    BROKEN = "broken"


class Finding(Value):
    """One thing that was looked at; `told` never holds a secret."""

    state: State
    told: str

    @classmethod
    def ok(cls, told: str) -> "Finding":
        """It works."""
        return cls(state=State.OK, told=told)

    @classmethod
    def warning(cls, told: str) -> "Finding":
        """It works, and somebody should know something about it."""
        return cls(state=State.WARNING, told=told)

    @classmethod
    def broken(cls, told: str) -> "Finding":
        """It does not work until somebody does what is told."""
        return cls(state=State.BROKEN, told=told)

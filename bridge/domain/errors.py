"""What can go wrong, by what helps.

::

    BridgeError
    ├── TemporaryError       try again later; surely nothing has happened yet
    ├── UnknownOutcomeError  it may have happened: look first, never repeat blindly
    ├── PermanentError       trying again will not help; a person must decide
    │   └── GoneError        and nothing else will ever be taken there either
    └── ConfigError          a file or variable is wrong; names it and says what to do
"""


class BridgeError(Exception):
    """Any failure this program knows how to name."""

    status_code: int | None = None
    """What an HTTP server answered, where one did."""


class TemporaryError(BridgeError):
    """Nothing has happened yet; trying again may help, not before `retry_after` seconds if given."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class UnknownOutcomeError(BridgeError):
    """The request left us and no clear answer came back: it may or may not have had its effect."""


class PermanentError(BridgeError):
    """Trying again will not help."""


class GoneError(PermanentError):
    """The other side says that it is closed for good."""


class ConfigError(BridgeError):
    """A setting or a file of the city is wrong; the message names it and says what to do."""

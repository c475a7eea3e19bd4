"""What the channels that speak HTTP share: where they may go, and how long a server asks them to wait."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bridge import fetch
from bridge.domain import ConfigError, PermanentError
from bridge.settings import Settings

TEMPORARY = frozenset({408, 425, 429, 503})
"""What a server answers that has done nothing and may be asked again."""
MOST_PATIENCE = 86_400.0
"""Seconds a server may ask us to wait."""
HERE = frozenset({"127.0.0.1", "::1", "localhost"})


def check_form(settings: Settings, address: str, example: str) -> None:
    """Raise `ConfigError` where `address` is no https address of another machine."""
    try:
        fetch.check(address, allow_private=settings.fetch_private_hosts)
    except PermanentError as error:
        raise ConfigError(f"{address!r} does not fit: {error}; write it like {example}") from None


def check_meant(settings: Settings, address: str) -> None:
    """Raise `PermanentError` where `address` is a real one and the settings do not allow to write to it."""
    private = settings.fetch_private_hosts
    host = fetch.check(address, allow_private=private).host
    real = not f".{host}".endswith(".example") and not (private and host in HERE)
    if real and not settings.mail_real_domains:
        allow = "only BRIDGE_MAIL_REAL_DOMAINS=true allows to write to it"
        raise PermanentError(f"{host} does not end in .example; {allow}")


def patience(answer: fetch.Answer) -> float | None:
    """Seconds to wait, asked for by `Retry-After` as a number or as a date; None for anything else."""
    asked = answer.headers.get("retry-after", "")
    try:
        seconds = float(asked) if asked.isdecimal() else _until(parsedate_to_datetime(asked))
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(seconds, 0.0), MOST_PATIENCE)


def _until(moment: datetime) -> float:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - datetime.now(UTC)).total_seconds()

"""Departments that listen by web hook: the ticket as signed JSON, by the Standard Webhooks specification."""

from binascii import Error as NotBase64
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pydantic import SecretStr
from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from bridge import fetch
from bridge.delivery._event import event
from bridge.delivery._text import line
from bridge.delivery.base import Channel
from bridge.domain import (
    BridgeError,
    ConfigError,
    GoneError,
    Handover,
    PermanentError,
    Purpose,
    Receipt,
    TemporaryError,
)

CONNECT_SECONDS, ANSWER_SECONDS = 5, 15
MOST_ANSWER = 2048
"""Bytes of an answer that are looked at; nothing but its status decides anything."""
MOST_PATIENCE = 86_400.0
"""Seconds a receiver may ask us to wait."""
TEMPORARY = frozenset({408, 425, 429})
HERE = frozenset({"127.0.0.1", "::1", "localhost"})


class Adapter(Channel):
    """Delivers a ticket as one POST, under the same `webhook-id` on every attempt."""

    name = "webhook"
    retry_seconds = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 57_600, 86_400)
    purpose = Purpose.WEBHOOK

    def check_address(self, address: str) -> None:
        """Raise `ConfigError` where `address` is no https address of another machine."""
        try:
            fetch.check(address, allow_private=self.settings.fetch_private_hosts)
        except PermanentError as error:
            raise ConfigError(
                f"{address!r} cannot take web hooks: {error}; write it like https://amt.example/tickets"
            ) from None

    def deliver(self, handover: Handover) -> Receipt:
        """Post the event.

        Raises `GoneError` for 410, `PermanentError` for every other answer that will not change by itself,
        a redirect among them, `TemporaryError` where trying again may help and `UnknownOutcomeError` where
        no whole answer came.
        """
        self._check_domain(handover.address)
        body = event(handover).model_dump_json().encode()
        answer = fetch.exchange(
            "POST",
            handover.address,
            body=body,
            headers={"Content-Type": "application/json", **signed(handover, body)},
            allow_private=self.settings.fetch_private_hosts,
            max_bytes=MOST_ANSWER,
            connect_seconds=CONNECT_SECONDS,
            seconds=ANSWER_SECONDS,
        )
        if not 200 <= answer.status < 300:
            raise _trouble(answer)
        return Receipt(external_id=handover.message_id, status_code=answer.status)

    def _check_domain(self, address: str) -> None:
        private = self.settings.fetch_private_hosts
        host = fetch.check(address, allow_private=private).host
        real = not f".{host}".endswith(".example") and not (private and host in HERE)
        if real and not self.settings.mail_real_domains:
            allow = "only BRIDGE_MAIL_REAL_DOMAINS=true allows to write to it"
            raise PermanentError(f"{host} does not end in .example; {allow}")


def signed(handover: Handover, body: bytes) -> dict[str, str]:
    """The three heads that prove `body`, with a signature by every key that holds.

    Raises `PermanentError` where the department has no key or one that nobody could sign with.
    """
    # A full stop in it would blur where the id ends and the time begins.
    identity, now = handover.message_id.replace(".", "-"), datetime.now(UTC)
    if not handover.secrets:
        raise PermanentError(_make_one(handover, "has no key for web hooks"))
    try:
        signatures = [_sign(key, identity, now, body) for key in handover.secrets]
    except (NotBase64, EmptyWebhookSecretError, ValueError):
        # Not chained: the cause may hold the key.
        raise PermanentError(_make_one(handover, "has a key for web hooks that is none")) from None
    return {
        "webhook-id": identity,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _sign(key: SecretStr, identity: str, now: datetime, body: bytes) -> str:
    return Webhook(key.get_secret_value()).sign(identity, now, body.decode())


def _make_one(handover: Handover, trouble: str) -> str:
    return f"{handover.department} {trouble}; make one with `bridge departments secret {handover.department}`"


def _trouble(answer: fetch.Answer) -> BridgeError:
    """What an answer that is not 2xx means."""
    told = line(answer.content.decode("utf-8", "replace"), 200)
    words = f"answered {answer.status}" + (f": {told}" if told else "")
    error: BridgeError
    if answer.status == 410:
        error = GoneError(f"{words}; nothing is sent there until `bridge departments enable`")
    elif answer.status in TEMPORARY or answer.status >= 500:
        error = TemporaryError(words, _patience(answer.headers.get("retry-after", "")))
    elif 300 <= answer.status < 400:
        error = PermanentError(f"{words}; redirects are not followed, correct the address")
    else:
        error = PermanentError(words)
    error.status_code = answer.status
    return error


def _patience(asked: str) -> float | None:
    """Seconds to wait, asked for as a number or as a date; None for anything else."""
    try:
        seconds = float(asked) if asked.isdecimal() else _until(parsedate_to_datetime(asked))
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(seconds, 0.0), MOST_PATIENCE)


def _until(moment: datetime) -> float:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - datetime.now(UTC)).total_seconds()

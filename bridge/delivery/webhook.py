"""Departments that listen by web hook: the ticket as signed JSON, by the Standard Webhooks specification."""

from binascii import Error as NotBase64
from datetime import UTC, datetime

from pydantic import SecretStr
from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from bridge import fetch
from bridge.delivery._event import event
from bridge.delivery._http import TEMPORARY, check_form, check_meant, patience
from bridge.delivery._text import line
from bridge.delivery.base import Channel
from bridge.domain import (
    BridgeError,
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


class Adapter(Channel):
    """Delivers a ticket as one POST, under the same `webhook-id` on every attempt."""

    name = "webhook"
    retry_seconds = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 57_600, 86_400)
    purpose = Purpose.WEBHOOK

    def check_address(self, address: str) -> None:
        """Raise `ConfigError` where `address` is no https address of another machine."""
        check_form(self.settings, address, "https://amt.example/tickets")

    def deliver(self, handover: Handover) -> Receipt:
        """Post the event.

        Raises `GoneError` for 410, `PermanentError` for every other answer that will not change by itself,
        a redirect among them, `TemporaryError` where trying again may help and `UnknownOutcomeError` where
        no whole answer came.
        """
        check_meant(self.settings, handover.address)
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
        error = TemporaryError(words, patience(answer))
    elif 300 <= answer.status < 400:
        error = PermanentError(f"{words}; redirects are not followed, correct the address")
    else:
        error = PermanentError(words)
    error.status_code = answer.status
    return error

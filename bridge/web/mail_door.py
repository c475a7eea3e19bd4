"""The door for mail gateways: a whole mail comes in by one request and is kept before anybody reads it."""

import hmac

from flask import Blueprint, Response, request

from bridge import queues
from bridge.domain import Step
from bridge.letters import MOST_BYTES
from bridge.settings import settings
from bridge.tickets.book import letters
from bridge.web.public import keep_private

blueprint = Blueprint("mail_door", __name__)

FIELDS = ("message", "email", "body-mime", "raw")
"""Under which names gateways send the raw mail in a form."""
FORM_BYTES = MOST_BYTES + 100_000
"""A form has more than the mail in it."""


@blueprint.post("/hooks/mail")
def receive() -> Response:
    """Keep a raw mail (RFC 822), sent as the body or in a form; 200 as soon as it is on the disk.

    The same mail again is 200 as well. 401 without the gateway's token, 413 above 5 MB, 422 for no mail.
    """
    if not _is_the_gateway():
        return _told(401, "Send BRIDGE_MAIL_GATEWAY_TOKEN as `Authorization: Bearer …`.")
    raw = _raw()
    if b":" not in raw[:1000]:
        return _told(422, f"Send the raw mail as the body, or in a form as one of {', '.join(FIELDS)}.")
    if len(raw) > MOST_BYTES:
        return _told(413, f"A mail may have {MOST_BYTES // 1_000_000} MB.")
    letters.store(raw)
    queues.ring(Step.READ)
    return _told(200, "kept")


def _is_the_gateway() -> bool:
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    wanted = settings().mail_gateway_token.get_secret_value()
    fits = hmac.compare_digest(given.strip().encode(), wanted.encode())
    return kind.lower() == "bearer" and bool(wanted) and fits


def _raw() -> bytes:
    request.max_content_length = request.max_form_memory_size = FORM_BYTES
    if request.mimetype != "multipart/form-data":
        # Whatever the sender calls it: programs such as curl call any body a form.
        return request.get_data()
    for name in FIELDS:
        if name in request.files:
            return bytes(request.files[name].read())
        if name in request.form:
            return request.form[name].encode("utf-8", "surrogateescape")
    return b""


def _told(status: int, sentence: str) -> Response:
    response = keep_private(Response(f"{sentence}\n", status, content_type="text/plain; charset=utf-8"))
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response

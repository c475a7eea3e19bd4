"""The hands behind the square: write as a persona, choose the misbehaviour, refuse mail."""

import base64
import binascii

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import Field, TypeAdapter, ValidationError

from bridge.domain import Value
from bridge.sandbox import entities
from bridge.sandbox.api import base_url, network, refused
from bridge.sandbox.mailbox import mailbox
from bridge.sandbox.records import Draft, Faults, Reach, RefusalError

_REFUSALS = TypeAdapter(dict[str, str])

control = Blueprint("control", __name__, url_prefix="/sandbox")
control.register_error_handler(RefusalError, refused)


class Post(Value):
    """What a load run or the player posts; `photo` is a JPEG or PNG in base64."""

    persona: str = Field(pattern=r"^[a-z0-9_]{1,30}$")
    text: str
    visibility: Reach = "public"
    in_reply_to_id: str | None = None
    photo: str | None = None
    sample: str | None = None


@control.errorhandler(ValidationError)
def malformed(error: ValidationError) -> ResponseReturnValue:
    """Say which value was wrong."""
    return jsonify(error=str(error)), 422


@control.post("/posts")
def post() -> ResponseReturnValue:
    """Write as a persona, who joins the network if new; answers with the Status."""
    wish = Post.model_validate_json(request.get_data())
    author = network().join(wish.persona, wish.persona.capitalize())
    media_ids = (network().upload(author, _decoded(wish.photo)).id,) if wish.photo else ()
    draft = Draft(
        status=wish.text,
        visibility=wish.visibility,
        in_reply_to_id=wish.in_reply_to_id,
        media_ids=media_ids,
    )
    status = network().write(author, draft, sample=wish.sample)
    return jsonify(entities.status(network(), status, base_url()))


@control.get("/samples")
def samples() -> ResponseReturnValue:
    """The samples played so far: name to status id."""
    return jsonify(network().samples)


@control.route("/faults", methods=["GET", "PUT"])
def faults() -> ResponseReturnValue:
    """How the network misbehaves, and how often each fault struck since it was told."""
    if request.method == "PUT":
        network().set_faults(Faults.model_validate_json(request.get_data()))
    dice = network().dice
    return jsonify(faults=dice.faults.model_dump(), injected=dice.injected)


@control.put("/refusals")
def refusals() -> ResponseReturnValue:
    """Mail addresses the mailbox refuses, each with the SMTP reply, such as "550 5.1.1 unknown"."""
    asked = _REFUSALS.validate_json(request.get_data())
    mailbox().refusals = {address.lower(): reply for address, reply in asked.items()}
    return jsonify(mailbox().refusals)


def _decoded(photo: str) -> bytes:
    try:
        return base64.b64decode(photo, validate=True)
    except binascii.Error:
        raise RefusalError(422, "photo is not base64") from None

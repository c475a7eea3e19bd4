"""One button on every page stops everything outgoing, another one lets it go on."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bridge import queues
from bridge.domain import Step
from bridge.tickets import switches
from bridge.web.auth import actor
from bridge.web.security import is_ours

blueprint = Blueprint("pause", __name__)


@blueprint.post("/anhalten")
def stop() -> ResponseReturnValue:
    """Stop everything outgoing."""
    switches.pause(actor())
    return _back()


@blueprint.post("/weiter")
def go_on() -> ResponseReturnValue:
    """Let what waits go out."""
    switches.resume()
    queues.ring(Step.REPLY)
    queues.ring(Step.DELIVER)
    flash("Es wird wieder gesendet.")
    return _back()


def _back() -> ResponseReturnValue:
    onward = request.form.get("onward", "")
    return redirect(onward if is_ours(onward) else url_for("desk.pult"), 303)

"""What did not reach the departments, office by office, with the button to hand it over once more."""

from itertools import groupby

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from bridge.tickets import switches
from bridge.tickets.undelivered import undelivered

blueprint = Blueprint("undelivered", __name__)


@blueprint.get("/zustellungen")
def page() -> ResponseReturnValue:
    """What fails or was given up, by department, and the addresses nothing is sent to any more."""
    failed = sorted(undelivered(), key=lambda each: each.department)
    by_office = [(office, list(each)) for office, each in groupby(failed, key=lambda each: each.department)]
    return render_template("desk/undelivered.html", by_office=by_office, shut=switches.shut_addresses())

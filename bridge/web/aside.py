"""What lies beside the list: abuse to be moderated, messages put away, and what failed."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from bridge import queues
from bridge.domain import PermanentError, Step, TicketStatus
from bridge.tickets import letterbox, search
from bridge.tickets.book import accounts, desk
from bridge.tickets.book.messages import Opening
from bridge.web.auth import actor
from bridge.web.frame import city

blueprint = Blueprint("aside", __name__)


@blueprint.get("/netiquette")
def netiquette() -> ResponseReturnValue:
    """Messages against the Netiquette, their words behind a click."""
    return render_template("desk/netiquette.html", messages=search.moderation())


@blueprint.get("/abgelegt")
def folded() -> ResponseReturnValue:
    """Messages that opened no ticket."""
    return render_template("desk/folded.html", messages=search.folded())


@blueprint.get("/stoerungen")
def troubles() -> ResponseReturnValue:
    """Whatever the program could not finish by itself."""
    return render_template(
        "desk/troubles.html",
        accounts=accounts.listed(),
        mailbox_error=letterbox.mailbox_error(),
        undeliverable=[
            line
            for line in search.listing("now", limit=500).lines
            if line.status is TicketStatus.UNDELIVERABLE
        ],
        set_aside=search.set_aside(limit=500),
    )


@blueprint.post("/nachricht/<int:message_id>/anliegen")
def open_ticket(message_id: int) -> ResponseReturnValue:
    """Make a ticket of a message that was put away."""
    here = city()
    opening = Opening(reference_prefix=here.file.reference_prefix, join_window=here.join_window)
    try:
        case = search.case(desk.open_from_message(message_id, actor(), opening))
    except PermanentError:
        flash("Diese Nachricht ist nicht mehr da: Wer sie schrieb, hat sie wohl gelöscht.")
        return redirect(url_for("aside.folded"), 303)
    queues.ring(Step.ROUTE)
    assert case is not None
    flash("Das ist jetzt ein Anliegen. Bitte prüfen Sie Kategorie, Ort und Amt.")
    return redirect(url_for("ticket.page", reference=case.reference), 303)

"""What reaches the city by telephone, letter or any other way: typed in, then a ticket like the others."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bridge import queues
from bridge.domain import Step
from bridge.tickets import search
from bridge.tickets.book import desk
from bridge.web.auth import actor

blueprint = Blueprint("by_hand", __name__)

SOURCES = ("Telefon", "Brief", "Beitrag im Netz", "persönlich")
MOST_NAME = 200
PATIENCE = 8
"""Seconds after which the waiting page says where to look instead."""


@blueprint.get("/von-hand")
def form() -> ResponseReturnValue:
    """The first step: who said what, and where."""
    return render_template("desk/by_hand.html", sources=SOURCES, typed={}, wrong="")


@blueprint.post("/von-hand")
def enter() -> ResponseReturnValue:
    """Take it down; 422 with everything kept where the words are missing or the address is none."""
    typed = {name: request.form.get(name, "").strip() for name in ("source", "words", "author", "url")}
    wrong = _wrong(typed)
    if wrong:
        return render_template("desk/by_hand.html", sources=SOURCES, typed=typed, wrong=wrong), 422
    message_id = desk.enter_by_hand(
        actor(),
        source=typed["source"],
        text=typed["words"],
        author=typed["author"][:MOST_NAME],
        url=typed["url"] or None,
    )
    queues.ring(Step.UNDERSTAND)
    return redirect(url_for("by_hand.wait", message_id=message_id), 303)


@blueprint.get("/von-hand/<int:message_id>")
def wait(message_id: int) -> ResponseReturnValue:
    """The second step: the ticket, as soon as the message is understood."""
    ticket_id = search.ticket_of_message(message_id)
    case = search.case(ticket_id) if ticket_id else None
    if case:
        flash("Aufgenommen. Bitte prüfen Sie Kategorie, Ort und Amt.")
        return redirect(url_for("ticket.page", reference=case.reference), 303)
    waited = request.args.get("seit", 0, type=int)
    page = render_template("desk/wait.html", long=waited >= PATIENCE)
    again = url_for("by_hand.wait", message_id=message_id, seit=min(waited + 1, PATIENCE))
    return page, {"Refresh": f"{1 if waited < PATIENCE else 10}; url={again}"}


def _wrong(typed: dict[str, str]) -> str:
    if typed["source"] not in SOURCES:
        return "Bitte wählen Sie, auf welchem Weg es kam."
    if not typed["words"]:
        return "Bitte schreiben Sie auf, worum es geht."
    if typed["url"] and not typed["url"].startswith(("https://", "http://")):
        return "Bitte geben Sie die Adresse mit https:// an."
    return ""

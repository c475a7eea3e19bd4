"""What staff do with a ticket: each act is one POST, done at once, and leads back to the ticket."""

from uuid import uuid4

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bridge import delivery as channels
from bridge import queues
from bridge.domain import ConfigError, Location, PermanentError, Precision, Priority, Step, TicketStatus
from bridge.settings import settings
from bridge.tickets.book import desk, updates
from bridge.tickets.views import Case
from bridge.tickets.workflow import ALLOWED, PRESS
from bridge.web.auth import actor
from bridge.web.frame import city
from bridge.web.ticket import CLOSINGS, box, find, offers, version

blueprint = Blueprint("acts", __name__, url_prefix="/anliegen/<reference>")


@blueprint.post("/antwort")
def answer(reference: str) -> ResponseReturnValue:
    """Answer the citizen; 409 with the text kept where the ticket was answered meanwhile."""
    case, text = find(reference), request.form.get("text", "").strip()
    where = box(case.threads)
    if where is None:
        return _done(case, "Hier gibt es niemanden mehr, dem wir antworten können.")
    if not text:
        return _done(case, "Bitte schreiben Sie erst einen Text.")
    if request.form.get("version") != version(case):
        return render_template("desk/answered.html", case=case, kept=text, version=version(case)), 409
    desk.answer(case.id, actor(), text)
    return _done(case, where.told, Step.REPLY)


@blueprint.post("/notiz")
def note(reference: str) -> ResponseReturnValue:
    """Keep a note among staff."""
    case, words = find(reference), request.form.get("words", "").strip()
    if not words:
        return _done(case, "Bitte schreiben Sie erst einen Text.")
    desk.note(case.id, actor(), words)
    return _done(case, "Notiz gespeichert.")


@blueprint.post("/gesehen")
def seen(reference: str) -> ResponseReturnValue:
    """A person has seen the emergency or the news."""
    case = find(reference)
    desk.seen(case.id, actor())
    return _done(case, "Als gesehen vermerkt.")


@blueprint.post("/kategorie")
def category(reference: str) -> ResponseReturnValue:
    """Correct the category; 400 for one the city does not have."""
    case, chosen = find(reference), request.form.get("category", "")
    if chosen not in city().categories:
        abort(400)
    desk.correct(case.id, actor(), category=chosen)
    return _done(case, "Kategorie geändert. Die Zuständigkeit wird neu geprüft.", Step.ROUTE)


@blueprint.post("/dringlichkeit")
def priority(reference: str) -> ResponseReturnValue:
    """Say how urgent it is; 400 for anything else than a priority."""
    case = find(reference)
    chosen = next((each for each in Priority if each == request.form.get("priority")), None) or abort(400)
    desk.correct(case.id, actor(), priority=chosen)
    return _done(case, "Dringlichkeit geändert. Die Zuständigkeit wird neu geprüft.", Step.ROUTE)


@blueprint.post("/amt")
def department(reference: str) -> ResponseReturnValue:
    """Give the ticket to another department; 400 for one the city does not have."""
    case, chosen = find(reference), request.form.get("department", "")
    if chosen not in city().departments:
        abort(400)
    desk.correct(case.id, actor(), department=chosen)
    return _done(case, f"Geht an: {city().department_name(chosen)}.", Step.ROUTE)


@blueprint.post("/ort")
def place(reference: str) -> ResponseReturnValue:
    """Set the place: one of those offered, or the words as they were typed."""
    case, asked = find(reference), request.form.get("asked", "").strip()[:200]
    label, precision = request.form.get("label", ""), request.form.get("precision", "")
    offered = (p for p in offers(case, asked).places if (p.label, p.precision) == (label, precision))
    chosen = next(offered, None) if label else _as_typed(asked)
    if chosen is None:
        abort(400)
    desk.correct(case.id, actor(), location=chosen)
    return _done(case, f"Ort gesetzt: {chosen.label}.", Step.ROUTE)


@blueprint.post("/stand")
def status(reference: str) -> ResponseReturnValue:
    """Close or reopen; declining needs a reason."""
    case, words = find(reference), request.form.get("words", "").strip()
    wanted = next((s for s in (*CLOSINGS, TicketStatus.REOPENED) if s == request.form.get("status")), None)
    if wanted is None:
        abort(400)
    if wanted is TicketStatus.REJECTED and not words:
        return _done(case, "Bitte nennen Sie den Grund, wenn Sie ablehnen.")
    if wanted not in ALLOWED[case.status]:
        return _done(case, "Das geht bei diesem Stand nicht mehr.")
    updates.hear(case.id, PRESS, uuid4().hex, status=wanted, words=words, actor=actor())
    return _done(case, "Wird übernommen. Der Stand erscheint gleich.", Step.UPDATE)


@blueprint.post("/antwort/<int:reply_id>/<act>")
def reply(reference: str, reply_id: int, act: str) -> ResponseReturnValue:
    """Decide about a reply that waits for a person."""
    case = find(reference)
    if reply_id not in {r.id for r in case.replies}:
        abort(404)
    match act:
        case "freigeben":
            desk.release_reply(reply_id, actor(), request.form.get("text"))
            return _done(case, "Freigegeben. Die Antwort ist unterwegs.", Step.REPLY)
        case "verwerfen":
            desk.drop_reply(reply_id, actor())
            return _done(case, "Verworfen. Es wird nichts gesendet.")
        case "angekommen":
            desk.settle_reply(reply_id, actor(), arrived=True)
            return _done(case, "Vermerkt: Die Antwort ist angekommen.")
        case "nicht-angekommen":
            desk.settle_reply(reply_id, actor(), arrived=False)
            return _done(case, "Die Antwort wird noch einmal gesendet.", Step.REPLY)
        case "uebergeben":
            desk.mark_sent(reply_id, actor())
            return _done(case, "Vermerkt: Sie haben die Antwort zurückgegeben.")
    return abort(404)


@blueprint.post("/uebergabe/<int:delivery_id>/<act>")
def delivery(reference: str, delivery_id: int, act: str) -> ResponseReturnValue:
    """Decide about a hand-over that waits for a person."""
    case = find(reference)
    if delivery_id not in {d.id for d in case.deliveries}:
        abort(404)
    if act == "freigeben":
        desk.release_delivery(delivery_id, actor())
        return _done(case, "Freigegeben. Das Amt bekommt das Anliegen jetzt.", Step.DELIVER)
    if act == "noch-einmal":
        address = request.form.get("address", "").strip()
        if address and not _reaches(address):
            return _done(case, "Das ist keine E-Mail-Adresse. Es wurde nichts gesendet.")
        desk.deliver_again(delivery_id, actor(), address)
        return _done(case, "Das Amt bekommt das Anliegen jetzt noch einmal.", Step.DELIVER)
    if act == "verwerfen":
        desk.drop_delivery(delivery_id, actor())
        return _done(case, "Verworfen. Das Amt bekommt nichts.")
    return abort(404)


@blueprint.errorhandler(PermanentError)
def _decided_meanwhile(_error: PermanentError) -> ResponseReturnValue:
    flash("Das hat inzwischen jemand anders entschieden. Sie sehen den neuen Stand.")
    return redirect(url_for("ticket.page", reference=(request.view_args or {})["reference"]), 303)


def _reaches(address: str) -> bool:
    try:
        channels.load("email")(settings()).check_address(address)
    except ConfigError:
        return False
    return True


def _as_typed(asked: str) -> Location | None:
    """A description no map knows; without coordinates, but a person stands for it."""
    return Location(label=asked, precision=Precision.PLACE, name=asked) if asked else None


def _done(case: Case, told: str, due: Step | None = None) -> ResponseReturnValue:
    if due:
        queues.ring(due)
    flash(told)
    return redirect(url_for("ticket.page", reference=case.reference), 303)

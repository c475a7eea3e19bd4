"""Post: letters that wait for a person, and what a person may make of them."""

import re

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bridge import queues
from bridge.answers import ANSWERS, Answer
from bridge.domain import PermanentError, Step, TicketStatus
from bridge.letters import said
from bridge.tickets import letterbox, search, workflow
from bridge.tickets.book import letters
from bridge.tickets.letterbox import LetterView
from bridge.web.auth import actor

blueprint = Blueprint("letters", __name__, url_prefix="/post")

_REFERENCE = re.compile(r"\b[A-ZÄÖÜ]{1,4}-\d{4}-\d{5,}\b")


@blueprint.get("")
def page() -> ResponseReturnValue:
    """The letters that wait, newest first."""
    waiting, stopped = letterbox.waiting(), letterbox.stopped()
    hints = {each.id: _hint(each) for each in waiting + stopped}
    return render_template(
        "desk/letters.html", letters=waiting, stopped=stopped, hints=hints, possible=possible
    )


@blueprint.post("/<int:letter_id>/uebernehmen")
def take(letter_id: int) -> ResponseReturnValue:
    """Take a letter for one of the answers; 400 for an answer there is not."""
    name = request.form.get("answer", "")
    if name not in ANSWERS:
        abort(400)
    letters.apply(letter_id, actor(), name, ANSWERS[name].status, _words(letter_id, name))
    return _done(letter_id, f"Übernommen als „{ANSWERS[name].label}“.", Step.UPDATE)


@blueprint.post("/<int:letter_id>/zuordnen")
def assign(letter_id: int) -> ResponseReturnValue:
    """Say which ticket a letter is about."""
    ticket_id = search.find_reference(request.form.get("reference", "")[:50])
    if ticket_id is None:
        return _done(letter_id, "Dieses Anliegen gibt es nicht. Bitte prüfen Sie die Nummer.")
    letters.assign(letter_id, actor(), ticket_id)
    return _done(letter_id, "Zugeordnet. Sie finden das Schreiben jetzt beim Anliegen.")


@blueprint.post("/<int:letter_id>/weglegen")
def put_away(letter_id: int) -> ResponseReturnValue:
    """Put a letter away; nobody is answered."""
    letters.put_away(letter_id, actor())
    return _done(letter_id, "Weggelegt. Es wird niemandem geantwortet.")


@blueprint.errorhandler(PermanentError)
def _decided_meanwhile(_error: PermanentError) -> ResponseReturnValue:
    flash("Das geht bei diesem Stand nicht mehr, oder jemand anders hat inzwischen entschieden.")
    return redirect(url_for(".page"), 303)


def possible(letter: LetterView) -> dict[str, Answer]:
    """The answers this letter's ticket may take now; the one it seems to mean comes first."""
    allowed = workflow.ALLOWED[letter.status] if letter.status else frozenset[TicketStatus]()
    fitting = {name: answer for name, answer in ANSWERS.items() if answer.status in allowed}
    return dict(sorted(fitting.items(), key=lambda item: item[0] != letter.answer))


def _words(letter_id: int, name: str) -> str:
    """The words that come with this answer: without the answer itself, where the letter begins with it."""
    letter = letterbox.view(letter_id)
    words = letter.words if letter else ""
    found = said(words)
    return found.words if found and found.answer == name else words


def _hint(letter: LetterView) -> str:
    """The ticket a letter may be about, by the number in its subject, which proves nothing."""
    found = _REFERENCE.search(letter.subject.upper())
    return found[0] if found and not letter.reference else ""


def _done(letter_id: int, told: str, due: Step | None = None) -> ResponseReturnValue:
    """Back to where the button was pressed: the ticket's page where it is known, else the list."""
    if due:
        queues.ring(due)
    flash(told)
    letter = letterbox.view(letter_id)
    if request.form.get("from") == "ticket" and letter and letter.reference:
        return redirect(url_for("ticket.page", reference=letter.reference), 303)
    return redirect(url_for(".page"), 303)

"""The rules in plain sentences, how often each decided, and a box to try a text in."""

from functools import lru_cache

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bridge import queues
from bridge.domain import Step, Understanding
from bridge.routing import Rules
from bridge.routing.sentences import sentence
from bridge.tickets import rulings, search
from bridge.tickets.book import probes
from bridge.web.frame import city

blueprint = Blueprint("rules", __name__)

DAYS = 90
PATIENCE = 8
"""Seconds after which the waiting page says that something holds the reading up."""

_rules = lru_cache(maxsize=2)(Rules.load)


@blueprint.get("/regeln")
def page() -> ResponseReturnValue:
    """Every rule in its order, or those that concern one department."""
    here, office = city(), request.args.get("amt", "")[:200]
    fired, refused = rulings.fired(DAYS), search.refusals(DAYS)
    shown = [
        {
            "number": number,
            "rule": rule,
            "said": sentence(rule, here).partition(" Grund: ")[0],
            "fired": fired[rule.name],
            "refused": [(slug, count) for (name, slug), count in refused.items() if name == rule.name],
        }
        for number, rule in enumerate(_rules(here).rules, start=1)
        if not office or office in {rule.send_to, *rule.copies}
    ]
    return render_template(
        "desk/rules.html",
        shown=shown,
        office=office,
        offices=[(slug, each.name) for slug, each in here.departments.items()],
        most=max(fired.values(), default=0),
        days=DAYS,
        longest=probes.LONGEST,
    )


@blueprint.post("/regeln/probe")
def ask() -> ResponseReturnValue:
    """Let a text be read."""
    text = request.form.get("text", "").strip()
    if not text:
        flash("Bitte schreiben Sie erst einen Text.")
        return redirect(url_for("rules.page"), 303)
    key = probes.ask(text)
    queues.ring(Step.PROBE)
    return redirect(url_for("rules.probe", key=key), 303)


@blueprint.get("/regeln/probe/<key>")
def probe(key: str) -> ResponseReturnValue:
    """What would become of a text, as soon as it was read; 404 after a day."""
    found = probes.find(key[:100])
    if found is None:
        abort(404)
    shown = {"probe": found, "longest": probes.LONGEST}
    if found.result is None and not found.error:
        waited = request.args.get("seit", 0, type=int)
        again = url_for("rules.probe", key=key, seit=min(waited + 1, PATIENCE))
        waiting = render_template("desk/probe.html", **shown, long=waited >= PATIENCE)
        return waiting, {"Refresh": f"{1 if waited < PATIENCE else 10}; url={again}"}
    meaning = Understanding.model_validate(found.result["meaning"]) if found.result else None
    return render_template("desk/probe.html", **shown, meaning=meaning)

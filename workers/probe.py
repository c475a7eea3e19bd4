"""Probe: read a text somebody tries on the rules page, and say what would become of it."""

from collections.abc import Iterable
from typing import Any

from bridge.domain import Kind, Matter, Step, Understanding
from bridge.routing.explain import consequences, understood, verdict
from bridge.tickets.book import probes
from bridge.tickets.claims import Claim
from bridge.tickets.types import utcnow
from bridge.understanding import matter_in, understand
from workers.ground import city, drain, gazetteer, rules
from workers.route import place_missing

INSTEAD = {
    Kind.ABUSE: "Kommt auf die Seite Netiquette. Niemand bekommt eine Antwort.",
    Kind.IRRELEVANT: "Wird abgelegt. Daraus wird kein Anliegen.",
}
"""What becomes of a message no rule is asked about."""
DANGER = "Die Bereitschaft wird sofort alarmiert, und die Antwort nennt 112 und 110."
NO_PLACE = "Vorher wird nach dem Ort gefragt, denn er fehlt oder ist nicht genau genug."
UNSURE = "Vorher sieht ein Mensch nach, denn die Kategorie ist nicht sicher genug."


def run() -> None:
    """Read every text that is due."""
    drain(Step.PROBE, work)


def work(claim: Claim) -> Iterable[Step]:
    """Read one text, as if it were written now."""
    text = probes.text_of(claim)
    meaning = understand(text, city=city(), gazetteer=gazetteer())
    probes.answer(claim, _told(meaning, matter_in(text, meaning, gazetteer())))
    return ()


def _told(meaning: Understanding, matter: Matter) -> dict[str, Any]:
    """What the page shows: what was understood, every rule that was asked, and what would happen."""
    matter = matter.model_copy(update={"at": utcnow()})
    told = {"meaning": meaning.model_dump(mode="json"), "understood": understood(city(), matter)}
    if meaning.kind in INSTEAD:
        return told | {"trials": [], "outcome": [INSTEAD[meaning.kind]]}
    trials = [(trial.rule.name, verdict(city(), matter, trial)) for trial in rules().trace(matter)]
    outcome = [*_before(meaning), *consequences(city(), matter, rules().route(matter))]
    return told | {"trials": trials, "outcome": outcome}


def _before(meaning: Understanding) -> list[str]:
    """What comes before anything is handed over."""
    if meaning.kind is Kind.EMERGENCY:
        return [DANGER]
    if meaning.kind is not Kind.REPORT:
        return []
    if not city().trusts(meaning.category or "", meaning.confidence):
        return [UNSURE]
    return [NO_PLACE] if place_missing(meaning.category, meaning.location) else []

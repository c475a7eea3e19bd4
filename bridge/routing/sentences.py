"""Says a rule in a few German sentences, as a clerk reads it."""

from bridge.city import City
from bridge.domain import Kind, Priority, Visibility
from bridge.routing.explain import leaving
from bridge.routing.german import WORDS, percent, quoted, shown, spoken_season, spoken_span, to_office
from bridge.routing.rule import PRESS, Rule
from bridge.routing.when import When

_KINDS: dict[str, str] = {
    Kind.REPORT: "Meldungen",
    Kind.QUESTION: "Fragen",
    Kind.FEEDBACK: "Rückmeldungen",
    Kind.EMERGENCY: "Notfälle",
    Kind.ABUSE: "Beschimpfungen",
    Kind.IRRELEVANT: "Nachrichten ohne Anliegen",
}
_NAMED = {
    "category": ("zum Thema", "zu den Themen"),
    "area": ("im Gebiet", "in den Gebieten"),
    "street": ("in der Straße", "in den Straßen"),
    "words": ("mit dem Wortanfang", "mit einem der Wortanfänge"),
    "platform": ("auf", "auf"),
    "city_account": ("an das Konto", "an die Konten"),
    "flags": ("mit dem Merkmal", "mit den Merkmalen"),
}
"""Conditions whose values stand in quotes, after one of these."""
_SPOKEN: dict[str, str] = WORDS | {
    "de": "auf Deutsch",
    "en": "auf Englisch",
    Visibility.PUBLIC: "öffentlich für alle",
    Visibility.FOLLOWERS: "nur für Folgende",
    Visibility.DIRECT: "als Direktnachricht",
    Priority.LOW: "mit niedriger Dringlichkeit",
    Priority.NORMAL: "mit normaler Dringlichkeit",
    Priority.HIGH: "mit hoher Dringlichkeit",
}


def sentence(rule: Rule, city: City) -> str:
    """What the rule takes, what it does with it, and why."""
    subject = f"{_subject(rule.when, city)} {_verb(rule, city)}"
    told = [f"{subject}{_besides(rule, city)}.", *_more(rule), *leaving(city, rule.route)]
    return " ".join([*told, f"Grund: {rule.because}"])


def _subject(when: When, city: City) -> str:
    """What a rule takes, such as `Meldungen zum Thema „Lärm“ am Wochenende`."""
    if not when.asked:
        return "Alles Übrige"
    kinds = " und ".join(_KINDS[kind] for kind in when.kind) or "Nachrichten"
    conditions = [_condition(name, when, city) for name in when.asked if name != "kind"]
    return " ".join([kinds, *conditions])


def _condition(name: str, when: When, city: City) -> str:
    if name == "confidence_below":
        return f"mit einer Sicherheit unter {percent(when.confidence_below or 0)}"
    values = getattr(when, name)
    if name in _NAMED:
        one, many = _NAMED[name]
        return f"{one if len(values) == 1 else many} {quoted(shown(city, name, value) for value in values)}"
    if name == "season":
        return " oder ".join(spoken_season(value) for value in values)
    return " oder ".join(_SPOKEN.get(value, f"in der Sprache „{value}“") for value in values)


def _verb(rule: Rule, city: City) -> str:
    """What becomes of it: who is told to be responsible, and who gets it."""
    goes, becomes = ("gehen", "werden") if rule.when.asked else ("geht", "wird")
    office = f"{goes} an {to_office(city.department_name(rule.send_to))}"
    if rule.tell is None:
        return office
    contact = city.contacts[rule.tell]
    told = f"{becomes} beantwortet: Zuständig ist {contact.name} ({contact.reach})"
    return told if rule.send_to == PRESS else f"{office} und {told}"


def _besides(rule: Rule, city: City) -> str:
    told = ""
    if rule.copies:
        offices = [to_office(city.department_name(slug)) for slug in rule.copies]
        told += f", Kopie an {' und '.join(offices)}"
    if rule.due:
        told += f", Frist: {spoken_span(rule.due)}"
    if rule.priority is not Priority.NORMAL:
        told += f", Dringlichkeit: {WORDS[rule.priority]}"
    if rule.channel:
        told += f", Weg: {rule.channel}"
    return told + (f", Antworttext: {rule.reply}" if rule.reply else "")


def _more(rule: Rule) -> list[str]:
    held = ["Vorher sieht ein Mensch nach."] if rule.hold else []
    return held + (["Der Ort bleibt in Antworten und Listen ungenannt."] if rule.private else [])

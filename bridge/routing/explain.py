"""Says in German why something goes where it goes."""

from bridge.city import City
from bridge.domain import Flag, Kind, Matter, Route, Visibility
from bridge.routing.rules import Rules, Trial

CONDITIONS = {
    "kind": "Art",
    "category": "Thema",
    "district": "Ortsteil",
    "words": "Wörter",
    "language": "Sprache",
    "platform": "Plattform",
    "city_account": "Konto",
    "visibility": "Sichtbarkeit",
    "flags": "Merkmale",
    "confidence_below": "Sicherheit",
}
WORDS: dict[str, str] = {
    Kind.REPORT: "Meldung",
    Kind.QUESTION: "Frage",
    Kind.FEEDBACK: "Rückmeldung",
    Kind.EMERGENCY: "Notfall",
    Kind.ABUSE: "Beschimpfung",
    Kind.IRRELEVANT: "kein Anliegen",
    Flag.INSULT: "Beleidigung",
    Flag.THREAT: "Drohung",
    Flag.INCITEMENT: "Hetze",
    Flag.UNCONSTITUTIONAL_SYMBOL: "verbotenes Zeichen",
    Flag.PERSONAL_DATA: "persönliche Daten",
    Flag.OUTSIDE_CITY: "andere Stadt",
    Flag.NEEDS_DECISION: "braucht eine Entscheidung",
    Visibility.PUBLIC: "öffentlich",
    Visibility.UNLISTED: "nicht gelistet",
    Visibility.FOLLOWERS: "nur für Folgende",
    Visibility.DIRECT: "Direktnachricht",
}


def lines(rules: Rules, matter: Matter, route: Route) -> list[str]:
    """What was understood, each rule that was asked, and where it went and why; one line each."""
    trials = rules.trace(matter)
    told = [_understood(rules.city, matter)]
    told += [f"{number}. {_verdict(rules.city, matter, trial)}" for number, trial in enumerate(trials, 1)]
    told.append(f"Geht an: {rules.city.department_name(route.department)} (Regel {route.rule})")
    if route.hold:
        told.append("Wartet, bis ein Mensch es freigibt.")
    told.append(f"Warum: {route.because}")
    if trials[-1].rule.name != route.rule:
        told.append(f"Heute würde die Regel {trials[-1].rule.name} gelten.")
    return told


def _understood(city: City, matter: Matter) -> str:
    asked = ("kind", "category", "district", "language", "flags", "confidence_below")
    found = {CONDITIONS[name]: _found(city, matter, name) for name in asked}
    return "Verstanden: " + ", ".join(f"{name} {value}" for name, value in found.items() if value != "keine")


def _verdict(city: City, matter: Matter, trial: Trial) -> str:
    name, failed = trial.rule.name, trial.failed
    match failed:
        case None:
            return f"{name}: ja"
        case "words":
            return f"{name}: nein, keines der Wörter {', '.join(trial.rule.when.words)} kommt vor"
        case "confidence_below":
            limit = trial.rule.when.confidence_below or 0
            return f"{name}: nein, Sicherheit {_percent(matter.confidence)} ist nicht unter {_percent(limit)}"
    wanted = "“ oder „".join(_shown(city, failed, value) for value in getattr(trial.rule.when, failed))
    return f"{name}: nein, {CONDITIONS[failed]} „{_found(city, matter, failed)}“ statt „{wanted}“"


def _found(city: City, matter: Matter, condition: str) -> str:
    if condition == "confidence_below":
        return _percent(matter.confidence)
    value = getattr(matter, condition)
    values = value if isinstance(value, tuple) else (value,)
    return ", ".join(_shown(city, condition, each) for each in values if each) or "keine"


def _shown(city: City, condition: str, value: str) -> str:
    return city.category_name(value) if condition == "category" else WORDS.get(value, value)


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"

"""Says in German why something goes where it goes, and what then happens."""

from datetime import datetime

from bridge.city import City
from bridge.domain import Matter, Priority, Route
from bridge.hours import spoken, spoken_day
from bridge.routing.german import CONDITIONS, WORDS, percent, quoted, shown, spoken_span
from bridge.routing.rule import PRESS
from bridge.routing.rules import Rules, Trial
from bridge.routing.when import Time, is_time

_SAID = ("kind", "category", "area", "street", "language", "flags", "time", "confidence_below")
"""What is told of every matter; the rest only where a rule fails by it."""
_MATTER = {"area": "areas"}
"""Where a condition and what it asks about have different names."""


def lines(rules: Rules, matter: Matter, route: Route) -> list[str]:
    """What was understood, each rule that was asked, and where it went and why; one line each."""
    city, trials = rules.city, rules.trace(matter)
    told = ["Verstanden: " + ", ".join(f"{name} {value}" for name, value in understood(city, matter))]
    told += [
        f"{number}. {trial.rule.name}: {verdict(city, matter, trial)}"
        for number, trial in enumerate(trials, 1)
    ]
    told += consequences(city, matter, route)
    if trials[-1].rule.name != route.rule:
        told.append(f"Heute würde die Regel {trials[-1].rule.name} gelten.")
    return told


def consequences(city: City, matter: Matter, route: Route) -> list[str]:
    """What happens by this route to a matter, were it handed over when it was written; one line each."""
    told = [f"Geht an: {city.department_name(route.department)} (Regel {route.rule})"]
    if route.tell in city.contacts:
        contact = city.contacts[route.tell]
        closed = route.department == PRESS and not route.hold
        told.append(f"Auskunft: Zuständig ist {contact.name} ({contact.reach})")
        told += ["Damit ist es abgeschlossen."] if closed else []
    if route.copies:
        told.append(f"Kopie an: {', '.join(city.department_name(slug) for slug in route.copies)}")
    if route.channel:
        told.append(f"Weg: {route.channel}")
    if route.priority is not Priority.NORMAL:
        told.append(f"Dringlichkeit: {WORDS[route.priority]}")
    told += _due(city, matter, route)
    if route.reply:
        told.append(f"Antworttext: {route.reply}")
    if route.hold:
        told.append("Wartet, bis ein Mensch es freigibt.")
    if route.private:
        told.append("Bleibt vertraulich: kein Ort in öffentlichen Antworten und Listen.")
    told += leaving(city, route)
    return [*told, f"Warum: {route.because}"]


def _due(city: City, matter: Matter, route: Route) -> list[str]:
    if route.department == PRESS:
        return []
    due = route.due or city.due(matter.category)
    if matter.at is None:
        return [f"Frist: {spoken_span(due)}"]
    ends = city.working_time(route.department).add(matter.at, due)
    until = spoken_day(ends, city.zone) if due.days else spoken(ends, city.zone)
    return [f"Frist: {spoken_span(due)}, bis {until}"]


def leaving(city: City, route: Route) -> list[str]:
    """Whether personal data leaves the city."""
    outside = [slug for slug in (route.department, *route.copies) if _is_outside(city, slug)]
    if not outside:
        return []
    names = ", ".join(city.department_name(slug) for slug in outside)
    if route.ground:
        return [f"Persönliche Daten gehen auch an {names} ({route.ground})."]
    return [f"Persönliche Daten gehen nicht an {names}."]


def _is_outside(city: City, slug: str) -> bool:
    return slug in city.departments and city.departments[slug].outside


def understood(city: City, matter: Matter) -> list[tuple[str, str]]:
    """What the rules are told of a matter: what each condition asks about, and what was found."""
    found = ((CONDITIONS[name], _found(city, matter, name)) for name in _SAID)
    return [(name, value) for name, value in found if value != "keine"]


def verdict(city: City, matter: Matter, trial: Trial) -> str:
    """Whether a rule took a matter, and by which condition it failed."""
    when, failed = trial.rule.when, trial.failed
    match failed:
        case None:
            return "ja"
        case "words":
            return f"nein, keines der Wörter {', '.join(when.words)} kommt vor"
        case "confidence_below":
            limit = percent(when.confidence_below or 0)
            return f"nein, Sicherheit {percent(matter.confidence)} ist nicht unter {limit}"
        case "time" | "season":
            wanted = " oder ".join(shown(city, failed, value) for value in getattr(when, failed))
            written = _moment(city, matter.at) if matter.at else "zu unbekannter Zeit"
            return f"nein, gilt nur {wanted}; geschrieben ist es {written}"
    wanted = quoted(shown(city, failed, value) for value in getattr(when, failed))
    return f"nein, {CONDITIONS[failed]} „{_found(city, matter, failed)}“ statt {wanted}"


def _found(city: City, matter: Matter, condition: str) -> str:
    if condition == "confidence_below":
        return percent(matter.confidence)
    if condition in {"time", "season"}:
        return _moment(city, matter.at) if matter.at else "keine"
    value = getattr(matter, _MATTER.get(condition, condition))
    values = value if isinstance(value, tuple) else (value,)
    return ", ".join(shown(city, condition, each) for each in values if each) or "keine"


def _moment(city: City, at: datetime) -> str:
    kinds = ", ".join(WORDS[time] for time in Time if is_time(time, at, city))
    return f"{spoken(at, city.zone)} ({kinds})"

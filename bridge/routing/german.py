"""The German words for what stands in rules."""

from collections.abc import Iterable

from bridge.city import City
from bridge.domain import Flag, Kind, Priority, Visibility, WorkingSpan
from bridge.routing import seasons
from bridge.routing.when import Time

CONDITIONS = {
    "kind": "Art",
    "category": "Thema",
    "area": "Gebiet",
    "street": "Straße",
    "words": "Wörter",
    "language": "Sprache",
    "platform": "Plattform",
    "city_account": "Konto",
    "visibility": "Sichtbarkeit",
    "flags": "Merkmale",
    "priority": "Dringlichkeit",
    "time": "Zeit",
    "season": "Jahreszeit",
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
    Priority.LOW: "niedrig",
    Priority.NORMAL: "normal",
    Priority.HIGH: "hoch",
    Time.OPEN: "während der Öffnungszeiten",
    Time.CLOSED: "außerhalb der Öffnungszeiten",
    Time.WEEKEND: "am Wochenende",
    Time.HOLIDAY: "an Feiertagen",
}
MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)
_ARTICLES = {
    "das": ("amt", "büro", "referat", "dezernat"),
    "die": (
        "stelle",
        "ung",
        "wehr",
        "heit",
        "keit",
        "behörde",
        "polizei",
        "bahn",
        "werke",
        "betriebe",
        "gesellschaft",
    ),
    "den": ("dienst", "hof", "betrieb", "bereich", "verband"),
}


def shown(city: City, condition: str, value: str) -> str:
    """A value of a condition as people read it."""
    if condition == "category":
        return city.category_name(value)
    return spoken_season(value) if condition == "season" else WORDS.get(value, value)


def spoken_season(value: str) -> str:
    """A season such as `vom 1. November bis 31. März`."""
    first, last = (f"{day.day}. {MONTHS[day.month - 1]}" for day in seasons.bounds(value))
    return f"vom {first} bis {last}"


def spoken_span(span: WorkingSpan) -> str:
    """A working time such as `3 Arbeitstage`."""
    if span.days:
        return f"{span.days} Arbeitstag{'e' if span.days > 1 else ''}"
    return f"{span.hours} Arbeitsstunde{'n' if span.hours > 1 else ''}"


def percent(share: float) -> str:
    """A share of 0 to 1 such as `40 %`."""
    return f"{share * 100:.0f} %"


def quoted(values: Iterable[str], last: str = "oder") -> str:
    """Names in quotes: `„a“, „b“ oder „c“`."""
    *upper, final = [f"„{value}“" for value in values]
    return f"{', '.join(upper)} {last} {final}" if upper else final


def to_office(name: str) -> str:
    """An office's name after `an`: with its article where the name shows it, else in quotes."""
    for word in (name.split(maxsplit=1)[0], name):
        for article, endings in _ARTICLES.items():
            if word.lower().endswith(endings):
                return f"{article} {name}"
    return f"„{name}“"

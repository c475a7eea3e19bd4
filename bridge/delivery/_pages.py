"""Writes the text and the page of a mail from our templates; whatever strangers said stays mere words."""

from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bridge.delivery._text import line, lines
from bridge.domain import Handover, Kind, Location, Precision
from bridge.hours import spoken_day
from bridge.marker import marker

KIND_NAMES = {
    Kind.REPORT: "Meldung",
    Kind.QUESTION: "Frage",
    Kind.FEEDBACK: "Rückmeldung",
    Kind.EMERGENCY: "Notfall",
    Kind.ABUSE: "Missbrauch",
    Kind.IRRELEVANT: "Sonstiges",
}
PREFIXES = {"reminder": "Erinnerung", "overdue": "Überfällig", "copy": "Zur Kenntnis"}
"""In a word why we write, by the reason of a hand-over."""
INTRODUCTIONS = {
    "reminder": "wir haben noch keine Antwort von Ihnen. Bitte sagen Sie uns kurz, wie es steht.",
    "overdue": "die Zeit für dieses Anliegen ist abgelaufen. Bitte sagen Sie uns, wann es erledigt ist.",
    "copy": "diese E-Mail ist nur zur Kenntnis. Sie müssen nichts tun.",
}
REQUEST = "jemand hat der Stadt geschrieben. Bitte kümmern Sie sich darum."


def render(template: str, handover: Handover, **told: Any) -> str:
    """The template filled in, in the language and the zone of the city."""
    return _templates().get_template(template).render(mail=handover, **told)


def title(handover: Handover) -> str:
    """What a ticket is about: its category, or what kind of message it is."""
    kind = KIND_NAMES[handover.kind]
    named = handover.category_name or kind
    return f"{kind}: {named}" if handover.kind is Kind.EMERGENCY and named != kind else named


def prefix(handover: Handover) -> str:
    """In a word why we write; empty for what is told for the first time."""
    return PREFIXES.get(handover.reason, "")


def corrects(handover: Handover) -> bool:
    """Whether it corrects what its department was told before."""
    return handover.reason == "routed" and handover.revision > 0


def introduction(handover: Handover) -> str:
    """Why we write."""
    return INTRODUCTIONS.get(handover.reason, REQUEST)


def reported(handover: Handover) -> str:
    """When the citizen wrote, on the city's clocks."""
    return f"{handover.reported_at.astimezone(ZoneInfo(handover.timezone)):%d.%m.%Y, %H:%M} Uhr"


def due(handover: Handover) -> str:
    """The day by which the matter should be settled; empty where there is none."""
    return spoken_day(handover.due_at, ZoneInfo(handover.timezone)) if handover.due_at else ""


def vague(place: Location | None) -> bool:
    """Whether nobody knows the exact spot."""
    return place is not None and place.precision in (Precision.STREET, Precision.DISTRICT)


def words_of(handover: Handover) -> list[str]:
    """What stands in a list: the first words, or all where the page behind the links does not show them."""
    return lines(handover.text) if handover.left_out else [line(handover.text, 200)]


def answer_link(handover: Handover) -> str:
    """What opens the department's mail program with an answer to this one ticket."""
    subject = quote(f"[{line(handover.reference)}] {line(title(handover), 80)}")
    return f"mailto:{quote(handover.reply_to, safe='@+')}?subject={subject}"


@lru_cache(maxsize=1)
def _templates() -> Environment:
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Whatever a template prints is one inert line, so that no template can forget it.
        finalize=lambda value: line(value, 20_000) if isinstance(value, str) else value,
    )
    pages.globals |= {
        "answer_link": answer_link,
        "corrects": corrects,
        "due": due,
        "introduction": introduction,
        "lines": lines,
        "marker": marker,
        "prefix": prefix,
        "reported": reported,
        "title_of": title,
        "vague": vague,
        "words_of": words_of,
    }
    return pages

"""What the desk calls things: one German word, one tone and one icon for every state."""

from typing import NamedTuple

from bridge import platforms
from bridge.city import City
from bridge.domain import (
    Cause,
    ClockKind,
    ConfigError,
    DecisionReason,
    Flag,
    Kind,
    Precision,
    Priority,
    SendState,
    TicketStatus,
    Verdict,
    Visibility,
)
from bridge.tickets.book import attempts
from bridge.tickets.tables import BY_HAND, OPEN311
from bridge.tickets.views import Case, DeliveryView, MessageView, StatusChangeView, TicketLine
from bridge.tickets.workflow import PRESS, WITH_DEPARTMENT, is_open


class Chip(NamedTuple):
    """A state at a glance: icon and word say it, the tone (a colour's role) only repeats it."""

    word: str
    tone: str
    icon: str


STATUS = {
    TicketStatus.RECEIVED: Chip("Neu", "plain", "dot"),
    TicketStatus.NEEDS_INFO: Chip("Nachgefragt", "warn", "question"),
    TicketStatus.NEEDS_DECISION: Chip("Entscheiden", "hold", "hand"),
    TicketStatus.ROUTED: Chip("Geht ans Amt", "work", "arrow"),
    TicketStatus.DELIVERED: Chip("Beim Amt", "work", "arrow"),
    TicketStatus.ACCEPTED: Chip("Angenommen", "work", "check"),
    TicketStatus.IN_PROGRESS: Chip("In Arbeit", "work", "tool"),
    TicketStatus.SCHEDULED: Chip("Eingeplant", "work", "clock"),
    TicketStatus.RESOLVED: Chip("Erledigt", "good", "check"),
    TicketStatus.REJECTED: Chip("Abgelehnt", "plain", "cross"),
    TicketStatus.DUPLICATE: Chip("Doppelt", "plain", "copy"),
    TicketStatus.UNDELIVERABLE: Chip("Unzustellbar", "warn", "alert"),
    TicketStatus.REOPENED: Chip("Wieder offen", "plain", "back"),
}
REASON = {
    DecisionReason.UNCLEAR: "unklar",
    DecisionReason.HELD: "zurückgehalten",
    DecisionReason.UNKNOWN_OUTCOME: "Versand unklar",
    DecisionReason.REFUSED: "nicht zuständig",
}
EMERGENCY = Chip("Notfall prüfen", "danger", "alert")
OURS = Chip("Bei der Redaktion", "work", "hand")
REFUSED = Chip("kam nicht an", "warn", "alert")
OVERDUE = Chip("Überfällig", "danger", "clock")
SILENT = Chip("Ohne Antwort", "warn", "clock")
URGENT = Chip("Dringend", "warn", "alert")

PRIORITY = {Priority.HIGH: "hoch", Priority.NORMAL: "normal", Priority.LOW: "niedrig"}
CLOCK = {ClockKind.ANSWER: "Antwort vom Amt", ClockKind.OUTCOME: "Ergebnis vom Amt"}
DUE = {
    ClockKind.ANSWER: "Bitte antworten Sie bis",
    ClockKind.OUTCOME: "Erledigt sein soll es bis",
}
KIND = {
    Kind.REPORT: "Hinweis",
    Kind.QUESTION: "Frage",
    Kind.FEEDBACK: "Rückmeldung",
    Kind.EMERGENCY: "Notfall",
    Kind.ABUSE: "Netiquette",
    Kind.IRRELEVANT: "kein Anliegen",
}
FLAG = {
    Flag.INSULT: "Beleidigung",
    Flag.THREAT: "Drohung",
    Flag.INCITEMENT: "Volksverhetzung",
    Flag.UNCONSTITUTIONAL_SYMBOL: "verfassungsfeindliches Zeichen",
    Flag.PERSONAL_DATA: "persönliche Daten",
    Flag.OUTSIDE_CITY: "außerhalb der Stadt",
    Flag.NEEDS_DECISION: "strittiges Thema",
}
SENDING = {
    SendState.PENDING: Chip("wird gesendet", "plain", "clock"),
    SendState.SENDING: Chip("wird gesendet", "plain", "clock"),
    SendState.SENT: Chip("gesendet", "good", "check"),
    SendState.UNKNOWN: Chip("Ankunft unklar", "warn", "question"),
    SendState.NEEDS_DECISION: Chip("wartet auf Freigabe", "hold", "hand"),
    SendState.DROPPED: Chip("nicht gesendet", "plain", "cross"),
}
TRY = {
    attempts.SENT: Chip("angekommen", "good", "check"),
    attempts.AGAIN: Chip("wird wiederholt", "warn", "clock"),
    attempts.GIVEN_UP: Chip("aufgegeben", "warn", "alert"),
}
LETTER = {
    Verdict.APPLIED: Chip("übernommen", "good", "check"),
    Verdict.NOTE: Chip("bitte lesen", "hold", "hand"),
    Verdict.CONFIRM: Chip("Absender nicht bestätigt", "warn", "question"),
    Verdict.QUARANTINED: Chip("zurückgehalten", "warn", "alert"),
    Verdict.STOPPED: Chip("automatische E-Mail", "plain", "cross"),
    Verdict.BOUNCE: Chip("kam zurück", "warn", "back"),
    Verdict.PUT_AWAY: Chip("weggelegt", "plain", "cross"),
}
CAUSE = {
    Cause.EMERGENCY: "Hinweis auf 112 und 110",
    Cause.ACKNOWLEDGEMENT: "Eingangsbestätigung",
    Cause.QUESTION: "Rückfrage",
    Cause.STATUS: "Stand der Dinge",
    Cause.STAFF: "Antwort der Redaktion",
}
VISIBILITY = {
    Visibility.PUBLIC: "öffentlich",
    Visibility.UNLISTED: "öffentlich, nicht gelistet",
    Visibility.FOLLOWERS: "nur für Folgende",
    Visibility.DIRECT: "Direktnachricht",
}
PRECISION = {
    Precision.ADDRESS: "Adresse",
    Precision.INTERSECTION: "Kreuzung",
    Precision.STREET: "Straße",
    Precision.STOP: "Haltestelle",
    Precision.PLACE: "Ort",
    Precision.DISTRICT: "Ortsteil",
}


def chip(ticket: Case | TicketLine) -> Chip:
    """The chip of a ticket; an emergency nobody has seen comes before everything else."""
    if ticket.kind is Kind.EMERGENCY and ticket.seen_at is None and is_open(ticket.status):
        return EMERGENCY
    if ticket.department == PRESS and ticket.status in WITH_DEPARTMENT:
        return OURS
    return step(ticket)


def marks(ticket: Case | TicketLine) -> list[Chip]:
    """What staff should see beside the state: that it presses, or that its department is late."""
    found = {
        URGENT: ticket.priority is Priority.HIGH,
        OVERDUE: any(clock.is_overdue for clock in ticket.clocks),
        SILENT: any(clock.is_silent for clock in ticket.clocks),
    }
    return [mark for mark, holds in found.items() if holds]


def news(ticket: Case | TicketLine) -> str:
    """What is new: a message, unless it may as well be that a department stays silent."""
    told_of_silence = any(clock.level > 1 for clock in ticket.clocks)
    return "Neues" if told_of_silence else "Neue Nachricht"


def handover(delivery: DeliveryView) -> Chip:
    """The chip of a hand-over: one that failed waits for a person as well, but not for a release."""
    waits = delivery.state is SendState.NEEDS_DECISION
    return REFUSED if waits and delivery.error else SENDING[delivery.state]


def step(there: Case | TicketLine | StatusChangeView) -> Chip:
    """The chip of a state with its reason."""
    word, tone, icon = STATUS[there.status]
    return Chip(f"{word}: {REASON[there.reason]}" if there.reason else word, tone, icon)


def title(ticket: Case | TicketLine, city: City) -> str:
    """What a ticket is about, in three to eight words."""
    place = ticket.place if isinstance(ticket, TicketLine) else ticket.location and ticket.location.label
    what = city.category_name(ticket.category) if ticket.kind is Kind.REPORT else ""
    return " · ".join(part for part in (what or KIND[ticket.kind], place) if part)


def platform(name: str) -> str:
    """A platform's name for people; by hand and platforms since removed have one as well."""
    if name in (BY_HAND, OPEN311):
        return "Von Hand" if name == BY_HAND else "Open311"
    try:
        return platforms.load(name).label
    except ConfigError:
        return name.capitalize()


def author(message: MessageView) -> str:
    """Who wrote; of what was typed in by hand also how it came and who took it down."""
    if message.platform != BY_HAND:
        return message.author_name or message.author_handle
    return f"{message.author_handle} ({message.author_name.replace('staff:', 'durch ')})"


def person(actor: str) -> str:
    """Who did something: `staff:vera` is vera, `department:cleaning` its slug, `bridge` the program."""
    return "Stadtbrücke" if actor == "bridge" else actor.partition(":")[2] or actor

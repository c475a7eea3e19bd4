"""The fixed sentences of the status page, in German and English; none is a department's own."""

from typing import NamedTuple

from bridge.domain import Kind, TicketStatus

S = TicketStatus


class Language(NamedTuple):
    """Everything the status page says in one language; `{it}` is the matter, `{at}` where it is."""

    it: dict[Kind, str]
    answers: dict[TicketStatus, tuple[str, str]]
    """What has become of it, and what happens next."""
    steps: tuple[str, str, str, str]
    step_of: dict[TicketStatus, str]
    """Where a state has a more fitting word than its step."""
    labels: dict[str, str]


GERMAN = Language(
    it={
        Kind.REPORT: "Ihr Hinweis",
        Kind.QUESTION: "Ihre Frage",
        Kind.FEEDBACK: "Ihre Rückmeldung",
        Kind.EMERGENCY: "Ihre Meldung",
    },
    answers={
        S.RECEIVED: (
            "{it} ist angekommen.",
            "Wir klären, wer zuständig ist, und geben die Sache dann weiter.",
        ),
        S.NEEDS_INFO: (
            "Wir haben eine Rückfrage an Sie.",
            "Bitte antworten Sie dort, wo Sie uns geschrieben haben. Danach geht es weiter.",
        ),
        S.NEEDS_DECISION: (
            "{it} wird gerade von einem Menschen geprüft.",
            "Danach geben wir die Sache an die richtige Stelle weiter oder antworten Ihnen.",
        ),
        S.ROUTED: (
            "{it} wird gerade weitergegeben.",
            "Sobald sich die zuständige Stelle meldet, steht es hier.",
        ),
        S.DELIVERED: (
            "{it} ist {at}.",
            "Dort wird geprüft, was zu tun ist. Sobald es Neues gibt, steht es hier.",
        ),
        S.ACCEPTED: (
            "{it} ist angenommen.",
            "Die zuständige Stelle kümmert sich darum. Sobald es Neues gibt, steht es hier.",
        ),
        S.IN_PROGRESS: (
            "{it} ist in Arbeit.",
            "Die zuständige Stelle arbeitet daran. Wenn alles fertig ist, steht es hier.",
        ),
        S.SCHEDULED: (
            "Die Arbeit ist eingeplant.",
            "Die zuständige Stelle hat sich einen Termin gesetzt. Wenn alles fertig ist, steht es hier.",
        ),
        S.RESOLVED: (
            "{it} ist erledigt.",
            "Vielen Dank, dass Sie hingesehen haben! Stimmt das nicht? "
            "Dann antworten Sie bitte dort, wo Sie uns geschrieben haben.",
        ),
        S.REJECTED: (
            "Die Stadt kann hier nichts veranlassen.",
            "Haben Sie Fragen dazu? Dann antworten Sie bitte dort, wo Sie uns geschrieben haben.",
        ),
        S.DUPLICATE: (
            "Das wurde uns schon gemeldet.",
            "Der frühere Hinweis wird weiter bearbeitet. Vielen Dank, dass Sie hingesehen haben!",
        ),
        S.UNDELIVERABLE: (
            "{it} ist angekommen.",
            "Wir klären gerade, wie die Sache zur zuständigen Stelle kommt. Sie müssen nichts tun.",
        ),
        S.REOPENED: (
            "{it} ist wieder offen.",
            "Wir kümmern uns noch einmal darum. Sobald es Neues gibt, steht es hier.",
        ),
    },
    steps=("Eingegangen", "Weitergegeben", "In Arbeit", "Erledigt"),
    step_of={
        S.ACCEPTED: "Angenommen",
        S.SCHEDULED: "Eingeplant",
        S.REJECTED: "Abgeschlossen",
        S.DUPLICATE: "Schon gemeldet",
    },
    labels={
        "title": "Stand Ihres Anliegens",
        "to": "Weitergegeben an {department}",
        "progress": "Bisher",
        "open": "noch offen",
        "expected": "Wir rechnen mit einer Rückmeldung bis {day}.",
        "next": "Wie geht es weiter?",
        "about": "Worum es geht",
        "category": "Thema",
        "district": "Ortsteil",
        "reference": "Nummer",
        "danger": "Bei Gefahr",
        "skip": "Zum Inhalt",
        "danger_long": "Ist jemand in Gefahr? Rufen Sie bitte sofort 112 (Feuerwehr) oder 110 (Polizei).",
        "languages": "Sprache",
        "private": "Was Sie geschrieben haben, steht hier nicht. Diese Seite setzt keine Cookies.",
    },
)

ENGLISH = Language(
    it={
        Kind.REPORT: "Your report",
        Kind.QUESTION: "Your question",
        Kind.FEEDBACK: "Your feedback",
        Kind.EMERGENCY: "Your report",
    },
    answers={
        S.RECEIVED: ("{it} has arrived.", "We are finding out who is responsible and will pass it on."),
        S.NEEDS_INFO: (
            "We have a question for you.",
            "Please reply where you wrote to us. Then we can go on.",
        ),
        S.NEEDS_DECISION: (
            "A person is looking at it right now.",
            "After that we pass it on to the right office or answer you.",
        ),
        S.ROUTED: ("{it} is being passed on.", "As soon as the office responds, you will see it here."),
        S.DELIVERED: (
            "{it} is {at}.",
            "They are checking what needs to be done. As soon as there is news, you will see it here.",
        ),
        S.ACCEPTED: (
            "{it} has been accepted.",
            "The office in charge is taking care of it. As soon as there is news, you will see it here.",
        ),
        S.IN_PROGRESS: (
            "Work has begun.",
            "The office in charge is working on it. When it is done, you will see it here.",
        ),
        S.SCHEDULED: (
            "The work is scheduled.",
            "The office in charge has set a date. When it is done, you will see it here.",
        ),
        S.RESOLVED: (
            "It is done.",
            "Thank you for looking out! Is it not so? Then please reply where you wrote to us.",
        ),
        S.REJECTED: (
            "The city cannot act here.",
            "Do you have questions? Please reply where you wrote to us.",
        ),
        S.DUPLICATE: (
            "This was reported before.",
            "The earlier report is still being worked on. Thank you for looking out!",
        ),
        S.UNDELIVERABLE: (
            "{it} has arrived.",
            "We are finding out how to reach the office in charge. You need not do anything.",
        ),
        S.REOPENED: (
            "{it} is open again.",
            "We are taking care of it once more. As soon as there is news, you will see it here.",
        ),
    },
    steps=("Received", "Passed on", "In progress", "Done"),
    step_of={
        S.ACCEPTED: "Accepted",
        S.SCHEDULED: "Scheduled",
        S.REJECTED: "Closed",
        S.DUPLICATE: "Reported before",
    },
    labels={
        "title": "Where your request stands",
        "to": "Passed on to {department}",
        "progress": "So far",
        "open": "still to come",
        "expected": "We expect to hear back by {day}.",
        "next": "What happens next?",
        "about": "What it is about",
        "category": "Topic",
        "district": "District",
        "reference": "Number",
        "danger": "In danger? Call",
        "skip": "Skip to content",
        "danger_long": "Is anyone in danger? Then call 112 (fire, ambulance) or 110 (police) at once.",
        "languages": "Language",
        "private": "What you wrote is not shown here. This page sets no cookies.",
    },
)

LANGUAGES = {"de": GERMAN, "en": ENGLISH}


def answer(language: str, kind: Kind, status: TicketStatus, department: str) -> tuple[str, str]:
    """What has become of the matter and what happens next; `department` is a name, or empty."""
    words = LANGUAGES[language]
    it = words.it.get(kind, words.it[Kind.REPORT])
    headline, following = words.answers[status]
    at = _bei(department) if language == "de" else f"with this office: {department}"
    return headline.format(it=it, at=at), following


def _bei(department: str) -> str:
    if department.startswith("Amt ") or department.endswith("amt"):
        return f"beim {department}"
    if department.endswith(("ung", "stelle", "ei", "schaft")):
        return f"bei der {department}"
    # Nothing tells the gender of other names, and a wrong article looks careless.
    return f"bei der zuständigen Stelle: {department}"

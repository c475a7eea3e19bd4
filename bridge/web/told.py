"""What the program notes about its own doing, told in German; whatever is not listed is shown as it came."""

import re

from bridge.city import City
from bridge.places.geocode import ATTRIBUTION
from bridge.tickets.views import HistoryView

HISTORY = {
    "understood": "Verstanden",
    "joined": "Neue Nachricht ergänzt",
    "routed": "Zugeordnet",
    "corrected": "Von Hand berichtigt",
    "answered": "Geantwortet",
    "released reply": "Antwort freigegeben",
    "dropped reply": "Antwort verworfen",
    "arrived": "Antwort ist angekommen",
    "sent again": "Antwort noch einmal gesendet",
    "given back by hand": "Antwort von Hand übergeben",
    "released hand-over": "Übergabe freigegeben",
    "dropped hand-over": "Übergabe verworfen",
    "delivered again": "Noch einmal zugestellt",
    "note": "Notiz",
    "seen": "Gesehen",
    "said": "Gesagt",
    "reminded": "Amt erinnert",
    "silence": "Amt antwortet nicht",
    "refused": "Nicht zuständig, sagt das Amt",
    "opened": "Von Hand zum Anliegen gemacht",
    "not applied": "Nicht übernommen",
    "asked to confirm": "Amt um Bestätigung gebeten",
    "took a letter for": "E-Mail übernommen",
    "assigned a letter": "E-Mail zugeordnet",
    "put a letter away": "E-Mail weggelegt",
    "said twice": "Doppelt veröffentlicht, bitte eine der Antworten löschen",
}
SET_ASIDE = {
    "event": "Ereignis",
    "message": "Nachricht",
    "picture": "Bild",
    "update": "Antwort eines Amts",
    "clock": "Frist",
}
ERROR = {
    "no longer needed": "nicht mehr nötig",
    "the ticket went elsewhere": "das Anliegen ging an ein anderes Amt",
    "a correction took its place": "eine Korrektur ging an seiner Stelle hinaus",
    "the ticket was closed": "das Anliegen wurde vorher geschlossen",
    "too late to help": "zu alt, um noch zu helfen",
    "the message was deleted by its author": "die Nachricht wurde vom Verfasser gelöscht",
    "too late to be sent without a look": "zu alt, um ohne einen Blick darauf gesendet zu werden",
    "answered by a colleague in the platform's own app": "jemand hat schon in der App geantwortet",
    "the process ended while it was sending": "der Vorgang brach beim Senden ab",
    "shadow: this would have been sent": "Schattenbetrieb: das wäre gesendet worden",
}
ANSWERED = {
    r"^it may have arrived, and the tracker does not show it: (.+)$": (
        r"Es kann angekommen sein; bitte sehen Sie im System des Amts nach. (\1)"
    ),
    r"^answered (\d+)": r"Der Server des Amts antwortete mit \1",
    r"; redirects are not followed, correct the address$": (
        ". Weiterleitungen werden nicht befolgt; bitte die Adresse berichtigen."
    ),
    r"; nothing is sent there until `bridge departments enable`$": ". Dorthin wird nichts mehr gesendet.",
    r"^(\S+) said that it is gone; `(.+)`$": r"\1 nimmt nichts mehr an. Nach dem Berichtigen: \2",
    r"^(\S+) has (?:no key for web hooks|a key for web hooks that is none); make one with `(.+)`$": (
        r"Dem Amt \1 fehlt ein brauchbarer Schlüssel: \2"
    ),
}
"""What channels say of a receiver, by its form."""
BECAUSE = {
    "crossing of two streets": "zwei Straßen, die sich kreuzen",
    "street with house number": "Straße mit Hausnummer",
    "street by name": "Name einer Straße",
    "stop by name": "Name einer Haltestelle",
    "place by name": "Name eines Ortes",
    "district by name": "Name eines Ortsteils",
    "geocoder": f"im Kartendienst nachgeschlagen ({ATTRIBUTION})",
    "unknown to the geocoder": "der Kartendienst kennt diesen Ort nicht",
    "the geocoder did not answer": "der Kartendienst hat nicht geantwortet",
    "form of a plate": "Form eines Kennzeichens",
    "learned": "aus Beispielen gelernt",
    "number of a lamp": "Nummer einer Leuchte",
    "direction": "Richtung",
    "since when": "seit wann",
}


def error(said: str) -> str:
    """Why something did not go out."""
    for form, german in ANSWERED.items():
        said = re.sub(form, german, said)
    return ERROR.get(said, said)


def because(said: str) -> str:
    """Why words spoke for something."""
    return BECAUSE.get(said) or said.replace("clue: ", "Stichwort: ")


def detail(entry: HistoryView, city: City) -> str:
    """What a decision or correction says, in one line."""
    told = entry.detail
    place = told.get("place") or (told.get("location") or {}).get("label")
    office = told.get("department") and city.department_name(told["department"])
    said = (city.category_name(told.get("category")), place, office, told.get("because"), told.get("words"))
    return ", ".join(str(part) for part in said if part)

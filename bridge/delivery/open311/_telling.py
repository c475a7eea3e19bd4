"""What a tracker is told about a ticket: plain text of at most 4,000 characters, and where it is."""

from bridge.delivery._pages import corrects
from bridge.delivery._text import line, lines
from bridge.domain import Handover

MOST = 4000
"""Characters of a description, by the specification."""
REASONS = {
    "copy": "Zur Kenntnis",
    "reminder": "Erinnerung",
    "overdue": "Die Frist ist vorbei",
    "alarm": "Eilt",
}


def fields(handover: Handover) -> dict[str, str]:
    """The form of a new request; without a place it names the city, since trackers want one."""
    place = handover.location
    told = {
        "service_code": handover.tracked.service_code,
        "description": description(handover),
        "address_string": line(place.label) if place else line(handover.city_name),
        "email": handover.sender,
        "attribute[reference]": handover.reference,
        "attribute[message_id]": handover.message_id,
    }
    if place and place.point:
        told |= {"lat": f"{place.point.lat:.6f}", "long": f"{place.point.lon:.6f}"}
    if handover.photos and handover.photos[0].url:
        told["media_url"] = handover.photos[0].url
    return told


def description(handover: Handover) -> str:
    """The ticket in words, the reference first; the citizen's own words are cut where there is no room."""
    why = "Korrektur" if corrects(handover) else REASONS.get(handover.reason, "")
    head = " · ".join(filter(None, [handover.reference, why, line(handover.category_name)]))
    facts = "\n".join(_facts(handover))
    room = MOST - len(head) - len(facts) - 3
    words = "\n".join(lines(f"{handover.text}\n\n{handover.added}", MOST))
    words = words if len(words) <= room else words[: room - 1] + "…"
    return f"{head}\n{words}\n\n{facts}".strip()


def _facts(handover: Handover) -> list[str]:
    told = []
    if handover.location:
        district = f" ({line(handover.location.district)})" if handover.location.district else ""
        told.append(f"Ort: {line(handover.location.label)}{district}")
    told += [f"{line(each.what)}: {line(each.now)} statt {line(each.before)}" for each in handover.changes]
    if handover.because:
        told.append(f"Warum bei Ihnen: {line(handover.because)}")
    return [*told, *(f"{line(each.label, 100)}: {each.url}" for each in handover.links)]

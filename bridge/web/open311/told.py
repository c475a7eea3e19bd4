"""What the Open311 server says: what it is, where and how far; never a word of a citizen or of an office."""

from datetime import UTC, datetime

from bridge.city import CategoryFile, City
from bridge.delivery.open311.states import DETAILED, SAYS
from bridge.domain import TicketStatus
from bridge.replies.public import public_place, public_point
from bridge.settings import settings
from bridge.tickets import workflow
from bridge.tickets.published import Change, Published
from bridge.web import status, status_words
from bridge.web.open311.answers import TYPES, w3c

Told = dict[str, object]

FILES = ("city.yaml", "categories.yaml")


def discovery(city: City) -> Told:
    """Where this server is and how a key is got."""
    changeset = changed(city)
    return {
        "changeset": changeset,
        "contact": f"{city.name}: {city.file.mail_from}, {city.file.links.impressum}",
        "key_service": f"Reading needs no key. To write, ask {city.file.mail_from} for one.",
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": f"{settings().public_url}/open311/v2",
                "changeset": changeset,
                "type": "production",
                "formats": [each.partition(";")[0] for each in TYPES.values()],
            }
        ],
    }


def changed(city: City) -> str:
    """When the services changed last, as far as their files say."""
    last = max((city.folder / name).stat().st_mtime for name in FILES)
    return w3c(datetime.fromtimestamp(last, UTC)) or ""


def service(code: str, category: CategoryFile) -> Told:
    """One category."""
    return {
        "service_code": code,
        "service_name": category.de,
        "description": category.covers or category.de,
        "metadata": False,
        "type": "realtime",
        "keywords": category.en,
        "group": None,
    }


def request(ticket: Published, city: City, *, extended: bool) -> Told:
    """One ticket."""
    place, point = public_place(ticket.location), public_point(ticket.location)
    name = city.category_name(ticket.category)
    told: Told = {
        "service_request_id": ticket.reference,
        "status": "open" if workflow.is_open(ticket.status) else "closed",
        "status_notes": notes(ticket.status),
        "service_name": name,
        "service_code": ticket.category,
        "description": f"{name}: {place}" if place else name,
        "agency_responsible": city.department_name(ticket.department),
        "service_notice": None,
        "requested_datetime": w3c(ticket.opened_at),
        "updated_datetime": w3c(ticket.closed_at or ticket.changed_at),
        "expected_datetime": w3c(ticket.promised_at),
        "address": place or None,
        "address_id": None,
        "zipcode": None,
        "lat": point.lat if point else None,
        "long": point.lon if point else None,
        "media_url": None,
    }
    if extended:
        district = ticket.location.district if ticket.location else None
        detailed = DETAILED.get(ticket.status, "RECEIVED")
        told["extended_attributes"] = {"detailed_status": detailed, "district": district}
    return told


def update(change: Change) -> Told:
    """One state a ticket took, in the words of the update extension."""
    return {
        "update_id": str(change.id),
        "service_request_id": change.reference,
        "status": SAYS.get(change.status, "OPEN"),
        "updated_datetime": w3c(change.at),
        "description": notes(change.status),
        "media_url": None,
    }


def notes(state: TicketStatus) -> str:
    """A state in the fixed German words of the status page."""
    words = status_words.GERMAN
    return words.step_of.get(state, words.steps[status.STAGES[state]])

"""Departments that listen by e-mail: the ticket as a mail with map, photos and links to answer."""

from email.message import EmailMessage
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bridge.delivery._mail import mailbox, send, start
from bridge.delivery._text import line, lines
from bridge.delivery.base import Channel
from bridge.domain import ConfigError, Handover, Kind, Precision, Receipt

KIND_NAMES = {
    Kind.REPORT: "Meldung",
    Kind.QUESTION: "Frage",
    Kind.FEEDBACK: "Rückmeldung",
    Kind.EMERGENCY: "Notfall",
    Kind.ABUSE: "Missbrauch",
    Kind.IRRELEVANT: "Sonstiges",
}


class Adapter(Channel):
    """Delivers a ticket as one mail, under the same Message-ID on every attempt."""

    name = "email"

    def check_address(self, address: str) -> None:
        """Raise `ConfigError` where `address` is not one bare mail address."""
        try:
            mailbox(address)
        except ValueError as error:
            raise ConfigError(
                f"{address!r} is no mail address: {error}; write it like amt@stadt.example"
            ) from None

    def deliver(self, handover: Handover) -> Receipt:
        """Send the mail; raises the errors of `bridge.delivery._mail.send`."""
        message = compose(handover)
        send(self.settings, message)
        return Receipt(external_id=message["Message-ID"])


class _Picture(NamedTuple):
    """A picture in the mail, and the id by which the HTML part shows it."""

    file: str
    subtype: str
    content: bytes
    words: str
    cid: str


def compose(handover: Handover) -> EmailMessage:
    """The whole mail; raises `PermanentError` where an address cannot stand in a mail."""
    message = start(
        handover.sender,
        f"Stadtbrücke {handover.city_name}",
        handover.address,
        _subject(handover),
        handover.message_id,
    )
    domain = message["From"].addresses[0].domain
    message["X-Stadtbruecke-Loop"] = line(handover.reference)
    if handover.in_reply_to:
        message["In-Reply-To"] = message["References"] = f"<{handover.in_reply_to}@{domain}>"
    pictures = _pictures(handover, domain)
    message.set_content(_render("ticket.txt", handover, pictures), cte="quoted-printable")
    _add_html(message, _render("ticket.html", handover, pictures), pictures)
    return message


def _add_html(message: EmailMessage, html: str, pictures: list[_Picture]) -> None:
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    *_, part = message.iter_parts()
    for picture in pictures:
        part.add_related(
            picture.content,
            "image",
            picture.subtype,
            cid=f"<{picture.cid}>",
            filename=picture.file,
            disposition="inline",
        )


def _subject(handover: Handover) -> str:
    correction = f"Korrektur {handover.revision}: " if handover.revision else ""
    place = f": {line(handover.location.label, 120)}" if handover.location else ""
    return f"[{handover.reference}] {correction}{line(_title(handover), 120)}{place}"


def _title(handover: Handover) -> str:
    kind = KIND_NAMES[handover.kind]
    title = handover.category_name or kind
    return f"{kind}: {title}" if handover.kind is Kind.EMERGENCY and title != kind else title


def _pictures(handover: Handover, domain: str) -> list[_Picture]:
    found = []
    if handover.map_png:
        words = f"Karte: {handover.location.label}" if handover.location else "Karte"
        found.append(
            _Picture("karte.png", "png", handover.map_png, words, f"karte.{handover.message_id}@{domain}")
        )
    for number, photo in enumerate(handover.photos, start=1):
        file, cid = f"foto-{number}.jpg", f"foto-{number}.{handover.message_id}@{domain}"
        found.append(_Picture(file, "jpeg", photo.content, photo.description or f"Foto {number}", cid))
    return found


def _render(template: str, handover: Handover, pictures: list[_Picture]) -> str:
    place = handover.location
    shown = handover.reported_at.astimezone(ZoneInfo(handover.timezone))
    page = _templates().get_template(template)
    return page.render(
        ticket=handover,
        title=_title(handover),
        words=lines(handover.text),
        reported=f"{shown:%d.%m.%Y, %H:%M} Uhr",
        pictures=pictures,
        vague=place is not None and place.precision in (Precision.STREET, Precision.DISTRICT),
    )


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Whatever a template prints is one inert line, so that no template can forget it.
        finalize=lambda value: line(value, 20_000) if isinstance(value, str) else value,
    )

"""Departments that listen by e-mail: the ticket as a mail with map, photos and links to answer."""

from email.message import EmailMessage
from typing import NamedTuple

from bridge.delivery._mail import mailbox, send, start
from bridge.delivery._pages import corrects, prefix, render, title
from bridge.delivery._text import line
from bridge.delivery.base import Channel
from bridge.domain import ConfigError, Handover, PermanentError, Priority, Receipt


class Adapter(Channel):
    """Delivers a ticket as one mail, or several as a list, under the same Message-ID on every attempt."""

    name = "email"
    takes_lists = True

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
        return self._send(compose(handover), handover)

    def deliver_list(self, handovers: tuple[Handover, ...], message_id: str) -> Receipt:
        """Send one mail that lists them all; raises the errors of `bridge.delivery._mail.send`."""
        return self._send(compose_list(handovers, message_id), handovers[0])

    def _send(self, message: EmailMessage, handover: Handover) -> Receipt:
        send(self.settings, message, handover.envelope_sender)
        return Receipt(external_id=message["Message-ID"])


class Picture(NamedTuple):
    """A picture in the mail, and the id by which the HTML part shows it."""

    file: str
    subtype: str
    content: bytes
    words: str
    cid: str


def compose(handover: Handover) -> EmailMessage:
    """The whole mail; raises `PermanentError` where an address cannot stand in a mail."""
    message = _start(handover, _subject(handover), handover.message_id)
    domain = message["From"].addresses[0].domain
    message["X-Stadtbruecke-Loop"] = line(handover.reference)
    thread = [f"<{each}@{domain}>" for each in handover.references or _first(handover)]
    if thread:
        message["In-Reply-To"], message["References"] = thread[-1], " ".join(thread)
    if handover.reply_to:
        _answers_to(message, handover.reply_to)
    pictures = _pictures(handover, domain)
    told = {"ticket": handover, "title": title(handover), "pictures": pictures}
    message.set_content(render("ticket.txt", handover, **told), cte="quoted-printable")
    _add_html(message, render("ticket.html", handover, **told), pictures)
    return message


def compose_list(handovers: tuple[Handover, ...], message_id: str) -> EmailMessage:
    """One mail for several tickets of one department; raises `PermanentError` as `compose` does."""
    first = handovers[0]
    count = f"{len(handovers)} Anliegen" if len(handovers) > 1 else "Ein Anliegen"
    message = _start(first, f"[{line(first.city_name, 60)}] {count}", message_id)
    message["X-Stadtbruecke-Loop"] = line(message_id)
    _answers_to(message, first.sender)
    told = {"tickets": handovers, "count": count}
    message.set_content(render("list.txt", first, **told), cte="quoted-printable")
    _add_html(message, render("list.html", first, **told), [])
    return message


def _start(handover: Handover, subject: str, message_id: str) -> EmailMessage:
    from_whom = f"Stadtbrücke {handover.city_name}"
    return start(handover.sender, from_whom, handover.address, subject, message_id)


def _answers_to(message: EmailMessage, address: str) -> None:
    try:
        message["Reply-To"] = mailbox(address)
    except ValueError as error:
        raise PermanentError(f"answers cannot go to {line(address)}: {error}") from None


def _first(handover: Handover) -> tuple[str, ...]:
    return (handover.in_reply_to,) if handover.in_reply_to else ()


def _add_html(message: EmailMessage, html: str, pictures: list[Picture]) -> None:
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
    urgent = "Eilt: " if handover.priority is Priority.HIGH else ""
    why = f"Korrektur {handover.revision}" if corrects(handover) else prefix(handover)
    place = f": {line(handover.location.label, 120)}" if handover.location else ""
    return f"[{handover.reference}] {urgent}{why and f'{why}: '}{line(title(handover), 120)}{place}"


def _pictures(handover: Handover, domain: str) -> list[Picture]:
    found = []
    if handover.map_png:
        words = f"Karte: {handover.location.label}" if handover.location else "Karte"
        found.append(
            Picture("karte.png", "png", handover.map_png, words, f"karte.{handover.message_id}@{domain}")
        )
    for number, photo in enumerate(handover.photos, start=1):
        file, cid = f"foto-{number}.jpg", f"foto-{number}.{handover.message_id}@{domain}"
        found.append(Picture(file, "jpeg", photo.content, photo.description or f"Foto {number}", cid))
    return found

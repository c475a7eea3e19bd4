"""Writes the mails that offices, machines and swindlers send to the city."""

from email.message import EmailMessage
from email.policy import SMTP
from io import BytesIO
from random import Random

from PIL import Image

from bridge import links

CITY = "melder@musterstadt.example"
OFFICE = "tiefbau@musterstadt.example"
AUTHSERV = "mx.musterstadt.example"
TRUE = f"{AUTHSERV}; dmarc=pass header.from=musterstadt.example"
MARKER = "> --- Bitte über dieser Zeile antworten / MU-2026-00001 ---\n> Die Ampel ist aus"


def reply_address(ticket_id: int = 1, department: str = "streets") -> str:
    """The answer address of a ticket for a department."""
    return links.answer_address(CITY, ticket_id, department)


def mail(
    words: str = "erledigt",
    *,
    sender: str = OFFICE,
    to: str = "",
    subject: str = "AW: [MU-2026-00001] Ampel defekt",
    quoted: bool = True,
    heads: dict[str, str] | None = None,
    pictures: tuple[bytes, ...] = (),
) -> bytes:
    """What an office's mail program sends when somebody presses answer."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, to or reply_address(), subject
    message["Message-ID"] = f"<{Random(words + sender).randrange(10**12)}@musterstadt.example>"
    for name, value in (heads or {}).items():
        del message[name]
        message[name] = value
    quote = f"\n\nAm 20.11.2026 um 14:04 schrieb Stadtbrücke <{CITY}>:\n\n{MARKER}" if quoted else ""
    message.set_content(words + quote + "\n")
    for picture in pictures:
        message.add_attachment(picture, "image", "jpeg", filename="fertig.jpg")
    return message.as_bytes()


def photo(seed: int = 1) -> bytes:
    """A picture with enough in it to be no sign under a name."""
    written = BytesIO()
    noise = Random(seed).randbytes(120 * 90 * 3)
    Image.frombytes("RGB", (120, 90), noise).save(written, "JPEG")
    return written.getvalue()


def bounced(to: str, status: str = "5.1.1", reason: str = "550 5.1.1 no such user") -> bytes:
    """What a mail server sends back (RFC 3464)."""
    action = "failed" if status.startswith("5") else "delayed"
    return (
        f"Return-Path: <>\r\nFrom: Mail Delivery <MAILER-DAEMON@mx.musterstadt.example>\r\nTo: {to}\r\n"
        "Subject: Undelivered Mail Returned\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        f"Final-Recipient: rfc822; {OFFICE}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {reason}\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nFrom: {CITY}\r\nSubject: x\r\n\r\n--b--\r\n"
    ).encode()


MACHINES = {
    "an empty return path": {"Return-Path": "<>"},
    "an automatic reply": {"Auto-Submitted": "auto-replied"},
    "an automatic message": {"Auto-Submitted": "auto-generated (rejected)"},
    "a mass mailing": {"Precedence": "bulk"},
    "junk": {"Precedence": "junk"},
    "a list": {"Precedence": "list", "List-Id": "<alle.musterstadt.example>"},
    "a mailing list": {"List-Id": "Alle <alle.musterstadt.example>"},
    "no replies at all": {"X-Auto-Response-Suppress": "All"},
    "no out of office": {"X-Auto-Response-Suppress": "DR, OOF"},
    "our own loop": {"X-Stadtbruecke-Loop": "MU-2026-00001"},
    "another loop": {"X-Loop": "ticket@musterstadt.example"},
    "an autoresponder": {"X-Autoreply": "yes"},
    "a German absence": {"Subject": "Automatische Antwort: [MU-2026-00001] Ampel defekt"},
    "an absence": {"Subject": "Abwesenheitsnotiz: Ampel defekt"},
    "an English absence": {"Subject": "Out of Office: traffic light"},
    "an automatic subject": {"Subject": "Auto: [MU-2026-00001] Ampel defekt"},
}
"""Heads of mails that no person wrote."""

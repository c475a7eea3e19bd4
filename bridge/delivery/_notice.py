"""Short plain mails to the city's own people: what needs a decision, what must not wait."""

from uuid import uuid4

from bridge.delivery._mail import send, start
from bridge.delivery._text import line
from bridge.settings import Settings


def send_notice(
    settings: Settings, sender: str, to: str, *, subject: str, lines: list[str], url: str
) -> None:
    """Send `lines` and the address of the page where one goes on; raises like a channel's `deliver`."""
    message = start(sender, "Stadtbrücke", to, subject, uuid4().hex)
    message.set_content("\n".join([*(line(each, 2000) for each in lines), "", url]), cte="quoted-printable")
    send(settings, message)

"""A real SMTP server on a free port of 127.0.0.1 that does what a test tells it."""

import asyncio
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

HANG_UP = "hang up"
STAY_SILENT = "stay silent"


class Mailroom:
    """The server's behaviour: an answer for each command, and the mail that came."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.mails: list[EmailMessage] = []
        self.senders: list[str | None] = []

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answers.get("DATA", "250 OK")
        if answer == STAY_SILENT:
            await asyncio.sleep(5)
        if answer in (HANG_UP, STAY_SILENT):
            server.transport.abort()
            return "250 nobody hears this"
        if answer.startswith("2"):
            assert isinstance(envelope.content, bytes)
            self.mails.append(message_from_bytes(envelope.content, _class=EmailMessage, policy=default))
            self.senders.append(envelope.mail_from)
        return answer


class MailServer(Controller):
    """Listens on a port of its own choice, known as `port` once started."""

    def __init__(self, mailroom: Mailroom, **options: Any) -> None:
        super().__init__(mailroom, hostname="127.0.0.1", port=0, **options)

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

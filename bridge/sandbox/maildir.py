"""The departments' mail: received over SMTP, kept in a Maildir, read back part by part."""

import mailbox
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

from aiosmtpd.smtp import SMTP, Envelope, Session


class Letter(NamedTuple):
    """One mail with its place in the list."""

    key: str
    arrived_at: datetime
    message: EmailMessage

    def body(self, subtype: str) -> str:
        """The text of the `html` or `plain` body, or an empty string."""
        part = self.message.get_body((subtype,))
        return part.get_content() if part else ""

    def files(self) -> list[EmailMessage]:
        """Everything that is not a body: pictures in the text and attachments, in order."""
        bodies = [self.message.get_body((subtype,)) for subtype in ("html", "plain")]
        parts = (part for part in self.message.walk() if not part.is_multipart())
        return [part for part in parts if part not in bodies]


class Maildir:
    """The mailbox of all departments; also the handler of the SMTP server."""

    def __init__(self, folder: Path) -> None:
        self.refusals: dict[str, str] = {}
        """Address in small letters to the SMTP reply it gets, such as `550 5.1.1 unknown`."""
        self._box = mailbox.Maildir(folder)
        self._new = folder / "new"

    def keep(self, content: bytes) -> str:
        """Store a mail and return its key."""
        return self._box.add(content)

    def keys(self) -> list[str]:
        """The keys of all mails, newest first."""
        return sorted((path.name for path in self._new.iterdir()), key=self._age, reverse=True)

    def letter(self, key: str) -> Letter | None:
        """The mail of that key, if there is one."""
        path = self._new / key
        try:
            if path.parent != self._new or not path.is_file():
                return None
        except OSError:  # No file can have such a name.
            return None
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        arrived = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        return Letter(key, arrived, message)

    def raw(self, key: str) -> str:
        """The mail as it came over the wire."""
        return (self._new / key).read_bytes().decode("utf-8", "replace")

    def letters(self, keys: list[str]) -> Iterator[Letter]:
        """The mails of those keys that are still there."""
        found = (self.letter(key) for key in keys)
        return (letter for letter in found if letter)

    def _age(self, key: str) -> tuple[int, str]:
        return (self._new / key).stat().st_mtime_ns, key

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept every address that is not to be refused."""
        refusal = self.refusals.get(address.lower())
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the name aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Store the mail with the envelope it came in."""
        trace = f"Return-Path: <{envelope.mail_from}>\r\n"
        trace += "".join(f"Delivered-To: {address}\r\n" for address in envelope.rcpt_tos)
        content = envelope.original_content or b""
        self.keep(trace.encode() + content)
        return "250 OK"

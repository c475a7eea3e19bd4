"""What people and machines do by mail in the town of these tests."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from sqlmodel import select

from bridge.domain import Verdict
from bridge.tickets.session import reading
from bridge.tickets.tables import LetterRow, SentReplyRow, StatusChangeRow, StatusUpdateRow
from tests.letters.writing import OFFICE
from tests.mail.servers import OFFICE_SERVER, Servers, wait_until
from tests.workers.scripted import Town
from workers import collect, read


@dataclass
class PostTown:
    """A town and its mail."""

    town: Town
    servers: Servers

    def report(self, text: str = "Ampel aus") -> EmailMessage:
        """A citizen writes; the mail that lies with the office then."""
        before = len(self.servers.at_offices())
        self.town.write(text)
        self.town.settle()
        wait_until(lambda: len(self.servers.at_offices()) > before)
        return self.servers.at_offices()[-1]

    def flow(self) -> None:
        """Fetch the mail, read it, and let everything flow that follows."""
        self.town.clock.shift(31)
        collect.run()
        read.run()
        self.town.flow()

    def answer(self, got: EmailMessage, words: str, server: str = OFFICE_SERVER, **changed: Any) -> None:
        """Press answer in a mail program, write, and let everything flow."""
        raw, to = answered(got, words, **changed)
        self.servers.send(raw, to, changed.get("envelope") or changed.get("sender", OFFICE), server)
        self.flow()

    @property
    def verdicts(self) -> list[Verdict | None]:
        """What became of every letter, in the order they came."""
        with reading() as session:
            return list(session.exec(select(LetterRow.verdict).order_by(LetterRow.id)).all())

    def state(self) -> dict[str, list[Any]]:
        """Everything that an answer may change."""
        with reading() as session:
            tables = (StatusChangeRow, StatusUpdateRow, SentReplyRow)
            return {
                table.__tablename__: [row.model_dump() for row in session.exec(select(table)).all()]
                for table in tables
            }


def answered(got: EmailMessage, words: str, **changed: Any) -> tuple[bytes, str]:
    """What a mail program makes of an answer to a mail: the bytes, and where they go."""
    body = got.get_body(("plain",))
    assert body
    quoted = "\n".join(f"> {line}" for line in body.get_content().splitlines())
    message = EmailMessage(policy=SMTP)
    to = changed.get("to") or got["Reply-To"] or got["From"].addresses[0].addr_spec
    message["From"], message["To"] = changed.get("sender", OFFICE), to
    message["Subject"] = changed.get("subject") or f"AW: {got['Subject']}"
    message["In-Reply-To"] = message["References"] = got["Message-ID"]
    for name, value in changed.get("heads", {}).items():
        del message[name]
        message[name] = value
    message.set_content(
        f"{words}\n\nMit freundlichen Grüßen\nTiefbauamt\n\nAm 20.11.2026 schrieb Stadt:\n{quoted}\n"
    )
    for picture in changed.get("pictures", ()):
        message.add_attachment(picture, "image", "jpeg", filename="fertig.jpg")
    return message.as_bytes(), str(to)

"""Short mails to the city's own people."""

from collections.abc import Iterator

import pytest

from bridge.delivery import send_notice
from bridge.domain import PermanentError
from bridge.settings import Settings
from tests.delivery.mailserver import Mailroom, MailServer


@pytest.fixture
def server() -> Iterator[MailServer]:
    controller = MailServer(Mailroom())
    controller.start()
    yield controller
    controller.stop(no_assert=True)


def settings_for(server: MailServer) -> Settings:
    return Settings.model_validate({"SMTP_HOST": "127.0.0.1", "SMTP_PORT": server.port})


def test_a_notice_tells_what_and_where(server: MailServer) -> None:
    send_notice(
        settings_for(server),
        "bruecke@stadt.example",
        "presse@stadt.example",
        subject="Notfall gemeldet",
        lines=["Jemand meldet einen Brand.", "LE-2026-00042\r\nBcc: x@stadt.example"],
        url="https://b.example/desk/42",
    )
    [mail] = server.handler.mails
    assert mail["Subject"] == "Notfall gemeldet"
    assert mail["To"] == "presse@stadt.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().splitlines() == [
        "Jemand meldet einen Brand.",
        "LE-2026-00042 Bcc: x@stadt.example",
        "",
        "https://b.example/desk/42",
    ]


def test_a_notice_reaches_nobody_real_by_accident(server: MailServer) -> None:
    with pytest.raises(PermanentError, match="BRIDGE_MAIL_REAL_DOMAINS"):
        send_notice(
            settings_for(server),
            "b@stadt.example",
            "presse@stadt.test",
            subject="x",
            lines=[],
            url="https://b.example",
        )
    assert server.handler.mails == []

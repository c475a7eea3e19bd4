"""Strangers' words in a department's mail: words in both parts, one line in the head, nothing that acts."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from bridge.delivery._notice import send_notice
from bridge.delivery.email import compose
from bridge.domain import Location, Photo, Precision
from bridge.settings import Settings
from tests.delivery.contract import handover, picture
from tests.hostile import ALL, bones, outside

HEADS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "X-Stadtbruecke-Loop",
    "MIME-Version",
    "Content-Type",
]


def mail_with(word: str) -> EmailMessage:
    """The mail as it comes over the wire, with the word wherever a stranger can bring one in."""
    place = Location(label=word, precision=Precision.STREET, street=word, district=word, lat=51.0, lon=12.0)
    photo = Photo(name=word, content=picture("JPEG", "red"), description=word)
    whole = compose(handover(text=word, location=place, photos=(photo,), because=word))
    return message_from_bytes(whole.as_bytes(), policy=default)


def shape(mail: EmailMessage) -> dict[str, Any]:
    """Everything about a mail that words must not change."""
    html = mail.get_body(("html",))
    assert html
    return {
        "heads": mail.keys(),
        "to": str(mail["To"]),
        "from": str(mail["From"]),
        "parts": [(part.get_content_type(), part.get_filename(), part.keys()) for part in mail.walk()],
        "bones": {bone for bone in bones(html.get_content()) if bone != "br"},
        "defects": [part.defects for part in mail.walk() if part.defects],
    }


def inert(word: str) -> None:
    mail = mail_with(word)
    assert shape(mail) == shape(mail_with("Wort"))
    assert len(str(mail["Subject"]).splitlines()) == 1
    plain = mail.get_body(("plain",))
    assert plain
    told = [line for line in plain.get_content().splitlines() if "Bcc:" in line or "Cookie:" in line]
    assert all(line.startswith((">", "Ort", "Bilder", "Warum")) for line in told)


def test_the_head_of_a_mail_is_ours() -> None:
    assert mail_with("Wort").keys() == HEADS


@pytest.mark.parametrize("word", ALL)
def test_hostile_words_are_only_words_in_a_mail(word: str) -> None:
    inert(word)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_hostile_words_from_outside_are_only_words_in_a_mail() -> None:
    for word in outside():
        inert(word)


@pytest.mark.parametrize("word", ALL)
def test_a_notice_to_staff_keeps_hostile_words_in_line(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[EmailMessage] = []
    monkeypatch.setattr("bridge.delivery._notice.send", lambda _settings, mail: sent.append(mail))
    told = {"subject": word, "lines": [word], "url": "https://melder.stadt.example/"}
    send_notice(Settings(), "melder@stadt.example", "pult@stadt.example", **told)
    mail = message_from_bytes(sent[0].as_bytes(), policy=default)
    assert [head for head in mail if head in ("Bcc", "Cc", "Set-Cookie", "Location")] == []
    assert (len(mail.get_all("Subject")), mail.get_content_type()) == (1, "text/plain")
    assert mail.get_content().splitlines()[-1] == "https://melder.stadt.example/"

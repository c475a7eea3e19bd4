"""The department's mail, sent through real SMTP conversations."""

import html
import logging
import re
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from hypothesis import given
from hypothesis import strategies as st

from bridge.delivery import _mail
from bridge.delivery.base import Channel
from bridge.delivery.email import Adapter, compose
from bridge.domain import (
    AnswerLink,
    Change,
    Handover,
    Kind,
    Location,
    PermanentError,
    Precision,
    Priority,
    TemporaryError,
    UnknownOutcomeError,
)
from bridge.marker import marker
from bridge.settings import Settings
from tests.certificate import server_context
from tests.delivery.contract import HOSTILE, ChannelContract, handover
from tests.delivery.mailserver import HANG_UP, STAY_SILENT, Mailroom, MailServer


@pytest.fixture
def mailroom() -> Mailroom:
    return Mailroom()


@pytest.fixture
def server(mailroom: Mailroom) -> Iterator[MailServer]:
    controller = MailServer(mailroom)
    controller.start()
    yield controller
    controller.stop(no_assert=True)


def settings_for(port: int, **more: str) -> Settings:
    return Settings.model_validate({"SMTP_HOST": "127.0.0.1", "SMTP_PORT": port, **more})


@pytest.fixture
def channel(server: MailServer) -> Adapter:
    return Adapter(settings_for(server.port))


def text_of(mail: EmailMessage, subtype: str) -> str:
    part = mail.get_body((subtype,))
    assert part
    return str(part.get_content())


class Elements(HTMLParser):
    """Lists the elements of a page, with the attributes that could act."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.attributes: set[str] = set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        self.attributes |= {name for name, _ in attrs}


class TestContract(ChannelContract):
    bad_addresses = (
        "",
        " ",
        "amt",
        "amt@",
        "@stadt.example",
        "amt@stadt",
        "amt@stadt..example",
        "a@stadt.example, b@stadt.example",
        "Amt <amt@stadt.example>",
        "amt@stadt.example\n",
        "amt\r\nBcc: b@stadt.example",
        "bürgerbüro@stadt.example",
        "amt@müllstadt.example",
        "a mt@stadt.example",
        "a@b@stadt.example",
    )

    @pytest.fixture
    def channel(self, server: MailServer, mailroom: Mailroom) -> Channel:
        self.mailroom = mailroom
        self.adapter = Adapter(settings_for(server.port))
        return self.adapter

    def received(self) -> list[str]:
        return [
            "\n".join([str(mail["Subject"]), text_of(mail, "plain"), text_of(mail, "html")]).replace(
                "&amp;", "&"
            )
            for mail in self.mailroom.mails
        ]

    def received_ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mailroom.mails]

    def received_pictures(self) -> list[bytes]:
        parts = self.mailroom.mails[-1].walk()
        return [part.get_content() for part in parts if part.get_content_maintype() == "image"]

    def misbehave(self, how: str) -> None:
        if how == "absent":
            with socket.create_server(("127.0.0.1", 0)) as closed:
                self.adapter.settings = settings_for(closed.getsockname()[1])
            return
        answers = {"temporary": "451 later", "permanent": "550 no", "silent": HANG_UP}
        self.mailroom.answers["DATA"] = answers[how]

    def assert_inert(self, text: str) -> None:
        super().assert_inert(text)
        [mail] = self.mailroom.mails
        assert mail["Bcc"] is None
        assert len(mail.get_all("To")) == len(mail.get_all("Subject")) == 1
        assert not mail.defects
        page = Elements(text_of(mail, "html"))
        change = Change(what="Ort", before="x", now="y")
        corrected = {"revision": 1, "changes": (change,), "added": "x", "left_out": ("x",)}
        usual = Elements(text_of(compose(handover(links=handover().links[:1], **corrected)), "html"))
        assert [tag for tag in page.found if tag != "br"] == [tag for tag in usual.found if tag != "br"]
        assert page.attributes == usual.attributes
        assert all(line.startswith("> ") for line in quote(text_of(mail, "plain")))


def quote(text: str) -> list[str]:
    after = text.partition("Das wurde geschrieben:\n\n")[2]
    return after.partition("\n\n")[0].splitlines()


@pytest.mark.parametrize(
    ("changes", "subject"),
    [
        ({}, "[LE-2026-00042] Ampel defekt: Könneritzstraße / Holbeinstraße"),
        ({"revision": 1}, "[LE-2026-00042] Korrektur 1: Ampel defekt: Könneritzstraße / Holbeinstraße"),
        ({"location": None}, "[LE-2026-00042] Ampel defekt"),
        ({"location": None, "category_name": "", "kind": Kind.QUESTION}, "[LE-2026-00042] Frage"),
        ({"location": None, "kind": Kind.EMERGENCY}, "[LE-2026-00042] Notfall: Ampel defekt"),
    ],
)
def test_the_subject_tells_number_matter_and_place(
    channel: Adapter, mailroom: Mailroom, changes: dict[str, object], subject: str
) -> None:
    channel.deliver(handover(**changes))
    assert mailroom.mails[0]["Subject"] == subject


def test_the_head_keeps_other_machines_from_answering(channel: Adapter, mailroom: Mailroom) -> None:
    receipt = channel.deliver(handover())
    mail = mailroom.mails[0]
    assert mail["Message-ID"] == receipt.external_id == "<LE-2026-00042.verkehr.0.k3yk3y@stadt.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["X-Stadtbruecke-Loop"] == "LE-2026-00042"
    assert mail["From"] == "Stadtbrücke Leipzig <bruecke@stadt.example>"
    assert mail["Date"].datetime.utcoffset() is not None
    assert mailroom.senders == ["bruecke@stadt.example"]


def test_a_correction_stands_in_the_thread_of_the_first_mail(channel: Adapter, mailroom: Mailroom) -> None:
    channel.deliver(
        handover(
            revision=2, message_id="LE-2026-00042.verkehr.2.x", in_reply_to="LE-2026-00042.verkehr.0.k3yk3y"
        )
    )
    mail = mailroom.mails[0]
    first = "<LE-2026-00042.verkehr.0.k3yk3y@stadt.example>"
    assert (mail["In-Reply-To"], mail["References"]) == (first, first)
    assert "Korrektur 2" in text_of(mail, "plain")
    assert "Korrektur 2" in text_of(mail, "html")


def test_a_correction_tells_first_what_changed(channel: Adapter, mailroom: Mailroom) -> None:
    change = Change(what="Ort", before="Alte Straße", now="Neue Straße")
    channel.deliver(handover(revision=1, changes=(change,), added="Auf der <b>Nordseite</b>"))
    for subtype in ("plain", "html"):
        told = html.unescape(text_of(mailroom.mails[0], subtype))
        places = [told.index(each) for each in ("Neue Straße", "Alte Straße", "Nordseite", "Die Ampel ist")]
        assert places == sorted(places)
        assert "<b>Nordseite" in told
    assert "<b>Nordseite" not in text_of(mailroom.mails[0], "html")


def test_all_mails_about_a_ticket_stand_in_one_thread(channel: Adapter, mailroom: Mailroom) -> None:
    earlier = tuple(f"42.{'a' * 32}.{sign * 16}" for sign in "abc")
    channel.deliver(handover(references=earlier, in_reply_to=earlier[0]))
    mail = mailroom.mails[0]
    assert str(mail["References"]).split() == [f"<{each}@stadt.example>" for each in earlier]
    assert str(mail["In-Reply-To"]).strip() == f"<{earlier[-1]}@stadt.example>"


BY_MAIL = {
    "reply_to": "bruecke+42.abcdefghijklmnop@stadt.example",
    "envelope_sender": "bruecke+b7.abcdefghijklmnop@stadt.example",
}


def test_an_answer_by_mail_is_asked_for_where_it_arrives(channel: Adapter, mailroom: Mailroom) -> None:
    channel.deliver(handover(**BY_MAIL))
    mail = mailroom.mails[0]
    assert str(mail["Reply-To"]) == BY_MAIL["reply_to"]
    assert mailroom.senders == [BY_MAIL["envelope_sender"]]
    line, request, *_ = text_of(mail, "plain").splitlines()
    assert line == marker("LE-2026-00042")
    assert "Antworten Sie einfach auf diese E-Mail (erledigt, in Arbeit, nicht zuständig" in request
    page = text_of(mail, "html")
    assert page.index(marker("LE-2026-00042")) < page.index("Antworten Sie einfach") < page.index("<h1")


def test_without_a_mailbox_of_the_city_nobody_is_asked_to_answer_by_mail(
    channel: Adapter, mailroom: Mailroom
) -> None:
    channel.deliver(handover())
    mail = mailroom.mails[0]
    assert mail["Reply-To"] is None
    for subtype in ("plain", "html"):
        assert "über dieser Zeile" not in text_of(mail, subtype)
        assert "auf diese E-Mail" not in text_of(mail, subtype)


@pytest.mark.parametrize("field", ["reply_to", "envelope_sender"])
def test_a_way_back_that_is_none_is_refused(channel: Adapter, mailroom: Mailroom, field: str) -> None:
    with pytest.raises(PermanentError):
        channel.deliver(handover(**{field: "a@stadt.example\r\nBcc: alle@stadt.example"}))
    assert mailroom.mails == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": "reminder"}, "Erinnerung: "),
        ({"reason": "overdue"}, "Überfällig: "),
        ({"reason": "copy"}, "Zur Kenntnis: "),
        ({"priority": Priority.HIGH}, "Eilt: "),
        ({"reason": "reminder", "revision": 2}, "Erinnerung: "),
    ],
)
def test_the_subject_says_why_it_comes(
    channel: Adapter, mailroom: Mailroom, changes: dict[str, object], words: str
) -> None:
    channel.deliver(handover(**changes))
    assert str(mailroom.mails[0]["Subject"]).startswith(f"[LE-2026-00042] {words}Ampel defekt")


def test_a_mail_says_what_was_left_out_and_until_when(channel: Adapter, mailroom: Mailroom) -> None:
    channel.deliver(
        handover(left_out=("Fotos", "Namen"), photos=(), due_at=datetime(2026, 7, 3, 22, 30, tzinfo=UTC))
    )
    for subtype in ("plain", "html"):
        told = text_of(mailroom.mails[0], subtype)
        assert "Zum Schutz der Daten weggelassen: Fotos, Namen" in told
        assert "Sa., 04.07.2026" in told


def tickets() -> tuple[Handover, ...]:
    """Three tickets of one department; nothing is known of the place of the last one."""
    two = AnswerLink(answer="done", label="Erledigt", url="https://b.example/a/two")
    return (
        handover(**BY_MAIL),
        handover(
            **BY_MAIL | {"reply_to": "bruecke+43.ponmlkjihgfedcba@stadt.example"},
            reference="LE-2026-00043",
            category_name="Straßenschaden",
            text="Ein Loch. " * 60,
            links=(two,),
            revision=1,
            changes=(Change(what="Ort", before="Alte Straße", now="Neue Straße"),),
        ),
        handover(reference="LE-2026-00044", location=None, text="Name: […]\n" * 40, left_out=("Fotos",)),
    )


def test_a_list_holds_every_ticket_with_its_own_ways_to_answer(channel: Adapter, mailroom: Mailroom) -> None:
    receipt = channel.deliver_list(tickets(), "list-1")
    (mail,) = mailroom.mails
    assert mail["Message-ID"] == receipt.external_id == "<list-1@stadt.example>"
    assert str(mail["Subject"]) == "[Leipzig] 3 Anliegen"
    assert (str(mail["Reply-To"]), mailroom.senders) == (
        "bruecke@stadt.example",
        [BY_MAIL["envelope_sender"]],
    )
    assert (mail["List-Id"], mail["Auto-Submitted"]) == (None, "auto-generated")
    plain, page = text_of(mail, "plain"), html.unescape(text_of(mail, "html"))
    for told in (plain, page):
        for ticket in tickets():
            assert ticket.reference in told
            assert all(link.url in told for link in ticket.links)
            assert ticket.reply_to in told
        assert "Alte Straße" in told
        assert told.count("Ein Loch.") < 25
        assert told.count("Name: […]") == 40
    assert "mailto:bruecke+43.ponmlkjihgfedcba@stadt.example?subject=%5BLE-2026-00043%5D" in page


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_words_in_a_list_are_mere_words(channel: Adapter, mailroom: Mailroom, hostile: str) -> None:
    first, *others = tickets()
    place = Location(label=hostile, precision=Precision.PLACE, district=hostile)
    change = Change(what="Ort", before=hostile, now=hostile)
    wild = {"text": hostile, "because": hostile, "category_name": hostile, "location": place}
    asked = first.model_copy(update=wild | {"revision": 1, "changes": (change,)})
    tame = first.model_copy(update={"revision": 1, "changes": (change.model_copy(update={"before": "x"}),)})
    for each in (asked, tame):
        channel.deliver_list((each, *others), "list-1")
    wild_mail, tame_mail = mailroom.mails
    wild_page, tame_page = (Elements(text_of(mail, "html")) for mail in (wild_mail, tame_mail))
    assert [tag for tag in wild_page.found if tag != "br"] == [tag for tag in tame_page.found if tag != "br"]
    assert wild_page.attributes == tame_page.attributes
    assert wild_mail.keys() == tame_mail.keys()
    assert not any(line.startswith("Bcc") for line in text_of(wild_mail, "plain").splitlines())


def test_a_list_meets_the_troubles_of_a_single_mail(channel: Adapter, mailroom: Mailroom) -> None:
    for answer, error in (
        ("451 later", TemporaryError),
        ("550 no", PermanentError),
        (HANG_UP, UnknownOutcomeError),
    ):
        mailroom.answers["DATA"] = answer
        with pytest.raises(error):
            channel.deliver_list(tickets(), "list-1")


def test_a_long_message_id_arrives_unbroken(channel: Adapter, mailroom: Mailroom) -> None:
    sender = f"bruecke@{'sehr-lange-' * 5}stadt.example"
    long = "LE-2026-00042.amt-fuer-sehr-lange-namen.0.aaaaaaaaaaaaaaaa"
    channel.deliver(handover(sender=sender, message_id=long, in_reply_to=long))
    mail = mailroom.mails[0]
    expected = f"<{long}@{sender.partition('@')[2]}>"
    assert mail["Message-ID"].strip() == mail["In-Reply-To"].strip() == mail["References"].strip() == expected


def test_times_are_shown_in_the_zone_of_the_city(channel: Adapter, mailroom: Mailroom) -> None:
    channel.deliver(handover())
    assert "02.07.2026, 00:30 Uhr" in text_of(mailroom.mails[0], "plain")
    assert "02.07.2026, 00:30 Uhr" in text_of(mailroom.mails[0], "html")


@pytest.mark.parametrize(("precision", "said"), [(Precision.STREET, True), (Precision.ADDRESS, False)])
def test_a_vague_place_is_called_vague(
    channel: Adapter, mailroom: Mailroom, precision: Precision, said: bool
) -> None:
    channel.deliver(handover(location=Location(label="Lange Straße", precision=precision)))
    for subtype in ("plain", "html"):
        assert ("genaue Stelle ist nicht bekannt" in text_of(mailroom.mails[0], subtype)) is said


def test_every_picture_of_the_page_travels_in_the_mail(channel: Adapter, mailroom: Mailroom) -> None:
    channel.deliver(handover())
    mail = mailroom.mails[0]
    page = text_of(mail, "html")
    carried = {str(part["Content-ID"])[1:-1] for part in mail.walk() if part["Content-ID"]}
    assert set(re.findall(r'src="cid:([^"]+)"', page)) == carried
    assert len(carried) == 2
    assert re.findall(r'alt="([^"]+)"', page) == ["Karte: Könneritzstraße / Holbeinstraße", "Dunkle Ampel"]
    assert not re.search(r'src="(?!cid:)|url\(|@import', page)


def test_the_mail_needs_neither_script_nor_form(channel: Adapter, mailroom: Mailroom) -> None:
    channel.deliver(handover())
    page = Elements(text_of(mailroom.mails[0], "html"))
    assert not {"script", "form", "iframe", "link", "object"} & set(page.found)


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("421 closing", TemporaryError),
        ("450 mailbox busy", TemporaryError),
        ("452 too many mails in one session", TemporaryError),
        ("550 no such mailbox", PermanentError),
        ("552 too large", PermanentError),
    ],
)
def test_the_answer_of_the_server_decides(
    channel: Adapter, mailroom: Mailroom, command: str, answer: str, error: type[Exception]
) -> None:
    mailroom.answers[command] = answer
    with pytest.raises(error, match=answer):
        channel.deliver(handover())
    assert mailroom.mails == []


@pytest.mark.parametrize("trouble", [HANG_UP, STAY_SILENT])
def test_a_lost_answer_to_a_whole_mail_leaves_the_outcome_open(
    channel: Adapter, mailroom: Mailroom, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    monkeypatch.setattr(_mail, "SECONDS", 0.3)
    mailroom.answers["DATA"] = trouble
    with pytest.raises(UnknownOutcomeError):
        channel.deliver(handover())


def test_a_server_that_never_speaks_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_mail, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(TemporaryError):
        Adapter(settings_for(silent.getsockname()[1])).deliver(handover())


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("amt@stadt.example", True),
        ("amt@bau.stadt.EXAMPLE", True),
        ("amt@stadt.test", False),
        ("amt@stadt-example.test", False),
        ("amt@stadt.notexample", False),
        ("amt@example.invalid", False),
    ],
)
def test_nobody_real_is_written_to_by_accident(
    server: MailServer, mailroom: Mailroom, address: str, allowed: bool
) -> None:
    ticket = handover(address=address)
    if allowed:
        Adapter(settings_for(server.port)).deliver(ticket)
    else:
        with pytest.raises(PermanentError, match="BRIDGE_MAIL_REAL_DOMAINS"):
            Adapter(settings_for(server.port)).deliver(ticket)
        assert mailroom.mails == []
        Adapter(settings_for(server.port, BRIDGE_MAIL_REAL_DOMAINS="true")).deliver(ticket)
    assert len(mailroom.mails) == 1


@pytest.mark.parametrize("field", ["address", "sender"])
@pytest.mark.parametrize("value", ["", "amt", "amt@stadt.example\r\nBcc: alle@stadt.example"])
def test_an_address_that_is_none_is_refused_before_anything_is_sent(
    channel: Adapter, mailroom: Mailroom, field: str, value: str
) -> None:
    with pytest.raises(PermanentError):
        channel.deliver(handover(**{field: value}))
    assert mailroom.mails == []


def password_check(*args: object) -> AuthResult:
    given = args[-1]
    right = isinstance(given, LoginPassword) and given == LoginPassword(b"bruecke", b"s3hr-geheim")
    return AuthResult(success=right, handled=right)


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize(
    ("password", "works"), [("s3hr-geheim", True), ("g4nz-falsch", False), ("gehü", False)]
)
def test_the_password_travels_encrypted_and_is_never_repeated(
    mailroom: Mailroom,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    security: str,
    password: str,
    works: bool,
) -> None:
    context, trusted = server_context(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    caplog.set_level(logging.DEBUG)
    tls = (
        {"ssl_context": context} if security == "tls" else {"tls_context": context, "require_starttls": True}
    )
    controller = MailServer(mailroom, authenticator=password_check, auth_require_tls=security != "tls", **tls)
    controller.start()
    settings = settings_for(
        controller.port, SMTP_SECURITY=security, SMTP_USER="bruecke", SMTP_PASSWORD=password
    )
    try:
        if works:
            Adapter(settings).deliver(handover())
        else:
            with pytest.raises(TemporaryError, match="SMTP_PASSWORD") as caught:
                Adapter(settings).deliver(handover())
            assert password not in repr(caught.value)
    finally:
        controller.stop(no_assert=True)
    assert len(mailroom.mails) == works
    assert password not in caplog.text + "".join(capfd.readouterr())


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_server_nobody_vouches_for_gets_nothing(
    mailroom: Mailroom, tmp_path: Path, security: str
) -> None:
    context, _ = server_context(tmp_path)
    tls = {"ssl_context": context} if security == "tls" else {"tls_context": context}
    controller = MailServer(mailroom, **tls)
    controller.start()
    try:
        with pytest.raises(TemporaryError):
            Adapter(settings_for(controller.port, SMTP_SECURITY=security)).deliver(handover())
    finally:
        controller.stop(no_assert=True)
    assert mailroom.mails == []


def test_starttls_is_never_skipped(server: MailServer, mailroom: Mailroom) -> None:
    with pytest.raises(TemporaryError):
        Adapter(settings_for(server.port, SMTP_SECURITY="starttls")).deliver(handover())
    assert mailroom.mails == []


coded = st.sampled_from(["=?utf-8?q?", "=?utf-8?b?DQpCY2M6IGFAYi5leGFtcGxl?=", "=0d=0a", "?=", "=", "?", " "])
wild = st.lists(coded | st.text(st.characters(codec=None)), max_size=12).map("".join)


@given(text=wild, label=wild, because=wild)
def test_no_words_can_keep_a_mail_from_being_written(text: str, label: str, because: str) -> None:
    place = Location(label=label, precision=Precision.PLACE)
    mail = compose(
        handover(text=text, because=because, location=place, category_name=label, city_name=because)
    )
    raw = mail.as_bytes()
    again = message_from_bytes(raw, policy=default)
    assert again.keys() == compose(handover()).keys()
    assert raw.isascii()
    assert b"\r" not in raw.replace(b"\r\n", b"") and b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998

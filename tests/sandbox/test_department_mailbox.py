"""The departments' mailbox takes real SMTP and shows mail without trusting it."""

import smtplib
from email.message import EmailMessage

import pytest
import requests

from bridge.sandbox.drawings import draw
from bridge.sandbox.serve import Running


def mail(html: str = "<p>Ampel</p>") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "[LE-2026-00042] Ampel defekt: Könneritzstraße"
    message["From"], message["To"] = "buerger@stadt.example", "tiefbau@stadt.example"
    message.set_content("Die Ampel ist aus.")
    message.add_alternative(html, subtype="html")
    message.get_payload()[1].add_related(draw("traffic_light"), "image", "jpeg", cid="<karte@stadt>")
    message.add_attachment(b"<script>", maintype="text", subtype="html", filename="boese.html")
    return message


def send(sandbox: Running, message: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", sandbox.smtp_port, timeout=5) as smtp:
        smtp.send_message(message)


def get(sandbox: Running, path: str) -> requests.Response:
    return requests.get(sandbox.url + path, timeout=5)


@pytest.fixture
def key(sandbox: Running) -> str:
    send(sandbox, mail('<p>Ampel</p><img src="cid:karte@stadt"><a href="https://stadt.example">Erledigt</a>'))
    return sandbox.mailbox.keys()[0]


def test_a_mail_arrives_with_its_envelope(sandbox, key):
    message = sandbox.mailbox.letter(key).message
    assert message["Delivered-To"] == "tiefbau@stadt.example"
    assert message["Return-Path"] == "<buerger@stadt.example>"
    assert message["Subject"] == mail()["Subject"]


def test_the_list_shows_subject_and_receiver_newest_first(sandbox, key):
    later = mail()
    later.replace_header("Subject", "Korrektur 1")
    send(sandbox, later)
    page = get(sandbox, "/postfach/").text
    assert page.index("Korrektur 1") < page.index("LE-2026-00042")
    assert "tiefbau@stadt.example" in page


def test_a_mail_is_shown_with_text_and_raw_source(sandbox, key):
    page = get(sandbox, f"/postfach/{key}").text
    assert "Die Ampel ist aus." in page
    assert "Content-Type: multipart/mixed" in page
    assert f'src="/postfach/{key}/html"' in page


def test_the_html_part_may_show_only_the_mails_own_pictures(sandbox, key):
    answer = get(sandbox, f"/postfach/{key}/html")
    own = f"{sandbox.url}/postfach/{key}/teil/"
    assert f'<img src="{own}karte@stadt">' in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert f"img-src {own};" in policy
    assert "sandbox allow-popups" in policy
    assert "script" not in policy


def test_a_picture_of_the_mail_is_served_and_anything_else_only_downloaded(sandbox, key):
    picture = get(sandbox, f"/postfach/{key}/teil/karte@stadt")
    assert (picture.headers["Content-Type"], picture.content) == ("image/jpeg", draw("traffic_light"))
    other = get(sandbox, f"/postfach/{key}/teil/boese.html")
    assert other.headers["Content-Disposition"] == "attachment"
    assert other.headers["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize("path", ["nothing", "nothing/html", "..%2Fsquare%2Fjournal.jsonl", "%00"])
def test_no_other_file_can_be_read(sandbox, path):
    assert get(sandbox, f"/postfach/{path}").status_code == 404


@pytest.mark.parametrize(("reply", "code"), [("450 4.2.0 später", 450), ("550 5.1.1 unbekannt", 550)])
def test_an_address_can_be_refused_for_now_or_for_good(sandbox, reply, code):
    reply = reply.encode("ascii", "ignore").decode()
    requests.put(f"{sandbox.url}/sandbox/refusals", json={"Tiefbau@stadt.example": reply}, timeout=5)
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(sandbox, mail())
    assert refused.value.recipients["tiefbau@stadt.example"][0] == code
    assert sandbox.mailbox.keys() == []


def test_mail_that_is_no_mail_does_not_break_the_page(sandbox):
    with smtplib.SMTP("127.0.0.1", sandbox.smtp_port, timeout=5) as smtp:
        smtp.sendmail(
            "a@stadt.example", "b@stadt.example", b"Subject: =?utf-8?b?4?=\r\nContent-Type: x\r\n\r\n\xff"
        )
    assert get(sandbox, f"/postfach/{sandbox.mailbox.keys()[0]}").status_code == 200

"""Any bytes become a letter: bounded, decoded, and never an exception."""

import base64
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.letters import parse
from tests.letters.test_newest import outside
from tests.letters.writing import MACHINES, OFFICE, bounced, mail, photo, reply_address
from tests.test_photos import picture, png_of_zeros

HTML = (
    "<html><head><style>p{color:red}</style></head><body><p>erledigt</p><p>Vielen&nbsp;Dank</p>"
    "<blockquote type=cite>Die Ampel ist aus</blockquote></body></html>"
)


def plain(body: str, kind: str = "text/plain; charset=utf-8", **heads: str) -> bytes:
    lines = [
        f"From: {OFFICE}",
        f"Content-Type: {kind}",
        *(f"{n.replace('_', '-')}: {v}" for n, v in heads.items()),
    ]
    return "\r\n".join([*lines, "", body]).encode()


def test_an_answer_is_read_with_all_that_proves_it() -> None:
    letter = parse(
        mail("Erledigt.", heads={"References": "<a.b@x.example> <c@x.example>"}, pictures=(photo(),))
    )
    assert (letter.sender, letter.words, letter.machine, letter.returned) == (OFFICE, "Erledigt.", "", None)
    assert letter.recipients == (reply_address(),)
    assert letter.references == ("a.b@x.example", "c@x.example")
    assert [each.content[:2] for each in letter.pictures] == [b"\xff\xd8"]


@pytest.mark.parametrize(
    ("line", "sender"),
    [
        (OFFICE, OFFICE),
        (f"Amt <{OFFICE}>", OFFICE),
        (f'"Amt, Stelle 1" <{OFFICE.upper()}>', OFFICE),
        (f"=?utf-8?q?B=C3=BCro?= <{OFFICE}>", OFFICE),
        (f'"{OFFICE}" <wer@boese.example>', "wer@boese.example"),
        (f"{OFFICE}, wer@boese.example", ""),
        (f"wer@boese.example, {OFFICE}", ""),
        (f"kaputt@@, {OFFICE}", ""),
        (f"{OFFICE})wer@boese.example", ""),
        (f"{OFFICE} <wer@boese.example>", ""),
        (f"Amt: {OFFICE};", ""),
        (f"=?utf-8?q?{OFFICE}?=", ""),
        (f"{OFFICE}\r\nFrom: wer@boese.example", ""),
        ("", ""),
    ],
)
def test_the_sender_is_the_one_address_of_from_or_nobody(line: str, sender: str) -> None:
    assert parse(f"From: {line}\r\n\r\nerledigt".encode()).sender == sender


@pytest.mark.parametrize("name", MACHINES)
def test_a_machine_is_known_by_its_heads(name: str) -> None:
    assert parse(mail(heads=MACHINES[name])).machine


@pytest.mark.parametrize(
    "heads", [{"Auto-Submitted": "no"}, {"Subject": "AW: Abwesenheit"}, {"Precedence": "normal"}]
)
def test_a_person_is_no_machine(heads: dict[str, str]) -> None:
    assert parse(mail(heads=heads)).machine == ""


@pytest.mark.parametrize(
    ("raw", "permanent", "words"),
    [
        (bounced("x@y.example"), True, "550 5.1.1 no such user"),
        (bounced("x@y.example", "4.2.2", "452 4.2.2 mailbox full"), False, "452 4.2.2 mailbox full"),
        (
            plain("Sorry: 550 5.1.1 unknown", Return_Path="<>").replace(b"tiefbau@", b"mailer-daemon@"),
            True,
            "550 5.1.1",
        ),
        (plain("no route", X_Failed_Recipients="a@b.example"), False, "zurück"),
    ],
)
def test_a_returned_mail_says_whether_it_is_for_good(raw: bytes, permanent: bool, words: str) -> None:
    returned = parse(raw).returned
    assert returned
    assert returned.permanent is permanent
    assert words in returned.words


def test_an_absence_that_comes_to_the_return_address_is_no_bounce() -> None:
    assert parse(mail(heads={"Return-Path": "<>", "Auto-Submitted": "auto-replied"})).returned is None
    assert parse(bounced("x@y.example", "2.0.0", "delivered")).returned is None


@pytest.mark.parametrize(
    "raw",
    [
        plain("erledigt\r\n"),
        plain(HTML, "text/html"),
        plain(base64.b64encode(b"erledigt").decode(), Content_Transfer_Encoding="base64"),
        plain(
            "erledigt=20=0A", "text/plain; charset=windows-1252", Content_Transfer_Encoding="quoted-printable"
        ),
        plain("erledigt", "text/plain; charset=klingon"),
        plain("erledigt", "text/plain; charset=punycode"),
        b"From: a@b.example\n\nerledigt",
        b"From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nerledigt\n",
    ],
)
def test_the_words_are_found_however_they_are_packed(raw: bytes) -> None:
    assert parse(raw).words.split()[0] == "erledigt"


def test_umlauts_survive_every_charset() -> None:
    for charset in ("utf-8", "iso-8859-1", "iso-8859-15", "windows-1252"):
        head = f"From: a@b.example\nContent-Type: text/plain; charset={charset}\n\n"
        assert parse(head.encode() + "nicht zuständig".encode(charset)).words == "nicht zuständig"


def test_only_whole_pictures_are_kept_and_no_more_than_four() -> None:
    many = tuple(photo(number) for number in range(6))
    assert len(parse(mail(pictures=many)).pictures) == 4
    broken = (photo()[:6000], b"\xff\xd8" * 5000, picture(), png_of_zeros(13_000, 13_000), photo())
    assert len(parse(mail(pictures=broken)).pictures) == 1


def nested(kind: str, depth: int) -> bytes:
    heads = b"".join(
        b"Content-Type: %s; boundary=b%d\n\n--b%d\n" % (kind.encode(), d, d) for d in range(depth)
    )
    return b"From: a@b.example\n" + heads + b"\n\nx"


BOMBS = {
    "quotes in quotes": b"Content-Type: text/html\n\n" + b"<blockquote>" * 400_000,
    "spaces": b"Content-Type: text/html\n\n" + b"< > " * 1_000_000,
    "parts in parts": nested("multipart/mixed", 90_000)[:5_000_000],
    "mails in mails": b"Content-Type: message/rfc822\n\n" * 150_000,
    "very many parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 600_000,
    "very many heads": b"X-A: b\n" * 600_000,
    "a very long head": b"Subject: " + b"=?utf-8?q?=C3?= " * 300_000,
    "very many senders": b"From: " + b"a@b.example, " * 300_000,
    "very many comments": b"From: " + b"(" * 2_000_000,
    "nothing but marks": b"Content-Type: text/html\n\n" + b"<!--" * 1_000_000,
    "unfinished marks": b"Content-Type: text/html\n\n" + b"<a " * 1_500_000,
    "unfinished entities": b"Content-Type: text/html\n\n" + b"&#" * 1_500_000,
    "declarations": b"Content-Type: text/html\n\n" + b"<![" * 1_500_000,
    "no line ends": b"\n\n" + b"a" * 5_000_000,
    "nothing but line ends": b"\n" * 5_000_000,
    "zeros": bytes(5_000_000),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_read_in_bounded_time_and_memory(name: str) -> None:
    before = getrusage(RUSAGE_SELF).ru_maxrss
    began = process_time()
    parse(BOMBS[name])
    assert process_time() - began < 10
    assert getrusage(RUSAGE_SELF).ru_maxrss - before < 300_000


@given(st.binary(max_size=400))
def test_no_bytes_are_too_strange(raw: bytes) -> None:
    parse(raw)


NAMES = [
    "From",
    "To",
    "Subject",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Auto-Submitted",
    "References",
    "Status",
]
WILD = st.tuples(
    st.lists(st.tuples(st.sampled_from(NAMES), st.binary(max_size=60)), max_size=8),
    st.sampled_from(
        [b"", b"multipart/mixed; boundary=b", b"multipart/report; boundary=b", b"text/html; charset=\xff"]
    ),
    st.binary(max_size=200),
)


@given(WILD)
def test_no_mail_is_too_strange(wild: tuple[list[tuple[str, bytes]], bytes, bytes]) -> None:
    heads, kind, body = wild
    lines = [name.encode() + b": " + value for name, value in heads] + [b"Content-Type: " + kind]
    letter = parse(
        b"\n".join(lines) + b"\n\n--b\nContent-Type: message/delivery-status\n\n" + body + b"\n--b\n\n" + body
    )
    assert len(letter.words) <= 5000


def test_outside_answers_are_read() -> None:
    for path in sorted(outside().rglob("*")):
        if path.is_file():
            _ = parse(b"From: a@b.example\nContent-Type: text/html\n\n" + path.read_bytes())
            _ = parse(Path(path).read_bytes())

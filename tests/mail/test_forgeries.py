"""Whatever is forged changes nothing, and two machines never talk to each other for long."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from bridge import links
from bridge.domain import TicketStatus, Verdict
from tests.letters.writing import AUTHSERV, CITY, MACHINES, OFFICE, bounced, mail, reply_address
from tests.mail.post import PostTown
from tests.mail.servers import ANYBODY, OFFICE_SERVER, wait_until

WORDS = ("erledigt", "in Arbeit", "nicht zuständig: woanders", "angenommen", "eingeplant: morgen")
EACH = 40
DMARC = f"{AUTHSERV}; dmarc=pass header.from=musterstadt.example"

Forged = tuple[bytes, str, str]
"""The mail, where it goes, and who its envelope says it is from."""


def wrong_token(number: int) -> Forged:
    """A token that was guessed, or that is another office's or another ticket's."""
    guessed = f"melder+1.{'abcdefghijklmnop'[number % 16] * 16}@musterstadt.example"
    to = (guessed, reply_address(1, "cleaning"), reply_address(2).replace("+2.", "+1."))[number % 3]
    return _mail(number, to=to), to, OFFICE


def wrong_sender(number: int) -> Forged:
    """The token leaked: somebody else has it."""
    sender = (f"wer{number}@anderswo.example", "tiefbau@musterstadt.example.boese.example", CITY)[number % 3]
    return _mail(number, sender=sender), reply_address(), "wer@anderswo.example"


def spoofed_from(number: int) -> Forged:
    """The token leaked, and the office's address is written into From; the envelope says it, too."""
    sender = (OFFICE, f"Tiefbauamt <{OFFICE}>", f"{OFFICE}, wer@boese.example")[number % 3]
    return _mail(number, sender=sender), reply_address(), OFFICE


def forged_results(number: int) -> Forged:
    """The mail brings along what our own mail server would say."""
    names = (AUTHSERV, AUTHSERV.upper(), f"{AUTHSERV} 1", "mx.boese.example")
    results = DMARC.replace(AUTHSERV, names[number % 4])
    heads = {"Authentication-Results": results, "Received-SPF": "pass"}
    return _mail(number, heads=heads), reply_address(), OFFICE


def foreign_thread(number: int) -> Forged:
    """It answers a mail of ours by a guessed or a stolen name, or by the number in the subject."""
    stolen = f"<{links.message_id(1, 'a1b2')}@musterstadt.example>"
    names = (f"<{number}@musterstadt.example>", "<1.a1b2.aaaaaaaaaaaaaaaa@musterstadt.example>", stolen)
    return _mail(number, to=CITY, heads={"References": names[number % 3]}), CITY, OFFICE


def _mail(number: int, **changed: Any) -> bytes:
    return mail(WORDS[number % len(WORDS)], subject=f"AW: [MU-2026-00001] {number}", **changed)


KINDS: tuple[Callable[[int], Forged], ...] = (
    wrong_token,
    wrong_sender,
    spoofed_from,
    forged_results,
    foreign_thread,
)


@pytest.mark.timeout(300)
def test_two_hundred_forged_mails_change_nothing_and_get_no_answer(post: PostTown) -> None:
    post.report()
    before = post.state()
    for kind in KINDS:
        post.servers.send_all([kind(number) for number in range(EACH)], ANYBODY)
    for _ in range(10):
        post.flow()
    assert len(post.verdicts) == EACH * len(KINDS)
    print("\n", dict(Counter(str(verdict) for verdict in post.verdicts)))
    assert post.state() == before
    assert post.town.case().status is TicketStatus.DELIVERED
    assert len(post.servers.at_offices()) == 1


@pytest.mark.timeout(300)
def test_fifty_automatic_mails_change_nothing_and_get_no_answer(post: PostTown) -> None:
    post.report()
    before = post.state()
    absences = [
        (mail(f"erledigt {n}", heads=heads), reply_address()) for n in range(2) for heads in MACHINES.values()
    ]
    returned = [(bounced(to, status), to) for status in ("5.1.1", "4.2.2") for to in _addresses()]
    mails = [(raw, to, "") for raw, to in [*absences, *returned]]
    assert len(mails) >= 50
    post.servers.send_all(mails, OFFICE_SERVER)
    for _ in range(3):
        post.flow()
    assert set(post.verdicts) == {Verdict.STOPPED}
    assert len(post.verdicts) == len(mails)
    assert post.state() == before
    assert len(post.servers.at_offices()) == 1


def _addresses() -> list[str]:
    """Where returned mails may come to that are not of this town's hand-overs."""
    forged = [f"melder+b{number}.{'a' * 16}@musterstadt.example" for number in range(1, 8)]
    return [*forged, CITY, reply_address()]


MACHINE_WORDS = {
    "a system that says what it is": (
        "Ihre Anfrage wurde erfasst.",
        {"Auto-Submitted": "auto-replied"},
        OFFICE_SERVER,
    ),
    "a system that says nothing": ("Ihre Anfrage wurde erfasst.", {}, OFFICE_SERVER),
    "a system with our words": ("angenommen", {}, OFFICE_SERVER),
    "a system nobody vouches for": ("angenommen", {}, ANYBODY),
}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", MACHINE_WORDS)
def test_two_systems_that_answer_each_other_stop_by_themselves(post: PostTown, name: str) -> None:
    words, heads, server = MACHINE_WORDS[name]
    post.report()
    answered = 0
    for hour in range(24):
        got = post.servers.at_offices()
        for each in got[answered:]:
            envelope = OFFICE if server == OFFICE_SERVER else "system@anderswo.example"
            post.answer(
                each, words, server, heads=heads, envelope=envelope, subject=f"Ticket#{hour}: erfasst"
            )
        answered = len(got)
        post.town.clock.shift(3600)
        post.flow()
    wait_until(lambda: len(post.servers.at_offices()) >= answered)
    asked = 1 if server == ANYBODY else 0
    assert len(post.servers.at_offices()) == 1 + asked
    assert answered == 1 + asked
    told = [text for text in post.town.said if "angenommen" in text]
    assert len(told) == (1 if name == "a system with our words" else 0)


@pytest.mark.timeout(300)
def test_whoever_floods_us_makes_us_write_once_a_day_and_ticket(post: PostTown) -> None:
    post.report()
    for _ in range(3):
        mails = [(_mail(number), reply_address(), "wer@anderswo.example") for number in range(5)]
        post.servers.send_all(mails, ANYBODY)
        post.flow()
        post.town.clock.shift(3600)
    wait_until(lambda: len(post.servers.at_offices()) == 2)
    assert set(post.verdicts) == {Verdict.CONFIRM}
    assert post.town.case().status is TicketStatus.DELIVERED

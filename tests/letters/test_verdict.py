"""Who may do what by mail: every case is one row, and what is not sure changes nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bridge import links
from bridge.domain import Verdict
from bridge.letters import Judgement, Known, Ours, judge, named, parse
from tests.letters.writing import AUTHSERV, CITY, MACHINES, OFFICE, TRUE, bounced, mail, reply_address

NOW = datetime(2026, 11, 20, 14, 4, tzinfo=UTC)
OURS = Ours(
    address=CITY,
    senders={"streets": (OFFICE, "@tiefbau.example"), "cleaning": ("reinigung@musterstadt.example",)},
)
TICKETS = {
    1: Known(department="streets", asked=("streets",)),
    2: Known(department="cleaning", asked=("cleaning", "streets")),
    3: Known(department="streets", asked=("streets",), closed_at=NOW - timedelta(days=91)),
}
A, N, C, Q, S, B = (
    *(Verdict.APPLIED, Verdict.NOTE, Verdict.CONFIRM, Verdict.QUARANTINED),
    *(Verdict.STOPPED, Verdict.BOUNCE),
)


def thread(ticket_id: int) -> str:
    return f"<{links.message_id(ticket_id, 'a1b2')}@musterstadt.example>"


def decide(raw: bytes, ours: Ours = OURS) -> Judgement:
    letter = parse(raw)
    found = named(letter, ours)
    known = {ticket: TICKETS[ticket] for ticket in {*found.tickets, *found.threads} & set(TICKETS)}
    return judge(letter, found, known, ours, NOW)


# Written while a test runs, since tokens need its key.
CASES: dict[str, tuple[Callable[[], bytes], Verdict]] = {
    "a plain answer": (mail, A),
    "an answer in the thread": (lambda: mail(heads={"In-Reply-To": thread(1)}), A),
    "a colleague of a listed domain": (lambda: mail(sender="wache@tiefbau.example"), A),
    "an answer to an address in capital letters": (lambda: mail(to=reply_address().upper()), A),
    "free words": (lambda: mail("Der Mast steht wieder."), N),
    "no words": (lambda: mail(""), N),
    "a forward by the office": (lambda: mail(subject="WG: [MU-2026-00001] Ampel defekt"), N),
    "the answer to a forward by the office": (lambda: mail(subject="AW: WG: Ampel defekt"), N),
    "an office that no longer has the ticket": (lambda: mail(to=reply_address(2)), N),
    "a ticket closed long ago": (lambda: mail(to=reply_address(3)), N),
    "a forward by somebody else": (lambda: mail(sender="wer@anderswo.example", subject="WG: Ampel"), Q),
    "another English forward": (lambda: mail(sender="wer@anderswo.example", subject="Fwd: Ampel"), Q),
    "a foreign sender": (lambda: mail(sender="wer@anderswo.example"), Q),
    "a domain like a listed one": (lambda: mail(sender="x@tiefbau.example.boese.example"), Q),
    "a domain below a listed one": (lambda: mail(sender="x@x.tiefbau.example"), Q),
    "two senders": (lambda: mail(sender=f"{OFFICE}, wer@anderswo.example"), Q),
    "another office's address": (lambda: mail(to=reply_address(1, "cleaning")), Q),
    "a forged token": (lambda: mail(to=f"melder+1.{'a' * 16}@musterstadt.example"), Q),
    "another ticket's token": (lambda: mail(to=reply_address(2).replace("+2.", "+1.")), Q),
    "a ticket that is not there": (lambda: mail(to=reply_address(99)), Q),
    "no token": (lambda: mail(to=CITY), Q),
    "no token, but the thread": (lambda: mail(to=CITY, heads={"References": thread(1)}), Q),
    "a token and another thread": (lambda: mail(heads={"References": thread(2)}), Q),
    "two tokens": (lambda: mail(to=f"{reply_address(1)}, {reply_address(2)}"), Q),
    "a forged thread": (
        lambda: mail(to=CITY, heads={"References": "<1.a1b2.aaaaaaaaaaaaaaaa@musterstadt.example>"}),
        Q,
    ),
    "the reference in the subject alone": (lambda: mail(to=CITY, subject="MU-2026-00001 erledigt"), Q),
    "our own address": (lambda: mail(sender=CITY), S),
    "an answer address as sender": (lambda: mail(sender=reply_address()), S),
    "our own mail": (lambda: mail(heads={"Message-ID": thread(1)}), S),
    "a bounce": (lambda: bounced(links.bounce_address(CITY, 7)), B),
    "a bounce for now": (lambda: bounced(links.bounce_address(CITY, 7), "4.2.2"), B),
    "a bounce with a forged token": (lambda: bounced(f"melder+b7.{'a' * 16}@musterstadt.example"), S),
    "a bounce of nothing": (lambda: bounced(CITY), S),
    "a bounce to an answer address": (lambda: bounced(reply_address()), S),
    "an absence at the return address": (
        lambda: mail(to=links.bounce_address(CITY, 7), heads={"Auto-Submitted": "auto-replied"}),
        S,
    ),
    "a person at the return address": (lambda: mail(to=links.bounce_address(CITY, 7)), Q),
    **{
        f"a machine: {name}": ((lambda heads=heads: mail(heads=heads)), S) for name, heads in MACHINES.items()
    },
}


@pytest.mark.parametrize("name", CASES)
def test_a_letter_gets_its_verdict(name: str) -> None:
    write, verdict = CASES[name]
    judged = decide(write())
    assert (judged.verdict, bool(judged.because)) == (verdict, True), judged.because


@pytest.mark.parametrize("name", [name for name, (_, verdict) in CASES.items() if verdict is A])
@pytest.mark.parametrize(
    ("proof", "verdict"),
    [
        (TRUE, A),
        ("", C),
        (f"{AUTHSERV}; none", C),
        ("mx.boese.example; dmarc=pass header.from=musterstadt.example", C),
        (f"{AUTHSERV}; dmarc=fail header.from=musterstadt.example", Q),
    ],
)
def test_where_the_server_proves_senders_only_proven_ones_change_anything(
    name: str, proof: str, verdict: Verdict
) -> None:
    head = f"Authentication-Results: {proof}\r\n".encode() if proof else b""
    raw = head.replace(b"musterstadt", b"tiefbau") if "colleague" in name else head
    raw = raw.replace(b"mx.tiefbau", b"mx.musterstadt") + CASES[name][0]()
    assert decide(raw, OURS.model_copy(update={"authserv": AUTHSERV})).verdict is verdict


def test_an_answer_names_its_ticket_its_office_and_its_words() -> None:
    judged = decide(mail("nicht zuständig: das macht die Bahn"))
    assert (judged.ticket_id, judged.department, judged.answer) == (1, "streets", "not_ours")
    assert judged.words == "das macht die Bahn"


def test_nobody_but_the_token_says_whose_word_it_is() -> None:
    assert decide(mail(to=CITY, heads={"References": thread(1)})).department is None

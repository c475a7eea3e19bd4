"""Decides what a letter may do: one row for each case, from the letter and from what the case book knows."""

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from pydantic import Field

from bridge import links
from bridge.domain import Value, Verdict
from bridge.letters.proof import Proof, proven
from bridge.letters.values import Letter
from bridge.letters.vocabulary import said

TOKEN_DAYS = 90
"""An answer address holds so long after its ticket was closed."""

_FORWARDED = re.compile(r"(?:(?:re|aw|antwort):\s*)*(?:wg|fwd?|weitergeleitet)\s*:", re.IGNORECASE)
_TICKET = re.compile(r"([1-9]\d{0,8})\.([a-z2-7]{16})")
_DELIVERY = re.compile(r"b([1-9]\d{0,8})\.([a-z2-7]{16})")


class Ours(Value):
    """The city's side of the correspondence."""

    address: str
    """The city's own mail address, in small letters."""
    authserv: str = ""
    """The name of the mail server that proves senders; empty where none does."""
    senders: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Who may answer for a department: addresses and `@domain`, in small letters."""


class Named(Value):
    """What the addresses and heads of a letter lead to."""

    tickets: dict[int, str] = Field(default_factory=dict)
    """Tickets of the answer addresses, each with the token beside it, true or not."""
    threads: frozenset[int] = frozenset()
    """Tickets of the mails it answers, proven by the names of those mails."""
    deliveries: frozenset[int] = frozenset()
    """Hand-overs whose return address it came to, or whose mail it brings back; proven."""
    echo: bool = False
    """Whether it bears the name of a mail of ours."""


class Known(Value):
    """What the case book knows about a ticket."""

    department: str | None
    asked: tuple[str, ...]
    """Every department it was handed to."""
    closed_at: datetime | None = None


class Judgement(Value):
    """What becomes of a letter, and why, in a German sentence for staff."""

    verdict: Verdict
    because: str
    ticket_id: int | None = None
    department: str | None = None
    """Whose word it is, where its token proves that."""
    answer: str = ""
    words: str = ""


class _Claim(NamedTuple):
    ticket_id: int
    department: str
    known: Known


def named(letter: Letter, ours: Ours) -> Named:
    """Follow a letter's addresses and heads."""
    tags = [tag for address in letter.recipients if (tag := _tag(address, ours.address))]
    returned = letter.returned.message_ids if letter.returned else ()
    threads = {links.read_message_id(name) for name in _local(letter.references + returned, ours)}
    return Named(
        tickets={int(found[1]): found[2] for tag in tags if (found := _TICKET.fullmatch(tag))},
        threads=frozenset(ticket for ticket in threads if ticket),
        deliveries=frozenset(
            int(found[1])
            for tag in tags
            if (found := _DELIVERY.fullmatch(tag)) and links.check_bounce_token(int(found[1]), found[2])
        ),
        echo=any(links.read_message_id(name) for name in _local((letter.message_id,), ours)),
    )


def judge(letter: Letter, found: Named, tickets: dict[int, Known], ours: Ours, now: datetime) -> Judgement:
    """What becomes of the letter; `tickets` are those of `found` that the case book knows."""
    stopped = _stopped(letter, found, ours)
    if stopped:
        return stopped
    claim = _claim(found, tickets)
    if isinstance(claim, Judgement):
        return claim
    unheard = _unheard(letter, claim, ours, now)
    if unheard:
        return unheard
    return _answered(letter, claim, ours)


def _stopped(letter: Letter, found: Named, ours: Ours) -> Judgement | None:
    """What no person wrote."""
    if letter.returned:
        if found.deliveries:
            return Judgement(verdict=Verdict.BOUNCE, because=letter.returned.words)
        if found.threads:
            return _set_aside("Eine unserer E-Mails kam zurück, aber nicht an ihre Rücksendeadresse.")
        return Judgement(verdict=Verdict.STOPPED, because="Eine E-Mail kam zurück, die nicht von uns war.")
    why = letter.machine
    if letter.sender == ours.address or _tag(letter.sender, ours.address):
        why = "Sie kommt von unserer eigenen Adresse."
    if found.echo:
        why = "Es ist eine unserer eigenen E-Mails."
    return Judgement(verdict=Verdict.STOPPED, because=why) if why else None


def _claim(found: Named, tickets: dict[int, Known]) -> "_Claim | Judgement":
    """The one ticket and department its token proves; else why a person must look."""
    proven_ = {
        (ticket, department)
        for ticket, token in found.tickets.items()
        for department in (tickets[ticket].asked if ticket in tickets else ())
        if links.check_mail_token(ticket, department, token)
    }
    if len(proven_) < len(found.tickets):
        return _set_aside("Der Schlüssel in der Adresse stimmt nicht.")
    about = {ticket for ticket, _ in proven_} | (found.threads & set(tickets))
    if len(about) > 1:
        return _set_aside("Adresse und Bezug nennen verschiedene Anliegen.")
    if not about:
        return _set_aside("Sie nennt kein einzelnes Anliegen von uns.")
    (ticket,) = about
    if not proven_:
        return _set_aside("Sie ging nicht an die Antwortadresse des Anliegens.", ticket_id=ticket)
    return _Claim(ticket, next(iter(proven_))[1], tickets[ticket])


def _unheard(letter: Letter, claim: _Claim, ours: Ours, now: datetime) -> Judgement | None:
    """Why nobody may act on a letter with a true token."""
    told = {"ticket_id": claim.ticket_id, "department": claim.department}
    forwarded = _FORWARDED.match(letter.subject) is not None
    if not _listed(letter.sender, ours.senders.get(claim.department, ())):
        how = "Weitergeleitet von" if forwarded else "Der Absender ist"
        return _set_aside(f"{how} {letter.sender or 'unlesbar'}, nicht beim Amt hinterlegt.", **told)
    if ours.authserv and proven(letter.sender, letter.proofs, ours.authserv) is Proof.FAIL:
        return _set_aside("Der Mailserver hält den Absender für gefälscht.", **told)
    why = ""
    if forwarded:
        why = "Eine Weiterleitung ist keine Antwort."
    elif claim.known.department != claim.department:
        why = "Das Anliegen liegt nicht mehr bei diesem Amt."
    elif claim.known.closed_at and now - claim.known.closed_at > timedelta(days=TOKEN_DAYS):
        why = f"Das Anliegen ist seit über {TOKEN_DAYS} Tagen abgeschlossen."
    return Judgement(verdict=Verdict.NOTE, because=why, **told) if why else None


def _answered(letter: Letter, claim: _Claim, ours: Ours) -> Judgement:
    """What a listed sender says, with a true token."""
    told = {"ticket_id": claim.ticket_id, "department": claim.department}
    answer = said(letter.words)
    if answer is None:
        why = "Freie Worte liest erst ein Mensch." if letter.words else "Es steht nichts Neues darin."
        return Judgement(verdict=Verdict.NOTE, because=why, words=letter.words, **told)
    told |= {"answer": answer.answer, "words": answer.words}
    if ours.authserv and proven(letter.sender, letter.proofs, ours.authserv) is not Proof.PASS:
        why = "Der Mailserver bestätigt den Absender nicht."
        return Judgement(verdict=Verdict.CONFIRM, because=why, **told)
    return Judgement(verdict=Verdict.APPLIED, because="Schlüssel und Absender stimmen.", **told)


def _set_aside(because: str, **more: object) -> Judgement:
    return Judgement(verdict=Verdict.QUARANTINED, because=because, **more)


def _listed(sender: str, senders: tuple[str, ...]) -> bool:
    return bool(sender) and (sender in senders or f"@{sender.rpartition('@')[2]}" in senders)


def _tag(address: str, ours: str) -> str:
    """What stands between the plus and the domain in an address of ours."""
    local, _, domain = ours.partition("@")
    name, _, theirs = address.rpartition("@")
    return name.removeprefix(f"{local}+") if theirs == domain and name.startswith(f"{local}+") else ""


def _local(names: tuple[str, ...], ours: Ours) -> list[str]:
    """The local parts of those names that mails of ours may have."""
    ending = f"@{ours.address.partition('@')[2]}"
    return [name[: -len(ending)] for name in names if name.lower().endswith(ending)]

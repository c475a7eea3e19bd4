"""Read: find out what a mail to the city's address says about which ticket, and do it where that is safe."""

from collections.abc import Iterable

from bridge import links, photos
from bridge.answers import ANSWERS
from bridge.delivery import send_notice
from bridge.domain import PermanentError, Step, TemporaryError, UnknownOutcomeError, Verdict
from bridge.letters import Judgement, Known, Letter, Named, Ours, judge, named, parse
from bridge.settings import settings
from bridge.tickets import search, switches
from bridge.tickets.book import deliveries, letters
from bridge.tickets.book.letters import Outcome
from bridge.tickets.claims import Claim
from bridge.tickets.types import utcnow
from workers.ground import city, drain, log


def run() -> None:
    """Read every letter that is due."""
    drain(Step.READ, work, batch=10, give_up=letters.give_up)


def work(claim: Claim) -> Iterable[Step]:
    """Read one letter."""
    letter, ours = parse(letters.raw(claim)), _ours()
    found = named(letter, ours)
    seen = letters.tickets({*found.tickets, *found.threads})
    known = {ticket: Known(**each.model_dump()) for ticket, each in seen.items()}
    judged = judge(letter, found, known, ours, utcnow())
    if letter.returned and judged.verdict is Verdict.BOUNCE:
        _bounce(letter, found)
    may_ask = letters.decide(claim, _outcome(letter, judged))
    if may_ask and not switches.paused_by():
        _ask(judged)
    return Step.UPDATE, Step.NOTIFY


def _ours() -> Ours:
    senders = {
        slug: tuple(sender.lower() for sender in office.senders or (office.address,))
        for slug, office in city().departments.items()
    }
    return Ours(address=city().file.mail_from.lower(), authserv=settings().mail_authserv, senders=senders)


def _bounce(letter: Letter, found: Named) -> None:
    assert letter.returned
    for delivery in sorted(found.deliveries):
        deliveries.bounced(delivery, permanent=letter.returned.permanent, words=letter.returned.words)


def _outcome(letter: Letter, judged: Judgement) -> Outcome:
    """What is written; pictures are kept only where the token is true."""
    applied = judged.verdict is Verdict.APPLIED
    pictures = letter.pictures if judged.department else ()
    return Outcome(
        **judged.model_dump(exclude={"words"}),
        sender=letter.sender,
        subject=letter.subject,
        words=letter.words,
        status=ANSWERS[judged.answer].status if applied else None,
        said=judged.words,
        files=tuple(photos.keep(picture.content, settings().photo_folder) for picture in pictures),
    )


def _ask(judged: Judgement) -> None:
    """Ask the office at its own address to confirm; staff see the letter with or without that mail."""
    assert judged.ticket_id
    assert judged.department
    case, answer = search.case(judged.ticket_id), ANSWERS[judged.answer]
    assert case
    try:
        send_notice(
            settings(),
            city().file.mail_from,
            city().departments[judged.department].address,
            subject=f"[{case.reference}] Bitte bestätigen Sie: {answer.label}",
            lines=[
                f"Zum Anliegen {case.reference} bei Ihnen kam eine E-Mail mit der Antwort „{answer.label}“.",
                "Ob sie von Ihnen ist, können wir nicht sicher erkennen. War sie von Ihnen, bestätigen Sie "
                "sie bitte auf dieser Seite. Sonst müssen Sie nichts tun.",
            ],
            url=links.answer_url(judged.ticket_id, judged.department, judged.answer),
        )
    except (PermanentError, TemporaryError, UnknownOutcomeError) as error:
        log.warning("nobody asked to confirm", ticket=judged.ticket_id, error=str(error))

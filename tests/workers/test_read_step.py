"""A mail that came in takes effect, waits for a person or is stopped, and leaves nothing half done."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bridge import links, photos
from bridge.domain import PermanentError, Step, TemporaryError, TicketStatus, Verdict
from bridge.letters import mailbox
from bridge.settings import settings
from bridge.tickets import claims, letterbox, switches
from bridge.tickets.book import attachments, chores, letters
from bridge.tickets.session import reading
from bridge.tickets.tables import DeliveryRow, LetterRow, UpdatePhotoRow
from bridge.tickets.types import utcnow
from tests.factories import FILES
from tests.letters.writing import CITY, OFFICE, bounced, mail, photo, reply_address
from tests.workers.scripted import Town, change_city
from workers import collect, read


@pytest.fixture
def handed_over(town: Town) -> Town:
    town.write("Ampel aus")
    town.settle()
    assert town.case().status is TicketStatus.DELIVERED
    return town


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Who is asked to confirm an answer, where the mail server proves senders and did not prove this one."""
    monkeypatch.setenv("BRIDGE_MAIL_AUTHSERV", "mx.musterstadt.example")
    settings.cache_clear()
    sent: list[str] = []
    monkeypatch.setattr(read, "send_notice", lambda _settings, _sender, to, **_: sent.append(to))
    return sent


def arrive(town: Town, raw: bytes) -> None:
    assert letters.store(raw)
    read.run()
    town.flow()


def rows() -> list[LetterRow]:
    with reading() as session:
        return list(session.exec(select(LetterRow).order_by(LetterRow.id)).all())


def test_an_answer_takes_effect_with_its_pictures(handed_over: Town) -> None:
    arrive(handed_over, mail("erledigt", pictures=(photo(),)))
    assert handed_over.case().status is TicketStatus.RESOLVED
    with reading() as session:
        (kept,) = session.exec(select(UpdatePhotoRow)).all()
    assert (settings().photo_folder / kept.file).read_bytes() == photos.clean(photo())
    assert kept.file in attachments.files()


def test_the_words_of_a_mail_wait_even_where_the_office_speaks_directly(town: Town, tmp_path: Path) -> None:
    change_city(
        tmp_path,
        departments=FILES["departments.yaml"].replace(
            "tiefbau@musterstadt.example}", "tiefbau@musterstadt.example, speaks: directly}"
        ),
    )
    town.write("Ampel aus")
    town.settle()
    arrive(town, mail("Erledigt. Der Mast ist neu."))
    assert town.case().status is TicketStatus.RESOLVED
    assert not [text for text in town.said if "Mast" in text]
    assert [reply.text for reply in town.case().replies if "Mast" in reply.text]


def test_the_same_mail_is_one_answer(handed_over: Town) -> None:
    arrive(handed_over, mail("in Arbeit"))
    assert letters.store(mail("in Arbeit")) is False
    assert len(rows()) == 1


def test_free_words_bring_the_ticket_before_staff(handed_over: Town) -> None:
    arrive(handed_over, mail("Wir waren da, niemand hat geöffnet.", pictures=(photo(),)))
    assert handed_over.case().status is TicketStatus.DELIVERED
    assert handed_over.case().news_at
    (letter,) = letterbox.waiting()
    assert (letter.reference, len(letter.files)) == (handed_over.case().reference, 1)


def test_pictures_of_strangers_are_not_kept(handed_over: Town) -> None:
    arrive(handed_over, mail(sender="wer@anderswo.example", to=CITY, pictures=(photo(),)))
    assert rows()[0].files == []
    assert rows()[0].verdict is Verdict.QUARANTINED


@pytest.mark.parametrize(
    ("status", "state"), [("5.1.1", TicketStatus.UNDELIVERABLE), ("4.2.2", TicketStatus.DELIVERED)]
)
def test_a_bounce_is_told_to_the_hand_over_it_is_about(
    handed_over: Town, status: str, state: TicketStatus
) -> None:
    arrive(handed_over, bounced(links.bounce_address(CITY, 1), status))
    with reading() as session:
        (delivery_,) = session.exec(select(DeliveryRow)).all()
    assert "550" in delivery_.bounce
    assert handed_over.case().status is state
    assert rows()[0].verdict is Verdict.BOUNCE


def test_an_office_is_asked_once_a_day_and_ticket(handed_over: Town, asked: list[str]) -> None:
    for number in range(3):
        arrive(handed_over, mail("erledigt", subject=f"AW: {number}"))
    assert asked == [OFFICE]
    handed_over.clock.shift(timedelta(days=1, seconds=1))
    arrive(handed_over, mail("erledigt", subject="AW: morgen"))
    assert asked == [OFFICE, OFFICE]
    assert {letter.verdict for letter in letterbox.waiting()} == {Verdict.CONFIRM}


def test_an_office_is_not_asked_more_than_twenty_times_a_day(town: Town, asked: list[str]) -> None:
    for number in range(1, 23):
        town.write(f"Ampel {number}", id=str(number), conversation_id=str(number))
        town.settle()
        arrive(town, mail("erledigt", to=reply_address(number)))
    assert len(asked) == letters.MOST_ASKED


def test_nobody_is_asked_while_everything_outgoing_is_paused(handed_over: Town, asked: list[str]) -> None:
    switches.pause("staff:vera")
    arrive(handed_over, mail("erledigt"))
    assert asked == []
    assert [letter.verdict for letter in letterbox.waiting()] == [Verdict.CONFIRM]


@pytest.mark.parametrize("error", [TemporaryError("away"), PermanentError("refused")])
def test_a_mail_that_cannot_be_sent_holds_nothing_up(
    handed_over: Town, asked: list[str], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(read, "send_notice", fail)
    arrive(handed_over, mail("erledigt"))
    assert [letter.verdict for letter in letterbox.waiting()] == [Verdict.CONFIRM]


def test_a_letter_nobody_can_read_waits_for_a_person(
    handed_over: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_raw: bytes) -> None:
        raise KeyError("x")

    monkeypatch.setattr(read, "parse", fail)
    assert letters.store(mail())
    for _ in range(6):
        read.run()
        handed_over.clock.shift(700)
    (letter,) = letterbox.waiting()
    assert letter.because == "Sie lässt sich nicht lesen."


def test_the_mailbox_is_visited_every_half_minute_where_there_is_one(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    chores.ensure()
    assert Step.COLLECT not in claims.due_steps()
    monkeypatch.setenv("IMAP_HOST", "imap.musterstadt.example")
    settings.cache_clear()
    visits: list[bytes] = []
    answers = [TemporaryError("mailbox imap.musterstadt.example: away"), True, False]

    def visit(_settings: object, _keep: object) -> bool:
        visits.append(b"")
        answer = answers[min(len(visits), 3) - 1]
        if isinstance(answer, Exception):
            raise answer
        return bool(answer)

    monkeypatch.setattr(mailbox, "collect", visit)
    chores.ensure()
    collect.run()
    assert letterbox.mailbox_error() == "mailbox imap.musterstadt.example: away"
    town.clock.shift(2)
    collect.run()
    assert (len(visits), letterbox.mailbox_error()) == (3, "")
    town.clock.shift(29)
    collect.run()
    assert len(visits) == 3
    town.clock.shift(2)
    collect.run()
    assert len(visits) == 4
    monkeypatch.setenv("IMAP_HOST", "")
    settings.cache_clear()
    town.clock.shift(31)
    collect.run()
    assert Step.COLLECT not in claims.due_steps()
    assert len(visits) == 4


def test_old_letters_are_forgotten_and_those_of_a_ticket_keep_their_words(handed_over: Town) -> None:
    arrive(handed_over, mail("erledigt"))
    arrive(handed_over, mail("Guten Tag", sender="wer@anderswo.example", to=CITY))
    handed_over.clock.shift(timedelta(days=31))
    letters.sweep(utcnow() - timedelta(days=30))
    ours, strangers = rows()
    assert (ours.raw, ours.words, ours.sender) == (b"", "erledigt", OFFICE)
    assert (strangers.raw, strangers.words, strangers.sender) == (b"", "", "")
    assert letterbox.waiting() == []

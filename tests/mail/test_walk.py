"""An office answers by plain mail, through a real SMTP and IMAP server, and the citizen's thread shows it."""

from pathlib import Path

import pytest
from imap_tools.mailbox import BaseMailBox
from sqlmodel import select

from bridge.domain import Cause, SendState, TemporaryError, TicketStatus, Verdict
from bridge.letters import mailbox
from bridge.settings import settings
from bridge.tickets import letterbox
from bridge.tickets.book import desk, letters
from bridge.tickets.session import reading
from bridge.tickets.tables import UpdatePhotoRow
from tests.factories import FILES
from tests.letters.writing import MACHINES, photo
from tests.mail.post import PostTown, answered
from tests.mail.servers import ANYBODY, PASSWORD, wait_until
from tests.workers.scripted import Killed, change_city


def test_a_plain_mail_settles_the_ticket_and_the_citizen_reads_it(post: PostTown) -> None:
    got = post.report()
    post.answer(got, "Hallo,\nerledigt. Der Schaltkasten ist neu.", pictures=(photo(),))
    case = post.town.case()
    assert case.status is TicketStatus.RESOLVED
    assert "erledigt" in post.town.said[-1]
    assert "Schaltkasten" not in " ".join(post.town.said)
    (waiting,) = [reply for reply in case.replies if reply.state is SendState.NEEDS_DECISION]
    assert waiting.cause is Cause.STAFF
    desk.release_reply(waiting.id, "staff:vera", waiting.text)
    post.town.flow()
    assert "Der Schaltkasten ist neu." in post.town.said[-1]
    assert "Tiefbauamt" not in post.town.said[-1].partition("Schaltkasten")[2]
    with reading() as session:
        assert len(session.exec(select(UpdatePhotoRow)).all()) == 1


def test_the_mailbox_is_emptied_and_nothing_is_read_twice(post: PostTown) -> None:
    got = post.report()
    post.answer(got, "in Arbeit")
    assert (post.servers.in_city(), post.verdicts) == (0, [Verdict.APPLIED])
    post.flow()
    assert post.verdicts == [Verdict.APPLIED]
    assert post.town.case().status is TicketStatus.IN_PROGRESS


def test_free_words_wait_for_the_desk_where_one_press_takes_them(post: PostTown) -> None:
    post.answer(post.report(), "Der Mast steht wieder.")
    assert post.town.case().status is TicketStatus.DELIVERED
    (letter,) = letterbox.waiting()
    assert (letter.words, letter.verdict) == ("Der Mast steht wieder.", Verdict.NOTE)
    letters.apply(letter.id, "staff:vera", "done", TicketStatus.RESOLVED, letter.words)
    post.town.flow()
    assert post.town.case().status is TicketStatus.RESOLVED
    assert letterbox.waiting() == []


def test_an_absence_is_stopped(post: PostTown) -> None:
    got = post.report()
    heads = MACHINES["an automatic reply"]
    post.answer(got, "erledigt, ich bin im Urlaub", heads=heads)
    post.answer(got, "erledigt", subject="Automatische Antwort: Ampel")
    assert post.verdicts == [Verdict.STOPPED, Verdict.STOPPED]
    assert post.town.case().status is TicketStatus.DELIVERED


def test_a_mail_that_comes_back_is_shown_to_staff(post: PostTown, tmp_path: Path) -> None:
    change_city(tmp_path, departments=FILES["departments.yaml"].replace("tiefbau@", "weg@"))
    post.town.write("Ampel aus")
    post.town.settle()
    wait_until(lambda: post.servers.in_city() == 1)
    post.flow()
    assert post.verdicts == [Verdict.BOUNCE]
    assert post.town.case().status is TicketStatus.UNDELIVERABLE
    assert letterbox.waiting() == []


def test_a_foreign_sender_changes_nothing(post: PostTown) -> None:
    post.answer(post.report(), "erledigt", sender="wer@anderswo.example", server=ANYBODY)
    assert post.verdicts == [Verdict.QUARANTINED]
    assert post.town.case().status is TicketStatus.DELIVERED
    assert [letter.reference for letter in letterbox.waiting()] == [post.town.case().reference]


def test_a_forged_token_changes_nothing(post: PostTown) -> None:
    post.answer(post.report(), "erledigt", to=f"melder+1.{'a' * 16}@musterstadt.example")
    assert post.verdicts == [Verdict.QUARANTINED]
    assert post.town.case().status is TicketStatus.DELIVERED


def test_a_german_forward_waits_for_a_person(post: PostTown) -> None:
    got = post.report()
    post.answer(got, "erledigt", sender="kollege@anderswo.example", subject=f"WG: {got['Subject']}")
    post.answer(got, "erledigt", subject=f"WG: {got['Subject']}")
    assert post.verdicts == [Verdict.QUARANTINED, Verdict.NOTE]
    assert post.town.case().status is TicketStatus.DELIVERED


def test_an_unproven_answer_is_confirmed_by_the_office_at_its_own_address(post: PostTown) -> None:
    got = post.report()
    post.answer(got, "erledigt", envelope="bote@unterwegs.example", server=ANYBODY)
    assert post.verdicts == [Verdict.CONFIRM]
    assert post.town.case().status is TicketStatus.DELIVERED
    wait_until(lambda: len(post.servers.at_offices()) == 2)
    asked = post.servers.at_offices()[-1]
    assert asked["To"] == "tiefbau@musterstadt.example"
    assert "/amt/" in asked.get_content()
    assert "antwort=done" in asked.get_content()


def test_a_mailbox_that_refuses_us_is_asked_again(post: PostTown, monkeypatch: pytest.MonkeyPatch) -> None:
    got = post.report()
    monkeypatch.setenv("IMAP_PASSWORD", "falsch")
    settings.cache_clear()
    post.answer(got, "erledigt")
    assert (post.servers.in_city(), post.verdicts) == (1, [])
    monkeypatch.setenv("IMAP_PASSWORD", PASSWORD)
    settings.cache_clear()
    post.flow()
    assert post.town.case().status is TicketStatus.RESOLVED


def test_a_kill_between_keeping_and_moving_costs_no_mail_and_doubles_none(
    post: PostTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    got = post.report()
    with monkeypatch.context() as patched:
        patched.setattr(BaseMailBox, "move", killed)
        with pytest.raises(Killed):
            post.answer(got, "erledigt")
    assert (post.servers.in_city(), post.verdicts) == (1, [None])
    post.town.clock.shift(61)
    post.flow()
    assert (post.servers.in_city(), post.verdicts) == (0, [Verdict.APPLIED])


def killed(*_: object) -> None:
    raise Killed


@pytest.mark.parametrize(
    ("name", "value"), [("IMAP_SECURITY", "tls"), ("IMAP_PORT", "1"), ("IMAP_FOLDER", "Gibt es nicht")]
)
def test_trouble_with_the_server_is_temporary_and_told(
    post: PostTown, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    settings.cache_clear()
    with pytest.raises(TemporaryError, match=r"mailbox 127\.0\.0\.1: "):
        mailbox.collect(settings(), lambda raw: None)


def test_of_a_mail_above_the_bound_the_words_are_read(post: PostTown) -> None:
    got = post.report()
    raw, to = answered(got, "erledigt")
    large = raw + b"x" * 99 + (b"\r\n" + b"x" * 998) * 6000
    post.servers.send(large, to)
    post.flow()
    assert len(large) > 5_900_000
    assert post.town.case().status is TicketStatus.RESOLVED

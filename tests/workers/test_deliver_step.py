"""The department gets all it needs, perhaps twice under one identity, or staff see that it got nothing."""

import pytest

from bridge.delivery import Channel
from bridge.domain import (
    Attachment,
    PermanentError,
    SendState,
    TemporaryError,
    TicketStatus,
    UnknownOutcomeError,
)
from bridge.fetch import Fetched
from bridge.settings import settings
from bridge.tickets.tables import AttachmentRow, DeliveryRow, TicketRow
from tests.tickets import story
from tests.workers.scripted import Killed, Town
from workers import deliver, fetch

PICTURE = Attachment(url="https://marktplatz.example/1.jpg", description="die Ampel")


def test_the_hand_over_names_place_words_links_and_map(town: Town) -> None:
    town.write("Ampel aus")
    town.settle()
    (mail,) = town.script.mails
    assert (mail.department_name, mail.address) == ("Tiefbauamt", "tiefbau@musterstadt.example")
    assert (mail.category_name, mail.text, mail.map_png) == ("Ampel defekt", "Ampel aus", b"a map")
    assert mail.location
    assert {link.answer for link in mail.links} == {
        "accept",
        "in_progress",
        "scheduled",
        "done",
        "ask",
        "not_ours",
    }
    assert all(link.url.startswith(settings().public_url) for link in mail.links)
    assert "ada@" not in mail.model_dump_json()


def test_the_photo_goes_with_it_as_soon_as_it_is_here(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "fetch", lambda *_, **__: Fetched(content=b"raw", content_type="image/jpeg"))
    monkeypatch.setattr(fetch.photos, "clean", lambda content: content + b" cleaned")
    town.write("Ampel aus", attachments=(PICTURE,))
    town.settle()
    assert town.script.mails == []
    fetch.run()
    town.flow(2)
    (photo,) = town.script.mails[0].photos
    assert (photo.name, photo.content, photo.description) == ("foto-1.jpg", b"raw cleaned", "die Ampel")


@pytest.mark.parametrize("trouble", [PermanentError("not a picture"), TemporaryError("away")])
def test_a_picture_that_cannot_be_had_holds_up_nothing_for_long(
    town: Town, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    def fail(*_: object, **__: object) -> Fetched:
        raise trouble

    monkeypatch.setattr(fetch, "fetch", fail)
    town.write("Ampel aus", attachments=(PICTURE,))
    town.settle()
    for _ in range(6):
        fetch.run()
        town.clock.shift(17)
    town.flow()
    assert [mail.photos for mail in town.script.mails] == [()]
    assert story.rows(AttachmentRow)[0].error == str(trouble)


def test_a_picture_lost_from_the_disk_does_not_stop_the_hand_over(town: Town) -> None:
    town.write("Ampel aus", attachments=(PICTURE,))
    town.flow()
    story.change(AttachmentRow, 1, file="lost.jpg", step=None)
    town.flow(11)
    assert [mail.photos for mail in town.script.mails] == [()]


def test_trouble_with_the_mail_server_is_waited_out_by_plan(town: Town) -> None:
    town.script.mail_faults.extend([TemporaryError("away"), UnknownOutcomeError("time-out"), OSError("bug")])
    town.write("Ampel aus")
    town.settle()
    for seconds in (*Channel.retry_seconds[:3], 5):
        town.flow(seconds + 1)
    assert town.case().status is TicketStatus.DELIVERED
    assert len({mail.message_id for mail in town.script.mails}) == 1
    assert 3 <= len(town.script.mails) <= 4


def test_an_address_that_refuses_is_undeliverable_at_once(town: Town) -> None:
    town.script.mail_faults.append(PermanentError("550 no such mailbox"))
    town.write("Ampel aus")
    town.settle()
    case = town.case()
    assert (case.status, case.deliveries[0].state) == (TicketStatus.UNDELIVERABLE, SendState.NEEDS_DECISION)
    assert case.changes[-1].words == "550 no such mailbox"


def test_a_worker_killed_while_sending_sends_the_same_again(town: Town) -> None:
    town.script.mail_faults.append(Killed())
    town.write("Ampel aus")
    town.flow()
    town.clock.shift(11)
    with pytest.raises(Killed):
        deliver.run()
    town.flow(61)
    assert len(town.script.mails) == 2
    assert len({mail.message_id for mail in town.script.mails}) == 1
    assert [row.state for row in story.rows(DeliveryRow)] == [SendState.SENT]


def test_a_department_that_is_gone_from_the_list_is_a_named_failure(town: Town) -> None:
    town.write("Ampel aus")
    town.flow()
    story.change(TicketRow, 1, department="gone")
    story.change(DeliveryRow, 1, department="gone")
    town.flow(11)
    assert town.case().status is TicketStatus.UNDELIVERABLE
    assert "departments.yaml" in town.case().deliveries[0].error

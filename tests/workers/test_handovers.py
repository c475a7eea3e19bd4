"""What a department is told: what changed first, in one thread, and nothing personal outside of the city."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from bridge import links
from bridge.delivery import Channel
from bridge.domain import Attachment, Receipt, SendState, TemporaryError, TicketStatus
from bridge.settings import settings
from bridge.tickets.book import desk, updates
from bridge.tickets.book.deliveries import Task
from bridge.tickets.tables import AttachmentRow, DeliveryRow, TicketRow
from bridge.tickets.views import Case
from tests.factories import FILES, make_location, make_understanding
from tests.tickets import story
from tests.workers.scripted import Town, change_city
from workers import deliver, open, receive, route, understand


@pytest.fixture
def by_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    """The city takes answers by mail."""
    monkeypatch.setenv("IMAP_HOST", "imap.musterstadt.example")
    settings.cache_clear()


def handed_over(town: Town, text: str = "Ampel aus") -> str:
    key = town.write(text)
    town.settle()
    return key


def test_a_correction_names_the_old_values(town: Town) -> None:
    handed_over(town)
    desk.correct(1, "staff:vera", category="road_damage")
    desk.correct(1, "staff:vera", location=make_location(label="Nordplatz"))
    town.flow(11)
    mail = town.script.mails[-1]
    assert [(each.what, each.before, each.now) for each in mail.changes] == [
        ("Kategorie", "Ampel defekt", "Straßenschaden"),
        ("Ort", "Hauptstraße / Ringstraße", "Nordplatz"),
    ]
    assert mail.revision == 2


def test_a_correction_tells_only_what_this_office_did_not_know(town: Town) -> None:
    handed_over(town)
    desk.correct(1, "staff:vera", location=make_location(label="Nordplatz"))
    town.flow(11)
    desk.correct(1, "staff:vera", location=make_location(label="Südplatz"))
    town.flow(11)
    assert [(each.before, each.now) for each in town.script.mails[-1].changes] == [("Nordplatz", "Südplatz")]


def meanwhile(monkeypatch: pytest.MonkeyPatch, town: Town, happens: Callable[[], object]) -> None:
    """While the first mail is being sent, which takes three seconds, this happens."""
    send, clock = deliver._send, SimpleNamespace(monotonic=lambda: datetime.now(UTC).timestamp())

    def slowly(channel: Channel, task: Task, case: Case) -> Receipt:
        receipt = send(channel, task, case)
        if not task.revision:
            town.clock.shift(1)
            happens()
            town.clock.shift(2)
        return receipt

    monkeypatch.setattr(deliver, "time", clock)
    monkeypatch.setattr(deliver, "_send", slowly)


def test_a_correction_made_while_the_mail_was_being_sent_is_told(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, town, lambda: desk.correct(1, "staff:vera", category="road_damage"))
    handed_over(town)
    town.flow(1)
    first, second = town.script.mails
    assert (first.category, second.category, second.revision) == ("traffic_light", "road_damage", 1)
    assert [each.what for each in second.changes] == ["Kategorie"]


def test_words_that_came_while_the_mail_was_being_sent_are_told(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    vague = make_understanding(category=None, location=None, confidence=0)

    def add() -> None:
        town.write("Nordseite", vague, conversation_id="1", in_reply_to="1")
        for step in (receive, understand, open, route):
            step.run()

    meanwhile(monkeypatch, town, add)
    town.write("Ampel aus", id="1")
    town.settle()
    town.flow(11)
    assert [(mail.revision, mail.added) for mail in town.script.mails] == [(0, ""), (1, "Nordseite")]


def test_the_first_mail_to_the_next_office_is_no_correction(town: Town) -> None:
    handed_over(town)
    desk.correct(1, "staff:vera", department="cleaning")
    town.flow(11)
    desk.correct(1, "staff:vera", department="streets")
    town.flow(11)
    told = [(mail.department, mail.revision) for mail in town.script.mails]
    assert told == [("streets", 0), ("cleaning", 0), ("streets", 2)]


def test_what_was_corrected_before_it_left_leaves_once(town: Town) -> None:
    handed_over(town)
    town.script.mail_faults.append(TemporaryError("no mail server"))
    desk.correct(1, "staff:vera", department="cleaning")
    town.flow(11)
    desk.correct(1, "staff:vera", location=make_location(label="Nordplatz"))
    for _ in range(3):
        town.flow(60)
    _, failed, sent = town.script.mails
    assert (failed.department, sent.department, sent.revision) == ("cleaning", "cleaning", 0)
    assert sent.location and sent.location.label == "Nordplatz"


def test_an_office_that_asked_is_told_what_the_citizen_added(town: Town) -> None:
    key = handed_over(town)
    updates.hear(
        1, "streets", "1", status=TicketStatus.NEEDS_INFO, words="Welche Seite?", actor="department:streets"
    )
    town.flow(1)
    (question,) = (reply for reply in town.case().replies if reply.state is SendState.NEEDS_DECISION)
    desk.release_reply(question.id, "staff:vera")
    town.flow(1)
    town.flow(20)
    exact = make_understanding(location=make_location(label="Nordplatz 1", confidence=1))
    town.write("Auf der Nordseite", exact, conversation_id=key, in_reply_to=key)
    town.flow(11)
    town.flow(11)
    mail = town.script.mails[-1]
    assert (mail.revision, mail.added) == (1, "Auf der Nordseite")
    assert [(each.before, each.now) for each in mail.changes] == [("Hauptstraße / Ringstraße", "Nordplatz 1")]
    assert mail.text == "Ampel aus\n\nAuf der Nordseite"


def test_all_mails_about_a_ticket_stand_in_one_thread(town: Town) -> None:
    handed_over(town)
    for label in ("Nordplatz", "Südplatz"):
        desk.correct(1, "staff:vera", location=make_location(label=label))
        town.flow(11)
    first, second, third = town.script.mails
    assert first.references == ()
    assert third.references == (first.message_id, second.message_id)
    assert [links.read_message_id(mail.message_id) for mail in town.script.mails] == [1, 1, 1]


def test_without_a_mailbox_of_ours_nobody_is_asked_to_answer_by_mail(town: Town) -> None:
    handed_over(town)
    assert (town.script.mails[0].reply_to, town.script.mails[0].envelope_sender) == ("", "")


@pytest.mark.usefixtures("by_mail")
def test_the_addresses_in_a_mail_prove_ticket_and_hand_over(town: Town) -> None:
    handed_over(town)
    mail = town.script.mails[0]
    assert mail.reply_to == links.answer_address("melder@musterstadt.example", 1, "streets")
    assert mail.envelope_sender == links.bounce_address("melder@musterstadt.example", 1)


@pytest.mark.usefixtures("by_mail")
def test_an_alarm_and_a_copy_ask_for_no_answer(town: Town) -> None:
    handed_over(town)
    for reason, department in (("alarm", "on_call"), ("copy", "cleaning")):
        changed = {"reason": reason, "department": department, "state": SendState.PENDING, "step": "deliver"}
        story.change(DeliveryRow, 1, **changed)
        town.flow(1)
        mail = town.script.mails[-1]
        assert (mail.reason, mail.reply_to, mail.links) == (reason, "", ())


TEXT = "Frau Muster, Tel. 0341 0000000, steht mit L-XX 0 am 3.7. vor der Ampel"
OUTSIDE = FILES["departments.yaml"].replace("streets: {", "streets: {outside: true, ")
TRACKER = FILES["departments.yaml"].replace("streets: {", "streets: {channel: open311, ")
GROUND = FILES["rules.yaml"].replace(
    "    because: Das Tiefbauamt", "    ground: Vertrag\n    because: Das Tiefbauamt"
)


@pytest.mark.parametrize(
    ("office", "rules", "whole"),
    [(OUTSIDE, "", False), (OUTSIDE, GROUND, True), ("", "", True), (TRACKER, GROUND, False)],
)
def test_nothing_personal_leaves_the_city_without_a_ground(
    town: Town, tmp_path: Path, office: str, rules: str, whole: bool
) -> None:
    changed = {"departments": office or FILES["departments.yaml"], "rules": rules or FILES["rules.yaml"]}
    change_city(tmp_path, **changed)
    town.write(TEXT, attachments=(Attachment(url="https://marktplatz.example/1.jpg"),))
    town.flow()
    folder = settings().data_folder / "photos"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "a.jpg").write_bytes(b"a picture")
    story.change(AttachmentRow, 1, file="a.jpg", step=None)
    town.flow(11)
    mail = town.script.mails[0]
    assert len(mail.photos) == whole
    assert (TEXT in mail.text) is whole
    if not whole:
        assert mail.left_out == ("Fotos", "persönliche Angaben im Text")
        assert not {"Muster", "0341", "L-XX"} & set(mail.text.replace(",", " ").split())
        assert "am 3.7. vor der Ampel" in mail.text


def test_a_person_who_chooses_an_office_outside_names_no_ground(town: Town, tmp_path: Path) -> None:
    change_city(tmp_path, departments=OUTSIDE, rules=GROUND)
    town.write(TEXT)
    town.flow()
    story.change(TicketRow, 1, fixed_department="streets", rule="staff")
    town.flow(11)
    assert "0341" not in town.script.mails[0].text


@pytest.mark.parametrize(("ground", "whole"), [("", False), ("    ground: Vertrag\n", True)])
def test_a_ground_holds_for_the_copies_of_its_rule_as_well(
    town: Town, tmp_path: Path, ground: str, whole: bool
) -> None:
    copied = f"    send_to: streets\n    copies: cleaning\n{ground}"
    change_city(
        tmp_path,
        departments=FILES["departments.yaml"].replace("cleaning: {", "cleaning: {outside: true, "),
        rules=FILES["rules.yaml"].replace("    send_to: streets\n", copied),
    )
    handed_over(town, TEXT)
    asked, copy = town.script.mails
    assert asked.text == TEXT
    assert (copy.reason, copy.text == TEXT) == ("copy", whole)

"""What becomes of a ticket: handed over, asked back, held, or alarmed."""

from pathlib import Path

import pytest

from bridge.domain import (
    Author,
    Cause,
    DecisionReason,
    Flag,
    Kind,
    SendState,
    TicketStatus,
    Understanding,
)
from bridge.tickets.book import desk
from bridge.tickets.tables import TicketRow
from tests.factories import FILES, make_location, make_understanding
from tests.tickets import story
from tests.workers.scripted import Town, change_city
from workers import open, receive, route, understand

PLACELESS = make_understanding(location=None)
EMERGENCY = make_understanding(kind=Kind.EMERGENCY, category=None, location=None)
S, R = TicketStatus, DecisionReason


def write_again(town: Town, text: str, meaning: Understanding = PLACELESS, seconds: float = 3600) -> None:
    """The reporter goes on in the thread, some time later."""
    town.clock.shift(seconds)
    town.write(text, meaning, conversation_id="1", in_reply_to="1")
    town.flow()


DECISIONS = [
    ("complete report", make_understanding(), S.ROUTED, None, "streets", ["ACK"], ["streets"]),
    ("no place", PLACELESS, S.NEEDS_INFO, None, "streets", ["QUESTION"], []),
    (
        "untrusted place",
        make_understanding(location=make_location(confidence=0.3)),
        S.NEEDS_INFO,
        None,
        "streets",
        ["QUESTION"],
        [],
    ),
    (
        "needs no place",
        make_understanding(category="noise", location=None),
        S.ROUTED,
        None,
        "press",
        ["ACK"],
        [],
    ),
    (
        "low confidence",
        make_understanding(confidence=0.4),
        S.NEEDS_DECISION,
        R.UNCLEAR,
        "streets",
        ["ACK"],
        [],
    ),
    ("no category", make_understanding(category=None), S.NEEDS_DECISION, R.UNCLEAR, "press", ["ACK"], []),
    (
        "outside",
        make_understanding(location=None, flags=(Flag.OUTSIDE_CITY,)),
        S.NEEDS_DECISION,
        R.UNCLEAR,
        "streets",
        ["ACK"],
        [],
    ),
    (
        "outside named, place in town",
        make_understanding(flags=(Flag.OUTSIDE_CITY,)),
        S.ROUTED,
        None,
        "streets",
        ["ACK"],
        ["streets"],
    ),
    ("question", make_understanding(kind=Kind.QUESTION), S.ROUTED, None, "streets", ["ACK"], ["streets"]),
    (
        "question for nobody",
        make_understanding(kind=Kind.QUESTION, category=None, location=None),
        S.ROUTED,
        None,
        "press",
        ["ACK"],
        [],
    ),
    (
        "feedback",
        make_understanding(kind=Kind.FEEDBACK, category=None, location=None),
        S.ROUTED,
        None,
        "press",
        ["ACK"],
        [],
    ),
    ("emergency", EMERGENCY, S.NEEDS_DECISION, R.HELD, "press", ["EMERGENCY"], ["on_call"]),
]
SHORT = {"ACK": Cause.ACKNOWLEDGEMENT, "QUESTION": Cause.QUESTION, "EMERGENCY": Cause.EMERGENCY}


@pytest.mark.parametrize(
    ("meaning", "status", "reason", "department", "causes", "parcels"),
    [row[1:] for row in DECISIONS],
    ids=[row[0] for row in DECISIONS],
)
def test_every_ticket_gets_its_decision(
    town: Town,
    meaning: Understanding,
    status: S,
    reason: R | None,
    department: str,
    causes: list[str],
    parcels: list[str],
) -> None:
    town.write("Hallo", meaning)
    town.flow()
    case = town.case()
    assert (case.status, case.reason, case.department) == (status, reason, department)
    assert [reply.cause for reply in case.replies] == [SHORT[cause] for cause in causes]
    assert [delivery.department for delivery in case.deliveries] == parcels
    assert case.because
    assert len(town.said) == len(causes)


def test_a_hand_over_waits_for_the_join_window_and_carries_all_quick_messages(town: Town) -> None:
    town.write("Ampel aus")
    town.flow()
    assert town.script.mails == []
    town.clock.shift(5)
    town.write("und der Taster klemmt")
    town.flow(6)
    (mail,) = town.script.mails
    assert mail.text == "Ampel aus\n\nund der Taster klemmt"
    assert town.case().status is S.DELIVERED
    assert len(town.said) == 1
    assert town.case().reference in town.said[0]


def test_the_place_is_asked_for_twice_and_then_a_person_takes_over(town: Town) -> None:
    town.write("Ampel aus", PLACELESS, id="1")
    town.flow()
    write_again(town, "na dort drüben")
    assert [reply.cause for reply in town.case().replies] == [Cause.QUESTION, Cause.QUESTION]
    write_again(town, "weiß nicht")
    case = town.case()
    assert (case.status, case.reason, case.questions) == (S.NEEDS_DECISION, R.UNCLEAR, 2)
    write_again(town, "Hauptstraße/Ringstraße", make_understanding())
    assert town.case().status is S.NEEDS_DECISION
    assert [r.cause for r in town.case().replies].count(Cause.QUESTION) == 2


def test_an_answered_question_routes_the_ticket(town: Town) -> None:
    town.write("Ampel aus", PLACELESS, id="1")
    town.flow()
    write_again(town, "Hauptstraße/Ringstraße", make_understanding(category=None, confidence=0.2))
    case = town.case()
    assert case.status is S.DELIVERED
    assert [reply.cause for reply in case.replies] == [Cause.QUESTION, Cause.ACKNOWLEDGEMENT]


def test_a_second_quick_message_neither_asks_again_nor_drops_the_question(town: Town) -> None:
    for text in ("Ampel aus", "wirklich"):
        town.write(text, PLACELESS)
        for step in (receive, understand, open, route):
            step.run()
    town.flow()
    case = town.case()
    assert [(r.cause, r.state) for r in case.replies] == [(Cause.QUESTION, SendState.SENT)]
    assert (case.status, case.questions) == (S.NEEDS_INFO, 1)


@pytest.mark.parametrize("meaning", [make_understanding(), make_understanding(kind=Kind.QUESTION)])
def test_a_rule_may_hold_any_kind_for_a_person(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, meaning: Understanding
) -> None:
    held = FILES["rules.yaml"].replace("send_to: streets\n", "send_to: streets\n    hold: true\n")
    change_city(tmp_path, rules=held)
    town.write("Ampel aus", meaning)
    town.settle()
    case = town.case()
    assert (case.status, case.reason) == (S.NEEDS_DECISION, R.HELD)
    assert case.deliveries == ()


def test_staff_may_name_the_department_and_the_place_need_not_be_known(town: Town) -> None:
    town.write("Ampel aus", PLACELESS, id="1")
    town.flow()
    desk.correct(1, "staff:vera", department="cleaning")
    town.settle()
    case = town.case()
    assert (case.status, case.department, case.rule) == (S.DELIVERED, "cleaning", "staff")
    assert [mail.department for mail in town.script.mails] == ["cleaning"]
    assert "Stadtreinigung" in case.because


def test_a_correction_after_the_hand_over_tells_the_old_and_the_new_by_mail_once(town: Town) -> None:
    town.write("Ampel aus")
    town.settle()
    desk.correct(1, "staff:vera", category="road_damage")
    town.flow()
    first, second = town.script.mails
    assert (first.revision, second.revision) == (0, 1)
    assert second.in_reply_to == first.message_id
    assert len(town.said) == 1


def test_an_emergency_is_answered_at_once_and_alarms_on_call(town: Town) -> None:
    town.write("Hier brennt es", EMERGENCY)
    town.flow()
    assert "112" in town.said[0]
    (mail,) = town.script.mails
    assert (mail.address, mail.links) == ("notruf@leitstelle.example", ())
    assert [line.id for line in route.search.listing("now").lines] == [1]


@pytest.mark.parametrize("before", ["delivered", "named by staff", "closed", "held"])
def test_an_emergency_told_later_alarms_and_is_answered_although_all_was_acknowledged(
    town: Town, before: str
) -> None:
    meaning = make_understanding(confidence=0.1) if before == "held" else make_understanding()
    town.write("Ampel aus", meaning, id="1")
    town.settle()
    if before == "named by staff":
        desk.correct(1, "staff:vera", department="cleaning")
        town.flow()
    if before == "closed":
        story.change(TicketRow, 1, status=S.RESOLVED)
    write_again(town, "Jetzt brennt es!", EMERGENCY)
    case = town.case()
    assert (case.kind, case.status, case.reason) == (Kind.EMERGENCY, S.NEEDS_DECISION, R.HELD)
    assert "112" in town.said[-1]
    assert town.script.mails[-1].address == "notruf@leitstelle.example"
    desk.correct(1, "staff:vera", department="streets")
    town.flow()
    assert town.script.mails[-1].department == "streets"


def test_nobody_else_in_the_thread_is_answered(town: Town) -> None:
    town.write("Ampel aus", id="1")
    town.settle()
    ben = Author(external_id="8", handle="ben@marktplatz.example")
    for kind in Kind:
        text = f"Bei mir auch ({kind})"
        town.write(text, make_understanding(kind=kind), author=ben, conversation_id="1", in_reply_to="1")
    town.settle()
    assert len(town.said) == 1
    assert len(town.script.mails) == 1

"""What a rule says beside the department is carried out: copies, contacts, texts, secrecy, urgency."""

from pathlib import Path

import pytest

from bridge import delivery
from bridge.domain import Priority, SendState, TicketStatus
from bridge.tickets.book import desk
from tests.factories import FILES, make_understanding
from tests.workers.scripted import Town, change_city

S = TicketStatus
RULES, OFFICES = FILES["rules.yaml"], FILES["departments.yaml"]
CONTACT = OFFICES + "contacts:\n  railway: {name: Bahn AG, reach: 'https://bahn.example'}\n"


def route(town: Town, tmp_path: Path, then: str, departments: str = OFFICES) -> None:
    """A report comes to a rule that says this."""
    change_city(tmp_path, rules=RULES.replace("    send_to: streets\n", then), departments=departments)
    town.write("Ampel aus")
    town.settle()


def test_a_copy_informs_without_asking_and_never_moves_the_ticket(town: Town, tmp_path: Path) -> None:
    route(town, tmp_path, "    send_to: streets\n    copies: [cleaning, press]\n")
    asked, copy = town.script.mails
    assert (asked.department, asked.reason, bool(asked.links)) == ("streets", "routed", True)
    assert (copy.department, copy.reason, copy.links) == ("cleaning", "copy", ())
    assert town.case().department == "streets"
    assert {clock.department for clock in town.case().clocks} == {"streets"}


def test_a_private_matter_shows_no_place_in_public(town: Town, tmp_path: Path) -> None:
    route(town, tmp_path, "    send_to: streets\n    private: true\n    priority: high\n")
    assert "Hauptstraße" not in town.said[0]
    assert town.case().private
    assert town.case().priority is Priority.HIGH


def test_a_private_matter_stays_so_whoever_gets_it(town: Town, tmp_path: Path) -> None:
    change_city(
        tmp_path, rules=RULES.replace("    send_to: streets\n", "    send_to: streets\n    private: true\n")
    )
    town.write("Müll", make_understanding(category="illegal_dumping"))
    town.settle()
    assert not town.case().private
    desk.correct(1, "staff:vera", category="traffic_light", department="cleaning")
    town.settle()
    assert (town.case().private, town.case().department) == (True, "cleaning")


def test_where_the_city_does_not_act_the_citizen_is_told_who_does(town: Town, tmp_path: Path) -> None:
    route(town, tmp_path, "    tell: railway\n", CONTACT)
    case = town.case()
    assert case.status is S.REJECTED
    assert case.deliveries == ()
    assert "Zuständig ist hier: Bahn AG." in town.said[0]
    assert "https://bahn.example" in town.said[0]
    assert "Rückmeldung" not in town.said[0]


def test_a_contact_may_be_told_beside_a_department(town: Town, tmp_path: Path) -> None:
    route(town, tmp_path, "    tell: railway\n    send_to: streets\n", CONTACT)
    assert town.case().status is S.DELIVERED
    assert "Ansprechpartner dafür: Bahn AG, https://bahn.example." in town.said[0]


@pytest.mark.parametrize("named", ["storm", "unwritten"])
def test_a_rule_may_choose_the_acknowledgement(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    for code in ("de", "en"):
        texts = tmp_path / "musterstadt" / "texts" / f"{code}.yaml"
        own = texts.read_text(encoding="utf-8").replace(
            "named: {}", "named: {storm: {core: 'Sturm {reference}'}}"
        )
        monkeypatch.setattr("tests.factories.copytree", lambda *_, **__: None)
        texts.write_text(own, encoding="utf-8")
    route(town, tmp_path, f"    send_to: streets\n    reply: {named}\n")
    assert ("Sturm" in town.said[0]) is (named == "storm")
    assert town.case().reference in town.said[0]


def test_a_rule_may_choose_the_channel_for_its_own_department(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load, chosen = delivery.load, set()
    monkeypatch.setattr(delivery, "load", lambda name: chosen.add(name) or load(name))
    route(town, tmp_path, "    send_to: streets\n    channel: webhook\n    copies: cleaning\n")
    assert [mail.department for mail in town.script.mails] == ["streets", "cleaning"]
    assert chosen == {"webhook", "email"}


def test_areas_street_and_account_are_known_to_the_rules(town: Town, tmp_path: Path) -> None:
    first = """\
rules:
  - name: here
    when: {area: Nord, street: Hauptstraße, city_account: stadt}
    send_to: cleaning
    because: Hier kehrt die Stadtreinigung selbst.
    examples: [Hier]
"""
    change_city(tmp_path, rules=RULES.replace("rules:\n", first))
    town.write("Ampel aus", make_understanding())
    town.settle()
    assert town.case().rule == "here"
    assert [d.state for d in town.case().deliveries] == [SendState.SENT]


@pytest.mark.parametrize("chosen", [Priority.HIGH, Priority.LOW])
def test_what_a_person_calls_urgent_stays_so_where_the_rule_says_nothing(
    town: Town, chosen: Priority
) -> None:
    town.write("Ampel aus")
    town.settle()
    desk.correct(1, "staff:vera", priority=chosen)
    town.settle()
    assert town.case().priority is chosen
    assert town.script.mails[-1].priority is chosen


def test_what_a_rule_calls_urgent_is_so_only_while_that_rule_holds(town: Town, tmp_path: Path) -> None:
    route(town, tmp_path, "    send_to: streets\n    priority: high\n")
    assert town.case().priority is Priority.HIGH
    desk.correct(1, "staff:vera", category="illegal_dumping")
    town.settle()
    assert town.case().priority is Priority.NORMAL
    assert town.script.mails[-1].priority is Priority.NORMAL

"""What a department sends back goes on by rule, never in a ring, and a person sees it in the end."""

from pathlib import Path

import pytest

from bridge.domain import DecisionReason, SendState, TicketStatus
from bridge.tickets import search
from bridge.tickets.book import desk, updates
from tests.factories import FILES, make_understanding
from tests.workers.scripted import Town, change_city

S, R = TicketStatus, DecisionReason
OFFICES = FILES["departments.yaml"] + (
    "  lights: {name: Beleuchtung, address: licht@musterstadt.example}\n"
    "  parks: {name: Grünamt, address: gruen@musterstadt.example}\n"
)
AFTER = """\
  - name: lights
    when: {category: [traffic_light, noise]}
    send_to: lights
    because: Sonst kennt die Beleuchtung den Mast.
    examples: [Die Ampel am Mast ist aus]
  - name: parks
    when: {category: [traffic_light, other]}
    send_to: parks
    because: Sonst steht sie im Park.
    examples: [Die Ampel im Park ist aus]
  - name: cleaning
"""


def refuse(town: Town, by: str, words: str = "Das ist nicht unseres.") -> None:
    key = f"{by} {len(town.case().changes)}"
    updates.hear(1, by, key, status=S.NEEDS_DECISION, words=words, actor=f"department:{by}")
    town.flow()
    town.settle()


def give_out(town: Town, tmp_path: Path, **changed: str) -> None:
    """A report that three offices might act on is with the first of them."""
    rules = FILES["rules.yaml"].replace("  - name: cleaning\n", AFTER)
    change_city(tmp_path, departments=OFFICES, rules=rules, **changed)
    town.write("Ampel aus")
    town.settle()
    assert town.case().department == "streets"


def test_a_refused_ticket_goes_to_the_next_in_charge_at_most_twice(town: Town, tmp_path: Path) -> None:
    give_out(town, tmp_path)
    for by, following in (("streets", "lights"), ("lights", "parks")):
        refuse(town, by)
        case = town.case()
        assert (case.status, case.department) == (S.DELIVERED, following)
        assert town.script.mails[-1].department == following
        assert "Tiefbauamt" in case.because
    refuse(town, "parks")
    case = town.case()
    assert (case.status, case.reason, case.department) == (S.NEEDS_DECISION, R.REFUSED, "press")
    assert case.refused_by == ("streets", "lights", "parks")
    assert case.refusals == 3
    assert "Tiefbauamt, Beleuchtung, Grünamt" in case.because
    assert [change.words for change in case.changes if change.reason is R.REFUSED] == [
        "Das ist nicht unseres."
    ] * 3
    assert len(town.script.mails) == 3
    assert len(town.said) == 1


def test_where_the_rules_name_nobody_else_a_person_decides(town: Town) -> None:
    town.write("Ampel aus")
    town.settle()
    refuse(town, "streets")
    case = town.case()
    assert (case.status, case.reason, case.department) == (S.NEEDS_DECISION, R.REFUSED, "press")
    assert [line.id for line in search.listing("now").lines] == [1]


def test_in_suggest_a_person_sends_it_on_with_one_press(town: Town, tmp_path: Path) -> None:
    give_out(town, tmp_path, city=FILES["city.yaml"] + "  steps: {route: suggest}\n")
    refuse(town, "streets")
    case = town.case()
    assert (case.status, case.reason, case.department) == (S.NEEDS_DECISION, R.REFUSED, "lights")
    assert len(town.script.mails) == 1
    desk.correct(1, "staff:vera", department="lights")
    town.settle()
    assert (town.case().status, town.script.mails[-1].department) == (S.DELIVERED, "lights")


def test_a_person_may_send_it_back_to_who_refused(town: Town, tmp_path: Path) -> None:
    give_out(town, tmp_path)
    refuse(town, "streets")
    desk.correct(1, "staff:vera", department="streets")
    town.settle()
    assert (town.case().status, town.case().department) == (S.DELIVERED, "streets")
    refuse(town, "streets", "Wirklich nicht.")
    assert town.case().department == "lights"
    assert town.case().refused_by == ("streets",)


def test_a_correction_after_a_refusal_is_routed_like_any_other(town: Town) -> None:
    town.write("Ampel aus")
    town.settle()
    refuse(town, "streets")
    desk.correct(1, "staff:vera", category="illegal_dumping")
    town.settle()
    assert (town.case().status, town.case().department) == (S.DELIVERED, "cleaning")


def test_a_matter_that_turns_out_to_be_theirs_goes_to_who_refused(town: Town) -> None:
    town.write("Ampel aus")
    town.settle()
    refuse(town, "streets")
    desk.correct(1, "staff:vera", category="road_damage")
    town.settle()
    case = town.case()
    assert (case.status, case.department, case.refusals) == (S.DELIVERED, "streets", 1)


def test_refusals_are_counted_by_rule_and_department(town: Town, tmp_path: Path) -> None:
    give_out(town, tmp_path)
    refuse(town, "streets")
    refuse(town, "lights")
    assert search.refusals() == {("streets", "streets"): 1, ("lights", "lights"): 1}
    town.clock.shift(91 * 86_400)
    assert search.refusals() == {}


def test_who_has_sent_it_back_has_no_say_any_more(town: Town, tmp_path: Path) -> None:
    give_out(town, tmp_path)
    refuse(town, "streets")
    refuse(town, "streets", "Immer noch nicht.")
    assert town.case().department == "lights"
    assert town.case().refusals == 1


def ask(town: Town, words: str = "Welche Seite?", by: str = "streets") -> None:
    updates.hear(1, by, words, status=S.NEEDS_INFO, words=words, actor=f"department:{by}")
    town.flow()


@pytest.fixture
def handed_over(town: Town) -> Town:
    town.write("Ampel aus", id="1")
    town.settle()
    return town


def answer(town: Town, text: str = "Stadteinwärts") -> None:
    town.write(text, make_understanding(category=None, location=None), conversation_id="1", in_reply_to="1")
    town.settle()


def test_a_departments_question_waits_for_the_press_desk_and_its_answer_comes_back(handed_over: Town) -> None:
    ask(handed_over)
    case = handed_over.case()
    assert (case.status, case.replies[-1].state) == (S.NEEDS_INFO, SendState.NEEDS_DECISION)
    assert len(handed_over.said) == 1
    desk.release_reply(case.replies[-1].id, "staff:vera")
    handed_over.flow(3600)
    assert "Welche Seite?" in handed_over.said[-1]
    handed_over.clock.shift(3600)
    answer(handed_over)
    case, mail = handed_over.case(), handed_over.script.mails[-1]
    assert (case.status, case.department) == (S.DELIVERED, "streets")
    assert (mail.department, mail.revision) == ("streets", 1)
    assert "Stadteinwärts" in mail.text
    assert len(handed_over.said) == 2


def test_words_before_the_question_went_out_are_no_answer_to_it(handed_over: Town) -> None:
    ask(handed_over)
    answer(handed_over, "Ach ja, und sie blinkt")
    assert handed_over.case().status is S.NEEDS_INFO
    assert len(handed_over.script.mails) == 1


def test_a_question_nobody_sends_leaves_the_ticket_where_it_was(handed_over: Town) -> None:
    ask(handed_over)
    desk.drop_reply(handed_over.case().replies[-1].id, "staff:vera")
    assert handed_over.case().status is S.DELIVERED


def test_a_department_that_speaks_directly_asks_at_once(handed_over: Town) -> None:
    desk.correct(1, "staff:vera", department="cleaning")
    handed_over.flow()
    ask(handed_over, by="cleaning")
    assert "Welche Seite?" in handed_over.said[-1]


@pytest.mark.parametrize("status", [S.RESOLVED, S.IN_PROGRESS, S.NEEDS_DECISION])
def test_a_department_may_answer_its_own_question_and_nobody_is_asked_any_more(
    handed_over: Town, status: TicketStatus
) -> None:
    ask(handed_over)
    updates.hear(1, "streets", "9", status=status, words="", actor="department:streets")
    handed_over.flow()
    case = handed_over.case()
    assert case.status is status
    assert [r.state for r in case.replies if r.variant == S.NEEDS_INFO] == [SendState.DROPPED]

"""How far the program goes by itself, and who is never kept waiting or answered."""

from pathlib import Path

import pytest

from bridge.domain import (
    Automation,
    Kind,
    SendState,
    Step,
    TicketStatus,
    Visibility,
)
from bridge.settings import settings
from bridge.tickets import claims
from bridge.tickets.tables import TicketRow
from tests.factories import FILES, make_understanding
from tests.tickets import story
from tests.workers.scripted import Town, change_city
from workers import open, receive, understand

EMERGENCY = make_understanding(kind=Kind.EMERGENCY, category=None, location=None)


@pytest.mark.parametrize("visibility", list(Visibility))
def test_a_reply_is_never_wider_than_the_message(town: Town, visibility: Visibility) -> None:
    town.write("Ampel aus", visibility=visibility)
    town.flow()
    order = list(Visibility)
    (post,) = town.script.posts
    assert order.index(post.reply.visibility) >= order.index(visibility)


@pytest.mark.parametrize(
    ("choice", "reply", "delivery"),
    [
        ("default: suggest", SendState.NEEDS_DECISION, SendState.NEEDS_DECISION),
        ("default: shadow", SendState.DROPPED, SendState.DROPPED),
        ("{default: automatic, steps: {reply: suggest}}", SendState.NEEDS_DECISION, SendState.SENT),
        ("{default: automatic, steps: {deliver: shadow}}", SendState.SENT, SendState.DROPPED),
        (
            "{default: automatic, categories: {traffic_light: suggest}}",
            SendState.NEEDS_DECISION,
            SendState.NEEDS_DECISION,
        ),
        ("{default: suggest, categories: {road_damage: shadow}}",) + (SendState.NEEDS_DECISION,) * 2,
    ],
)
def test_each_step_and_category_goes_as_far_as_the_city_lets_it(
    town: Town,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    choice: str,
    reply: SendState,
    delivery: SendState,
) -> None:
    text = FILES["city.yaml"].replace("automation:\n  default: automatic\n", f"automation: {choice}\n")
    change_city(tmp_path, city=text.replace("automation: default", "automation:\n  default"))
    town.write("Ampel aus")
    town.settle()
    case = town.case()
    assert (case.replies[0].state, case.deliveries[0].state) == (reply, delivery)
    assert len(town.said) == (reply is SendState.SENT)
    assert len(town.script.mails) == (delivery is SendState.SENT)


@pytest.mark.parametrize(
    ("choice", "answered"),
    [(Automation.SUGGEST, True), (Automation.SHADOW, False)],
)
def test_whoever_is_in_danger_does_not_wait_for_a_release(
    town: Town, monkeypatch: pytest.MonkeyPatch, choice: Automation, answered: bool
) -> None:
    monkeypatch.setenv("BRIDGE_AUTOMATION", choice.value)
    settings.cache_clear()
    town.write("Hier brennt es", EMERGENCY)
    town.flow()
    assert bool(town.said) is bool(town.script.mails) is answered


def test_a_ticket_closed_meanwhile_is_left_alone(town: Town) -> None:
    town.write("Ampel aus")
    for step in (receive, understand, open):
        step.run()
    story.change(TicketRow, 1, status=TicketStatus.RESOLVED)
    town.flow()
    assert town.case().status is TicketStatus.RESOLVED
    assert Step.ROUTE not in claims.due_steps()

"""A running worker takes good changes, and says once what is wrong with bad ones."""

import os
import time
from pathlib import Path

import pytest
import structlog

from bridge.city import in_force
from bridge.domain import ConfigError
from tests.factories import FILES, make_city_folder
from tests.tickets import story
from tests.workers.scripted import Town
from workers import ground, notify
from workers.change import Judge, start

BROKEN = FILES["rules.yaml"].replace("send_to: streets", "send_to: strets")
TO_CLEANING = FILES["rules.yaml"].replace("send_to: streets", "send_to: cleaning")


def edit(tmp_path: Path, **files: str) -> None:
    """Save files a while ago, so that nobody seems to be still at it."""
    folder = make_city_folder(tmp_path, **files)
    for path in folder.rglob("*"):
        os.utime(path, (time.time() - 60, time.time() - 60 - len(files)))


def test_tickets_go_by_the_changed_rules_from_the_next_job_on(town: Town, tmp_path: Path) -> None:
    judge = Judge()
    start(judge)
    in_force.follow()
    edit(tmp_path, rules=TO_CLEANING)
    assert judge()
    assert ground.rules().rules[1].send_to == "streets"
    in_force.follow()
    town.write("Ampel aus")
    town.settle()
    assert town.case().department == "cleaning"
    assert not judge()


def test_a_mistake_is_logged_once_and_staff_get_one_mail(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(notify, "send_notice", lambda *_, subject, lines, url: sent.append((subject, lines)))
    story.person()
    judge = Judge()
    start(judge)
    in_force.follow()
    with structlog.testing.capture_logs() as logs:
        for _ in range(3):
            edit(tmp_path, rules=BROKEN)
            judge()
            notify.run()
            town.clock.shift(5)
        Judge()()
    assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == [
        "changed files are wrong, the last good ones go on"
    ]
    ((subject, lines),) = sent
    assert subject == "Die geänderten Regeln gelten noch nicht"
    assert "unknown department 'strets'; did you mean 'streets'?" in lines[1]


def test_a_start_with_a_mistake_goes_on_with_the_last_good_files(town: Town, tmp_path: Path) -> None:
    start(Judge())
    edit(tmp_path, rules=BROKEN)
    start(Judge())
    in_force.follow()
    town.write("Ampel aus")
    town.settle()
    assert town.case().department == "streets"


def test_a_first_start_with_a_mistake_is_refused(town: Town, tmp_path: Path) -> None:
    edit(tmp_path, rules=BROKEN)
    with pytest.raises(ConfigError, match="did you mean 'streets'"):
        start(Judge())


def test_a_notice_about_tickets_names_the_mistake_too(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[list[str]] = []
    monkeypatch.setattr(notify, "send_notice", lambda *_, lines, **__: sent.append(lines))
    story.person()
    Judge()()
    edit(tmp_path, rules=BROKEN)
    in_force.judge(lambda _: ["rules.yaml:1: wrong"])
    town.write("unklar", story.CLEAR.model_copy(update={"confidence": 0.1}))
    town.flow()
    notify.run()
    ((_, mistake, ticket),) = sent
    assert mistake == "rules.yaml:1: wrong"
    assert ticket.startswith(town.case().reference)

"""A clerk edits the files of a running city: good changes take effect, bad ones are told, nothing stops."""

import os
import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from bridge.city import City
from tests.factories import LEIPZIG
from tests.journey.whole import Whole, running, until

DUMP = "@stadt In der Gorkistraße 3 liegt Sperrmüll"
OFFICE = "Stadtreinigung"
WRONG = "Die geänderten Regeln gelten noch nicht"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the clerk edits."""
    rules = Path(shutil.copytree(LEIPZIG.parent, tmp_path_factory.mktemp("clerk") / "rules"))
    return rules / "leipzig"


@pytest.fixture(scope="module")
def whole(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    data = tmp_path_factory.mktemp("live") / "var"
    with running(data, port=18_160, BRIDGE_RULES=str(folder.parent)) as bridge:
        yield bridge


@pytest.fixture(scope="module")
def desk(whole: Whole) -> Iterator[requests.Session]:
    """Staff who signed in."""
    with requests.Session() as session:
        session.get(whole.sign_in, timeout=10)
        yield session


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """What an editor does when somebody saves."""
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), "utf-8")


def answer(whole: Whole, persona: str) -> str:
    """What a citizen reads who reports a dump."""
    post = whole.write(persona, DUMP)
    return str(until(lambda: whole.answers(post["id"]))[0]["content"])


def in_force(whole: Whole, desk: requests.Session, words: str) -> None:
    """Wait until the desk's list of rules says so."""
    until(lambda: words in desk.get(f"{whole.desk}/regeln", timeout=10).text)


def test_a_change_takes_effect_in_every_process_without_a_restart(
    whole: Whole, desk: requests.Session, folder: Path
) -> None:
    assert OFFICE in answer(whole, "ada")
    before = whole.children()
    edit(folder, "departments.yaml", f"name: {OFFICE}", "name: Amt für Sauberkeit")
    in_force(whole, desk, "Amt für Sauberkeit")
    assert "Amt für Sauberkeit" in answer(whole, "bruno")
    assert whole.children() == before


@pytest.mark.long
def test_a_mistake_keeps_all_files_as_they_were_and_is_told_everywhere_once(
    whole: Whole, desk: requests.Session, folder: Path
) -> None:
    edit(folder, "departments.yaml", "name: Amt für Sauberkeit", "name: Putzamt")
    edit(folder, "rules.yaml", "send_to: stadtreinigung", "send_to: stadtreinigng")
    page = until(lambda: _with(desk.get(f"{whole.desk}/", timeout=10).text, WRONG))
    assert re.search(r"rules\.yaml:\d+: send_to: unknown department", page)
    assert "Amt für Sauberkeit" in answer(whole, "ceyda")
    (mail,) = until(lambda: whole.mails(WRONG))
    assert "did you mean" in str(mail.get_content())
    os.kill(whole.children()["compute"], signal.SIGKILL)
    assert "Amt für Sauberkeit" in answer(whole, "dmytro")
    log = next((whole.data / "log").glob("compute*")).read_text("utf-8")
    assert log.count("changed files are wrong") == 1
    assert len(whole.mails(WRONG)) == 1


@pytest.mark.long
def test_a_correction_takes_effect_and_takes_the_warning_away(
    whole: Whole, desk: requests.Session, folder: Path
) -> None:
    edit(folder, "rules.yaml", "send_to: stadtreinigng", "send_to: stadtreinigung")
    in_force(whole, desk, "Putzamt")
    assert WRONG not in desk.get(f"{whole.desk}/", timeout=10).text
    assert "Putzamt" in answer(whole, "emma")


def test_a_text_that_staff_try_is_read_by_a_worker(
    whole: Whole, desk: requests.Session, folder: Path
) -> None:
    form = re.search(r'name="csrf_token" value="([^"]+)"', desk.get(f"{whole.desk}/regeln", timeout=10).text)
    assert form
    told = desk.post(
        f"{whole.desk}/regeln/probe",
        data={"csrf_token": form[1], "text": "In der Gorkistraße 3 liegt Sperrmüll"},
        timeout=10,
    )
    page = until(lambda: _with(desk.get(told.url.split("?")[0], timeout=10).text, "Was daraus würde"))
    assert f"Geht an: {City(folder).departments['stadtreinigung'].name}" in page
    assert "Gorkistraße 3" in page


def _with(page: str, words: str) -> str:
    return page if words in page else ""

"""Polling, fetching, noticing, sweeping, and the loop under every step."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest

from bridge.domain import (
    Attachment,
    Kind,
    PermanentError,
    PlatformEvent,
    Step,
    TemporaryError,
    Withdrawal,
)
from bridge.fetch import Fetched
from bridge.platforms.base import Page
from bridge.settings import settings
from bridge.tickets import claims
from bridge.tickets.book import accounts, chores
from bridge.tickets.tables import AttachmentRow, MessageRow, RawEventRow, StaffRow
from tests.factories import make_understanding
from tests.tickets import story
from tests.workers.scripted import FOUND, Town
from workers import fetch, notify, poll, sweep


def page(key: str, *, cursor: str) -> Page:
    payload = FOUND.dump_json([story.post(key)]).decode()
    return Page(events=(PlatformEvent(key=key, payload=payload),), cursor=cursor)


def test_a_poll_stores_what_is_new_and_remembers_where_it_stood(town: Town) -> None:
    town.script.pages.extend([page("a", cursor="1"), page("b", cursor="2")])
    poll.run()
    poll.run()
    assert accounts.get(town.account).cursor == "1"
    town.clock.shift(31)
    poll.run()
    assert accounts.get(town.account).cursor == "2"
    assert [row.key for row in story.rows(RawEventRow)] == ["a", "b"]


def test_only_a_poll_that_brings_something_new_rings_for_it_to_be_read(town: Town) -> None:
    town.script.pages.extend([page("a", cursor="1"), page("a", cursor="1"), Page(cursor="1")])
    rung = []
    for _ in range(3):
        (claim,) = claims.claim(Step.POLL, 1)
        rung.append(tuple(poll.poll(claim)))
        town.clock.shift(31)
    assert rung == [(Step.RECEIVE,), (), ()]


@pytest.mark.parametrize(
    ("trouble", "seconds"),
    [(TemporaryError("503"), 30), (TemporaryError("429", retry_after=90), 90), (PermanentError("401"), 300)],
    ids=str,
)
def test_a_failed_poll_moves_nothing_and_is_shown_until_one_succeeds(
    town: Town, trouble: Exception, seconds: float
) -> None:
    town.script.pages.extend([trouble, page("a", cursor="1")])
    poll.run()
    account = accounts.get(town.account)
    assert (account.cursor, account.error) == (None, str(trouble))
    town.clock.shift(seconds - 2)
    poll.run()
    assert story.rows(RawEventRow) == []
    town.clock.shift(3)
    poll.run()
    assert (accounts.get(town.account).cursor, accounts.get(town.account).error) == ("1", "")


def test_an_adapters_own_mistake_is_shown_and_polling_goes_on(town: Town) -> None:
    town.script.pages.extend([KeyError("id"), page("a", cursor="1")])
    poll.run()
    assert "KeyError" in accounts.get(town.account).error
    town.clock.shift(2)
    poll.run()
    assert accounts.get(town.account).cursor == "1"


def test_edits_and_deletions_are_looked_for_now_and_then(town: Town) -> None:
    town.write("geheim", id="1")
    town.flow()
    gone = FOUND.dump_json([Withdrawal(external_id="1")]).decode()
    town.script.gone.append(Page(events=(PlatformEvent(key="gone", payload=gone),)))
    town.script.pages.extend([Page(cursor="1"), Page(cursor="2")])
    poll.run()
    town.flow()
    assert story.rows(MessageRow)[0].text == ""


def test_a_second_look_that_fails_costs_one_poll_only(town: Town) -> None:
    town.write(id="1")
    town.flow()
    town.script.gone.append(PermanentError("400"))
    town.script.pages.extend([page("a", cursor="1"), page("b", cursor="2"), page("c", cursor="3")])
    for _ in range(3):
        poll.run()
        town.clock.shift(301)
    assert accounts.get(town.account).cursor == "3"


@pytest.mark.parametrize(("kind", "fetched"), [(Kind.REPORT, 1), (Kind.ABUSE, 0)])
def test_pictures_are_kept_written_anew_and_never_those_of_abuse(
    town: Town, monkeypatch: pytest.MonkeyPatch, kind: Kind, fetched: int
) -> None:
    asked: list[str] = []

    def get(url: str, **_: object) -> Fetched:
        asked.append(url)
        return Fetched(content=b"raw", content_type="image/jpeg")

    monkeypatch.setattr(fetch, "fetch", get)
    monkeypatch.setattr(fetch.photos, "clean", lambda content: content + b" cleaned")
    picture = Attachment(url="https://marktplatz.example/1.jpg")
    town.write("Hallo", make_understanding(kind=kind), attachments=(picture,))
    town.flow()
    fetch.run()
    assert len(asked) == fetched
    kept = [path.read_bytes() for path in (settings().data_folder / "photos").glob("*")]
    assert kept == [b"raw cleaned"] * fetched


def test_notices_name_what_needs_a_decision_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, str, list[str]]] = []

    def send(_settings: object, _sender: str, to: str, *, subject: str, lines: list[str], url: str) -> None:
        sent.append((to, subject, lines))

    monkeypatch.setattr(notify, "send_notice", send)
    story.person()
    town.write("unklar", make_understanding(confidence=0.1))
    town.write("klar", author=story.BEN)
    town.flow()
    notify.run()
    notify.run()
    ((to, subject, lines),) = sent
    assert (to, subject) == ("vera@musterstadt.example", "Ein Anliegen braucht Sie")
    assert lines == [f"{town.case().reference}: Ampel defekt: Hauptstraße / Ringstraße"]


def test_a_notice_outlives_an_hour_without_a_mail_server(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    trouble: list[Exception] = [TemporaryError("away")] * 9
    sent: list[str] = []

    def send(_settings: object, _sender: str, to: str, **_: object) -> None:
        if trouble:
            raise trouble.pop()
        sent.append(to)

    monkeypatch.setattr(notify, "send_notice", send)
    story.person()
    town.write("unklar", make_understanding(confidence=0.1))
    town.flow()
    for _ in range(12):
        notify.run()
        town.clock.shift(601)
    assert sent == ["vera@musterstadt.example"]


def test_a_refused_notice_is_not_tried_for_ever(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def send(*_: object, **__: object) -> None:
        raise PermanentError("no such mailbox")

    monkeypatch.setattr(notify, "send_notice", send)
    story.person()
    town.write("unklar", make_understanding(confidence=0.1))
    town.flow()
    notify.run()
    assert [row.step for row in story.rows(StaffRow)] == [None]


def test_the_sweep_forgets_old_payloads_and_pictures_nobody_has(town: Town, database: Path) -> None:
    folder = database / "photos"
    folder.mkdir(parents=True)
    old = time.time() - 7200
    for name in ("kept.jpg", "orphan.jpg", "fresh.jpg"):
        (folder / name).write_bytes(b"x")
        if name != "fresh.jpg":
            os.utime(folder / name, (old, old))
    town.write(attachments=(Attachment(url="https://marktplatz.example/1.jpg"),))
    town.flow()
    story.change(AttachmentRow, 1, file="kept.jpg")
    chores.ensure()
    sweep.run()
    assert {path.name for path in folder.iterdir()} == {"kept.jpg", "fresh.jpg"}
    assert all(row.payload for row in story.rows(RawEventRow))
    town.clock.shift(timedelta(days=31))
    sweep.run()
    assert not any(row.payload for row in story.rows(RawEventRow))
    assert Step.SWEEP not in claims.due_steps()


def test_the_sweep_never_gives_up(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    chores.ensure()
    monkeypatch.setattr(chores, "sweep_raw", lambda _: 1 / 0)
    for _ in range(8):
        sweep.run()
        town.clock.shift(601)
    assert Step.SWEEP in claims.due_steps()

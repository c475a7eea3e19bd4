"""Processes die and Redis forgets while mentions flow: nothing is lost and nothing comes twice."""

import collections
import os
import re
import signal
import time
from pathlib import Path

import pytest
import requests
from redis import Redis

from tests.journey.whole import Whole, running, until

MENTIONS = 200
STREETS = ("Könneritzstraße", "Eisenbahnstraße", "Gorkistraße", "Prager Straße", "Karl-Heine-Straße")


@pytest.mark.timeout(600)
def test_two_workers_killed_and_redis_emptied_lose_and_double_nothing(tmp_path: Path) -> None:
    with running(tmp_path / "var", port=18_200) as whole:
        # One answer in twelve is lost on its way, and only reading the threads tells that it was said.
        whole.misbehave(error_after=0.05, reset_after=0.03, poll_overlap=0.2, ignore_idempotency=True)
        posts = _feed_and_kill(whole)
        until(lambda: _settled(whole), seconds=400)
        _nothing_lost_nothing_doubled(whole, posts)


def _feed_and_kill(whole: Whole) -> list[str]:
    posts: list[str] = []
    with requests.Session() as square:
        for number in range(MENTIONS):
            place = f"{STREETS[number % len(STREETS)]} {number % 40 + 1}"
            wish = {"persona": f"person{number}", "text": f"@stadt {place}: Sperrmüll, Fall {number}"}
            answer = square.post(f"{whole.square}/sandbox/posts", json=wish, timeout=30)
            assert answer.ok, answer.text
            posts.append(answer.json()["id"])
            if number == MENTIONS // 4:
                os.kill(whole.children()["compute"], signal.SIGKILL)
            if number == MENTIONS // 2:
                os.kill(whole.children()["network"], signal.SIGKILL)
            if number == MENTIONS * 3 // 4:
                _empty_redis(whole)
    return posts


def _empty_redis(whole: Whole) -> None:
    command = Path(f"/proc/{whole.children()['redis']}/cmdline").read_text()
    socket = re.search(r"/\S+redis\.sock", command)
    assert socket
    with Redis.from_url(f"unix://{socket[0]}") as redis:
        redis.flushall()


def _settled(whole: Whole) -> bool:
    answered = whole.rows("SELECT count(*) FROM sent_reply WHERE state = 'sent'")[0][0]
    waiting = whole.rows("SELECT count(*) FROM sent_reply WHERE state NOT IN ('sent', 'dropped')")[0][0]
    handed_over = whole.rows("SELECT count(*) FROM delivery WHERE state = 'sent'")[0][0]
    time.sleep(0.5)
    return bool(answered >= MENTIONS and waiting == 0 and handed_over >= MENTIONS)


def _nothing_lost_nothing_doubled(whole: Whole, posts: list[str]) -> None:
    assert whole.rows("SELECT count(*), count(DISTINCT external_id) FROM message") == [(MENTIONS, MENTIONS)]
    assert whole.rows("SELECT count(*), count(DISTINCT reporter_id) FROM ticket") == [(MENTIONS, MENTIONS)]
    assert whole.rows("SELECT count(*), count(DISTINCT ticket_id) FROM delivery") == [(MENTIONS, MENTIONS)]
    answers = collections.Counter(len(whole.answers(post)) for post in posts)
    assert answers == {1: MENTIONS}
    subjects = collections.Counter(str(mail["message-id"]) for mail in whole.mails())
    assert len(subjects) == MENTIONS
    # A hand-over may come twice under one Message-ID where a process died between sending and noting it.
    assert sum(subjects.values()) <= MENTIONS + 1

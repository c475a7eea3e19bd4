"""The square misbehaves as it is told, and only towards the city."""

import time

import pytest
import requests

from bridge.sandbox.faults import Dice, PostFault
from bridge.sandbox.records import Faults
from bridge.sandbox.serve import Running

HANG = 1.0


def misbehave(sandbox: Running, **shares: object) -> None:
    answer = requests.put(f"{sandbox.url}/sandbox/faults", json={"hang_seconds": HANG, **shares}, timeout=5)
    assert answer.ok, answer.text


def reply(sandbox: Running, who: dict[str, str], key: str = "k", timeout: float = 5) -> requests.Response:
    headers = {**who, "Idempotency-Key": key}
    return requests.post(
        f"{sandbox.url}/api/v1/statuses", headers=headers, data={"status": "Danke"}, timeout=timeout
    )


def posted(sandbox: Running) -> int:
    return len(sandbox.network.written_by(sandbox.network.city, None))


@pytest.mark.parametrize(
    ("fault", "code", "commits"),
    [("rate_limited", 429, 0), ("error_before", 500, 0), ("error_after", 500, 1)],
)
def test_a_clear_error_says_nothing_about_what_happened(sandbox, city, fault, code, commits):
    misbehave(sandbox, **{fault: 1})
    assert reply(sandbox, city).status_code == code
    assert posted(sandbox) == commits


def test_a_refusal_for_haste_says_when_to_come_back(sandbox, city):
    misbehave(sandbox, rate_limited=1)
    assert reply(sandbox, city).headers["X-RateLimit-Reset"].endswith("Z")


@pytest.mark.parametrize(
    ("fault", "at_once", "in_the_end"),
    [("timeout_before", 0, 0), ("timeout_after", 1, 1), ("late_commit", 0, 1)],
)
def test_a_client_that_gave_up_cannot_know_what_happened(sandbox, city, fault, at_once, in_the_end):
    misbehave(sandbox, **{fault: 1})
    started = time.monotonic()
    with pytest.raises(requests.ReadTimeout):
        reply(sandbox, city, timeout=HANG / 4)
    assert posted(sandbox) == at_once
    while time.monotonic() < started + HANG + 0.2:
        time.sleep(0.02)
    assert posted(sandbox) == in_the_end


def test_a_broken_connection_may_hide_a_post(sandbox, city):
    misbehave(sandbox, reset_after=1)
    with pytest.raises(requests.ConnectionError):
        reply(sandbox, city)
    assert posted(sandbox) == 1


@pytest.mark.parametrize(("ignoring", "posts"), [(False, 1), (True, 2)])
def test_the_key_absorbs_a_repeat_unless_the_server_ignores_keys(sandbox, city, ignoring, posts):
    misbehave(sandbox, error_after=1, ignore_idempotency=ignoring)
    reply(sandbox, city)
    reply(sandbox, city)
    assert posted(sandbox) == posts


def test_citizens_are_spared(sandbox, ada):
    misbehave(sandbox, error_before=1, read_back_failure=1)
    status = reply(sandbox, ada).json()
    assert requests.get(f"{sandbox.url}/api/v1/statuses/{status['id']}/context", timeout=5).ok


def test_reading_back_can_fail(sandbox, city, ada):
    status = reply(sandbox, ada).json()
    misbehave(sandbox, read_back_failure=1)
    context = requests.get(f"{sandbox.url}/api/v1/statuses/{status['id']}/context", headers=city, timeout=5)
    assert context.status_code == 503


@pytest.mark.parametrize(("lag", "visible"), [(60, 0), (0, 1)])
def test_the_citys_answer_appears_in_the_thread_only_after_the_lag(sandbox, city, ada, lag, visible):
    root = reply(sandbox, ada).json()
    misbehave(sandbox, read_lag_seconds=lag)
    answer = {"status": "@ada Danke", "in_reply_to_id": root["id"]}
    requests.post(f"{sandbox.url}/api/v1/statuses", headers=city, json=answer, timeout=5)
    context = requests.get(
        f"{sandbox.url}/api/v1/statuses/{root['id']}/context", headers=city, timeout=5
    ).json()
    assert len(context["descendants"]) == visible


def test_a_page_may_overlap_the_one_before(sandbox, city, ada):
    for n in range(8):
        requests.post(
            f"{sandbox.url}/api/v1/statuses", headers=ada, data={"status": f"@stadt {n}"}, timeout=5
        )
    misbehave(sandbox, poll_overlap=1)
    page = requests.get(f"{sandbox.url}/api/v1/notifications?min_id=7", headers=city, timeout=5).json()
    assert [n["id"] for n in page] == ["8", "7", "6", "5", "4", "3"]


def test_the_same_seed_throws_the_same_faults_in_the_shares_asked_for():
    faults = Faults(rate_limited=0.05, error_after=0.05, late_commit=0.02, seed=7)
    one, two = Dice(faults), Dice(faults)
    thrown = [one.post_fault() for _ in range(2000)]
    assert thrown == [two.post_fault() for _ in range(2000)]
    assert 60 <= thrown.count(PostFault.RATE_LIMITED) <= 140
    assert thrown.count(None) > 1700
    assert one.injected["late_commit"] == thrown.count(PostFault.LATE_COMMIT)


def test_a_share_over_one_is_refused(sandbox):
    answer = requests.put(f"{sandbox.url}/sandbox/faults", json={"rate_limited": 2}, timeout=5)
    assert answer.status_code == 422

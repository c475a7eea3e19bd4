"""The samples are played once, in order, and break none of the house's promises."""

import re
import socket
import subprocess
import sys
from pathlib import Path

import requests
from requests.adapters import HTTPAdapter, Retry

from bridge.sandbox.play import play, samples


def test_the_samples_are_played_and_a_second_start_plays_nothing_again(sandbox):
    seen: list[tuple[int, int]] = []
    count = len(samples())
    assert play(sandbox.url, 0, lambda done, all_of_them: seen.append((done, all_of_them))) == count
    assert seen[-1] == (count, count)
    assert play(sandbox.url, 0) == 0
    assert len(sandbox.network.notifications(sandbox.network.city)) == count


def test_a_start_that_was_cut_off_goes_on_with_the_next_sample(sandbox):
    first = samples()[0]
    post = {"persona": first.persona, "text": first.text, "sample": first.name}
    requests.post(f"{sandbox.url}/sandbox/posts", json=post, timeout=5)
    assert play(sandbox.url, 0) == len(samples()) - 1


def test_a_sample_that_answers_stands_in_the_thread(sandbox):
    play(sandbox.url, 0)
    network = sandbox.network
    root = network.statuses[network.samples["scherben_1"]]
    assert [s.sample for s in network.descendants(root, None)] == ["scherben_2"]


def test_the_samples_are_varied_and_name_nobody():
    everything = samples()
    assert len(everything) >= 40
    assert len({sample.name for sample in everything}) == len(everything)
    assert sum(sample.visibility == "direct" for sample in everything) == 2
    assert all(sample.text.startswith("@stadt ") for sample in everything)
    plates = re.findall(r"\b[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} \d+", " ".join(s.text for s in everything))
    assert plates == ["XX-AB 1234"]


def test_people_come_back_only_after_the_time_in_which_messages_are_joined():
    last: dict[str, int] = {}
    for place, sample in enumerate(samples()):
        gap = place - last.get(sample.persona, -9)
        assert gap >= 4 or sample.name == "scherben_2", sample.name
        last[sample.persona] = place


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def test_the_process_serves_until_it_is_asked_to_end(tmp_path: Path):
    http, smtp = free_port(), free_port()
    code = (
        "from pathlib import Path; from bridge.sandbox.serve import serve; "
        f"serve(Path({str(tmp_path)!r}), {http}, {smtp}, 'token')"
    )
    with subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) as process:
        session = requests.Session()
        until_it_listens = Retry(connect=9, backoff_factor=0.05)
        session.mount("http://", HTTPAdapter(max_retries=until_it_listens))
        assert session.get(f"http://127.0.0.1:{http}/gesundheit", timeout=5).text == "ok"
        session.close()
        process.terminate()
        assert process.wait(10) == 0
        assert process.stderr.read() == b""

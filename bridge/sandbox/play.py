"""Plays the sample mentions on the square, spread over some time, each only once."""

import base64
import time
from collections.abc import Callable
from pathlib import Path

import requests
from pydantic import TypeAdapter
from yaml import safe_load

from bridge.domain import Value
from bridge.sandbox.drawings import draw
from bridge.sandbox.records import Reach

_SAMPLES = Path(__file__).with_name("samples.yaml")
_TIMEOUT = 10


class Sample(Value):
    """One authored message; `answers` names an earlier sample, `picture` a drawing."""

    name: str
    persona: str
    text: str
    visibility: Reach = "public"
    answers: str | None = None
    picture: str | None = None


def samples() -> list[Sample]:
    """All samples in the order they are played."""
    return TypeAdapter(list[Sample]).validate_python(safe_load(_SAMPLES.read_text("utf-8")))


def play(base_url: str, seconds: float = 120, progress: Callable[[int, int], None] | None = None) -> int:
    """Post what was not played yet, with `seconds` for all samples together; return how many were posted.

    `progress` is told how many are done and how many there are. Raises `requests.RequestException` where the
    sandbox does not answer.
    """
    everything = samples()
    with requests.Session() as session:
        session.trust_env = False
        played: dict[str, str] = _sent(session.get(f"{base_url}/sandbox/samples", timeout=_TIMEOUT)).json()
        waiting = [sample for sample in everything if sample.name not in played]
        for sample in waiting:
            post = _post(sample, played)
            response = _sent(session.post(f"{base_url}/sandbox/posts", json=post, timeout=_TIMEOUT))
            played[sample.name] = response.json()["id"]
            if progress:
                progress(len(played), len(everything))
            time.sleep(seconds / len(everything))
    return len(waiting)


def _sent(response: requests.Response) -> requests.Response:
    response.raise_for_status()
    return response


def _post(sample: Sample, played: dict[str, str]) -> dict[str, str | None]:
    return {
        "persona": sample.persona,
        "text": sample.text,
        "visibility": sample.visibility,
        "in_reply_to_id": played[sample.answers] if sample.answers else None,
        "photo": base64.b64encode(draw(sample.picture)).decode() if sample.picture else None,
        "sample": sample.name,
    }

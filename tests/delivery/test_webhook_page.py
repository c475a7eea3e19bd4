"""The receiver that the page on web hooks shows takes our web hooks, each once, and nobody else's."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from bridge.delivery._event import Event, event
from bridge.delivery.webhook import signed
from bridge.settings import settings
from tests.delivery.contract import handover

PAGE = (Path(__file__).parents[2] / "docs/channels/webhook.md").read_text("utf-8")
KEY = "whsec_" + "c2NobHVlc3NlbA" * 3


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    monkeypatch.setenv("BRIDGE_SECRET_KEY", "k" * 40)
    settings.cache_clear()
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, Any] = {"__name__": "receiver"}
    exec(code.replace("whsec_…", KEY), names)
    yield names["app"].test_client()
    settings.cache_clear()


def test_it_takes_each_web_hook_once(receiver: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    sent = handover(secrets=(SecretStr(KEY),))
    body = event(sent).model_dump_json().encode()
    for _ in range(2):
        assert receiver.post("/tickets", data=body, headers=signed(sent, body)).status_code == 204
    assert capsys.readouterr().out.count("LE-2026-00042") == 1


@pytest.mark.parametrize(
    "broken",
    [
        {"webhook-id": ""},
        {"webhook-id": "other"},
        {"webhook-timestamp": "1"},
        {"webhook-timestamp": "nan"},
        {"webhook-signature": "v1"},
        {"webhook-signature": "v1,%%%"},
        {"webhook-signature": "v1,a,b"},
    ],
)
def test_it_refuses_what_is_not_ours(receiver: FlaskClient, broken: dict[str, str]) -> None:
    sent = handover(secrets=(SecretStr(KEY),))
    assert receiver.post("/tickets", data=b"{}", headers=signed(sent, b"{}") | broken).status_code == 400


def test_the_event_it_shows_is_of_the_form_we_send() -> None:
    (shown,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    Event.model_validate_json(shown)

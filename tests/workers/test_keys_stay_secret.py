"""A department's keys are canaries here: they sing in no log, no row, no message and no answer."""

import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlmodel import SQLModel, text

from bridge import delivery
from bridge.app import create_app
from bridge.delivery import webhook
from bridge.domain import PermanentError, Purpose
from bridge.logs import configure
from bridge.tickets.book import secrets
from bridge.tickets.session import reading
from tests.delivery.contract import handover
from tests.delivery.receiver import Receiver, serving
from tests.workers.scripted import Town
from tests.workers.test_webhook_step import move_to, report
from workers import deliver


@pytest.fixture
def receiver(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setattr(delivery, "load", lambda _: webhook.Adapter)
    monkeypatch.setattr(webhook, "ANSWER_SECONDS", 0.3)
    monkeypatch.setenv("BRIDGE_FETCH_PRIVATE_HOSTS", "true")
    with serving() as running:
        move_to(tmp_path, running.url)
        yield running


def stored() -> str:
    with reading() as db:
        names = SQLModel.metadata.tables
        return repr({name: db.execute(text(f'SELECT * FROM "{name}"')).all() for name in names})


def sings(key: str, *places: str) -> bool:
    # Half of it would be as bad as the whole.
    bare = key.removeprefix("whsec_").removeprefix("stb_")
    return any(part in place for part in (bare[:20], bare[20:40]) for place in places)


def test_no_key_gets_into_a_log_or_a_row(
    town: Town, receiver: Receiver, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    configure()
    caplog.set_level(logging.DEBUG)
    keys = [secrets.make("streets", purpose) for purpose in (Purpose.WEBHOOK, Purpose.UPDATES)]
    receiver.script.extend(["hang up", "time out", (500, {}), (410, {})])
    report(town)
    for _ in range(4):
        deliver.run()
        town.clock.shift(90_000)
    client = create_app().test_client()
    for token in (keys[1], keys[1][:-1], keys[0]):
        for path in ("/api/v1/tickets", "/api/v1/tickets/x/updates", "/api/nirgends"):
            answer = client.post(path, json={"id": token}, headers={"Authorization": f"Bearer {token}"})
            assert not sings(token, answer.text)
    told = capfd.readouterr()
    assert sings(keys[0], f"a careless line with {keys[0]}")
    assert len(receiver.seen) == 4
    for key in keys:
        assert not sings(key, told.out, told.err, caplog.text, stored())


@pytest.mark.parametrize(
    "key", ["whsec_" + "kanarienvogel" * 4 + "ä", "whsec_" + "\ud800" + "kanarienvogel" * 4]
)
def test_a_broken_key_is_not_told_with_the_failure_it_causes(key: str) -> None:
    broken = handover(secrets=(SecretStr(key),))
    with pytest.raises(PermanentError) as caught:
        webhook.signed(broken, b"{}")
    told = "".join(traceback.format_exception(caught.value))
    assert "kanarienvogel" not in told + repr(broken) + repr(broken.model_dump())

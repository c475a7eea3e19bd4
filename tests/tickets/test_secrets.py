"""A department's keys are shown once, kept unreadable, changed without a gap and end when they should."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from standardwebhooks.webhooks import Webhook

from bridge.domain import ConfigError, PermanentError, Purpose
from bridge.settings import settings
from bridge.tickets import switches
from bridge.tickets.book import secrets
from bridge.tickets.tables import SecretRow
from bridge.tickets.types import utcnow
from tests.tickets import story

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(utcnow(), tick=False) as traveller:
        yield traveller


def opened(department: str = "streets", purpose: Purpose = Purpose.WEBHOOK) -> list[str]:
    return [each.get_secret_value() for each in secrets.holding(department, purpose)]


def test_a_key_for_web_hooks_signs_and_is_stored_unreadable() -> None:
    key = secrets.make("streets", Purpose.WEBHOOK)
    assert Webhook(key).sign("id", utcnow(), "{}").startswith("v1,")
    assert opened() == [key]
    (row,) = story.rows(SecretRow)
    assert key.removeprefix("whsec_") not in row.model_dump_json()


def test_a_token_for_updates_is_only_recognised() -> None:
    key = secrets.make("streets", Purpose.UPDATES)
    assert secrets.department_of(key) == "streets"
    (row,) = story.rows(SecretRow)
    assert (row.secret, key in row.model_dump_json()) == ("", False)


@pytest.mark.parametrize("token", ["", "stb_", "stb_falsch", "\ud800", "\x00", "x" * 10_000])
def test_no_other_token_is_anybodys(token: str) -> None:
    secrets.make("streets", Purpose.UPDATES)
    secrets.make("streets", Purpose.WEBHOOK)
    assert secrets.department_of(token) is None


def test_the_key_of_a_tracker_is_no_token_for_updates() -> None:
    secrets.keep("streets", Purpose.TRACKER, "what-the-tracker-gave")
    assert secrets.department_of("what-the-tracker-gave") is None
    assert opened(purpose=Purpose.TRACKER) == ["what-the-tracker-gave"]


def test_a_second_key_needs_a_word_about_the_first() -> None:
    first = secrets.make("streets", Purpose.WEBHOOK)
    with pytest.raises(PermanentError, match="--rotate"):
        secrets.make("streets", Purpose.WEBHOOK)
    assert opened() == [first]
    secrets.make("cleaning", Purpose.WEBHOOK)


def test_while_keys_are_changed_both_hold_and_the_newest_comes_first(clock: time_machine.Traveller) -> None:
    first = secrets.make("streets", Purpose.WEBHOOK)
    second = secrets.make("streets", Purpose.WEBHOOK, old_ends_in=DAY)
    assert opened() == [second, first]
    clock.shift(DAY)
    assert opened() == [second]


def test_changing_keys_again_never_makes_an_old_one_live_longer(clock: time_machine.Traveller) -> None:
    first = secrets.make("streets", Purpose.UPDATES)
    secrets.make("streets", Purpose.UPDATES, old_ends_in=DAY)
    secrets.make("streets", Purpose.UPDATES, old_ends_in=2 * DAY)
    assert secrets.department_of(first) == "streets"
    clock.shift(DAY)
    assert secrets.department_of(first) is None
    assert [(key.department, key.purpose) for key in secrets.listed()] == [("streets", Purpose.UPDATES)] * 2


def test_a_stolen_key_can_end_at_once() -> None:
    first = secrets.make("streets", Purpose.UPDATES)
    secrets.make("streets", Purpose.UPDATES, old_ends_in=timedelta())
    assert secrets.department_of(first) is None


def test_another_secret_key_opens_nothing_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets.make("streets", Purpose.WEBHOOK)
    monkeypatch.setenv("BRIDGE_SECRET_KEY", "z" * 40)
    settings.cache_clear()
    with pytest.raises(ConfigError, match="BRIDGE_SECRET_KEY"):
        opened()


def test_an_address_that_is_gone_stays_shut_until_somebody_opens_it() -> None:
    switches.shut("streets", "https://a.example/")
    switches.pause("staff:vera")
    assert switches.shut_addresses() == {"streets": "https://a.example/"}
    assert switches.open_again("streets")
    assert not switches.open_again("streets")
    assert switches.shut_addresses() == {}

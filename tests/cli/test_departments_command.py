"""Whoever runs the bridge gives departments their keys, sees who holds one and opens what was shut."""

from datetime import timedelta

import pytest
from typer.testing import CliRunner, Result

from bridge.cli import app
from bridge.domain import ConfigError, PermanentError, Purpose
from bridge.tickets import switches
from bridge.tickets.book import secrets

pytestmark = pytest.mark.usefixtures("database")


def run(*words: str, typed: str | None = None) -> Result:
    told = CliRunner().invoke(app, ["departments", *words], input=typed)
    if told.exception and not isinstance(told.exception, SystemExit):
        raise told.exception
    return told


def test_a_key_is_printed_alone_so_that_it_can_be_piped() -> None:
    told = run("secret", "streets")
    (held,) = secrets.holding("streets", Purpose.WEBHOOK)
    assert told.stdout == held.get_secret_value() + "\n"
    assert "shown once" in told.stderr


def test_a_token_for_updates_opens_the_api_of_that_department() -> None:
    assert secrets.department_of(run("secret", "streets", "--purpose", "updates").stdout.strip()) == "streets"


def test_rotating_keeps_the_old_key_for_the_hours_given() -> None:
    run("secret", "streets")
    with pytest.raises(PermanentError, match="--rotate"):
        run("secret", "streets")
    run("secret", "streets", "--rotate", "--ends-in", "2")
    old, new = secrets.listed()
    assert new.ends_at is None
    assert old.ends_at
    assert timedelta(hours=1.9) < old.ends_at - new.made_at < timedelta(hours=2.1)


def test_a_trackers_key_is_asked_for_and_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getpass", lambda _: "what-the-tracker-gave")
    told = run("secret", "streets", "--purpose", "tracker")
    assert "what-the-tracker-gave" not in told.output
    assert secrets.holding("streets", Purpose.TRACKER)[0].get_secret_value() == "what-the-tracker-gave"


def test_the_list_tells_keys_and_what_is_shut_but_no_secret() -> None:
    key = run("secret", "streets").stdout.strip()
    switches.shut("cleaning", "reinigung@musterstadt.example")
    told = run("list").stdout
    assert key not in told
    assert "webhook" in told
    assert "shut" in told


def test_what_is_gone_is_opened_again() -> None:
    switches.shut("streets", "https://amt.example/t")
    assert "again" in run("enable", "streets").stdout
    assert switches.shut_addresses() == {}
    assert "was not shut" in run("enable", "streets").stdout


@pytest.mark.parametrize("command", ["secret", "enable"])
def test_an_unknown_department_is_named_with_those_there_are(command: str) -> None:
    with pytest.raises(ConfigError, match="cleaning, press, streets"):
        run(command, "strasse")

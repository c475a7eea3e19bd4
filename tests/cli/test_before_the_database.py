"""Before the database is there, commands say so in one sentence."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge import cli
from bridge.settings import settings
from bridge.tickets import session


@pytest.fixture(autouse=True)
def nothing_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("BRIDGE_DATA", str(tmp_path / "none"))
    settings.cache_clear()
    yield
    session.close()
    settings.cache_clear()


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> str | int | None:
    """What the command ends with: an exit code, or the sentence it says on the way out."""
    monkeypatch.setattr("sys.argv", ["bridge", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code


def test_a_missing_database_is_told_in_a_sentence_that_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    told = run(monkeypatch, "pause")
    assert told == "The database does not answer (OperationalError). `bridge db upgrade` sets it up."


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("mysql://vera:geheim@db.example/x", "use postgresql://"),
        ("postgresql://vera:ge/heim@db.example/x", "%2F"),
        ("postgresql+psycopg2://vera:geheim@db.example/x", "use postgresql://"),
        ("postgresql://vera:geheim@127.0.0.1:1/x", "of DATABASE_URL does not answer"),
        ("postgres://vera:geheim@127.0.0.1:1/x", "of DATABASE_URL does not answer"),
        ("postgresql:///x?host=/nowhere&password=geheim", "of DATABASE_URL does not answer"),
    ],
)
def test_a_wrong_address_of_the_database_is_told_without_its_password(
    monkeypatch: pytest.MonkeyPatch, url: str, told: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    said = str(run(monkeypatch, "db", "upgrade"))
    assert told in said
    assert "heim" not in said
    assert "\n" not in said


def test_a_wrong_variable_is_told_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_PORT", "99999")
    assert "SMTP_PORT" in str(run(monkeypatch, "resume"))


def test_platforms_are_listed_before_there_is_a_database(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "platforms", "--json") == 0
    listed = {row["name"]: row["configured"] for row in json.loads(capsys.readouterr().out)}
    assert listed["mastodon"] is False

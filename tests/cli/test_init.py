"""`bridge init` makes a whole city out of a few answers, or leaves nothing behind."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bridge import checks
from bridge.city import City
from bridge.cli import app
from bridge.cli.init import ask
from bridge.cli.init.start import left_to_press, start
from bridge.domain import ConfigError
from bridge.settings import settings
from tests.delivery.mailserver import Mailroom, MailServer
from tests.factories import LEIPZIG

Bridge = Callable[..., Result]
PLACE = ["--folder=musterhausen", "--prefix=MH", "--state=nw", "--centre=51.2, 7.1"]
PEOPLE = ["--press=presse@musterhausen.example", "--on-call=notruf@leitstelle.example"]
ANSWERS = [
    *("--town=Musterhausen", *PLACE, *PEOPLE, "--sender=melder@musterhausen.example", "--no-test-mail"),
    *("--hours=mon-thu 08:00-12:00 13:00-16:00, fri 08:00-12:00", "--account=none"),
    *("--office=bauhof=bauhof@musterhausen.example", "--office=stadtwerke=werke@werke.example"),
]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder of cities, with what they share."""
    shutil.copytree(LEIPZIG.parent / "common", tmp_path / "common")
    monkeypatch.setenv("BRIDGE_RULES", str(tmp_path))
    monkeypatch.delenv("BRIDGE_SECRET_KEY", raising=False)
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def init(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, ["init", *words], input=typed)


def without(name: str) -> list[str]:
    return [answer for answer in ANSWERS if not answer.startswith(f"--{name}=")]


def test_answers_given_as_options_make_a_city_that_has_no_mistakes(root: Path) -> None:
    told = init(*ANSWERS)
    assert told.exit_code == 0, told.output
    city = City(root / "musterhausen")
    assert checks.mistakes(city) + checks.warnings(city) == []
    assert (city.name, city.file.state, city.file.hours["fri"]) == ("Musterhausen", "NW", ((480, 720),))
    assert sorted(city.departments) == ["bauhof", "press", "stadtwerke"]
    assert city.departments["stadtwerke"].outside
    assert sorted(path.name for path in root.iterdir()) == ["common", "musterhausen"]


def test_at_the_end_stands_what_is_missing_and_what_to_type_next(root: Path) -> None:
    told = init(*ANSWERS).output
    assert f"{root}/musterhausen is written and checked." in told
    for missing in ("gazetteer.csv", "BRIDGE_SECRET_KEY", "an office for traffic_light", "an account"):
        assert missing in told
    assert "export BRIDGE_CITY=musterhausen" in told
    assert "bridge doctor" in told


def test_a_new_city_lets_nothing_leave_at_first(root: Path) -> None:
    init(*ANSWERS)
    assert City(root / "musterhausen").file.automation.default == "shadow"


def test_a_folder_that_is_there_is_never_written_over(root: Path) -> None:
    init(*ANSWERS)
    before = (root / "musterhausen" / "rules.yaml").read_bytes()
    told = init(*ANSWERS)
    assert told.exit_code == 2
    assert "is there already and is never written over" in " ".join(told.output.replace("│", "").split())
    assert (root / "musterhausen" / "rules.yaml").read_bytes() == before


def test_a_city_with_a_mistake_is_not_written_at_all(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.checks.mistakes", lambda _: ["rules.yaml:1: wrong"])
    told = init(*ANSWERS)
    assert isinstance(told.exception, ConfigError)
    assert [path.name for path in root.iterdir()] == ["common"]


def test_where_nothing_shared_lies_it_says_where_to_run(root: Path) -> None:
    shutil.rmtree(root / "common")
    told = " ".join(init(*ANSWERS).output.replace("│", "").split())
    assert "name it by BRIDGE_RULES" in told


def test_a_wrong_answer_is_told_and_asked_again(root: Path) -> None:
    told = init(*without("centre"), typed="7.1, 51.2\n51.2, 7.1\n")
    assert told.exit_code == 0, told.output
    assert "latitude 7.1 is not in Germany; does the latitude (47 to 55) come first?" in told.output


def test_offices_are_chosen_from_a_list_and_each_is_asked_for_its_address(root: Path) -> None:
    typed = "2, 99\n2, ordnungsamt\nbauhof@musterhausen.example\nniemand\nordnung@musterhausen.example\n"
    told = init(*[answer for answer in ANSWERS if not answer.startswith("--office")], typed=typed)
    assert told.exit_code == 0, told.output
    assert "unknown office '99'" in told.output
    assert "'niemand' is no mail address" in told.output
    offices = City(root / "musterhausen").departments
    assert offices["ordnungsamt"].address == "ordnung@musterhausen.example"


def test_a_town_is_not_another_town_to_itself(root: Path) -> None:
    told = init(*without("town"), "--town=Chemnitz")
    assert "warning" not in told.output
    assert "Chemnitz" not in (root / "musterhausen" / "rules.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("read", "text", "told"),
    [
        (ask.name, "", "is no name of a town"),
        (ask.short, "Köln", "use small letters"),
        (ask.prefix, "mu", "capital letters"),
        (ask.state, "XX", "unknown federal state 'XX'"),
        (ask.centre, "somewhere", "write latitude and longitude"),
        (ask.address, "presse", "is no mail address"),
        (ask.hours, "montags", "write each day once with its times"),
        (ask.hours, "mon 9-17", "is no time from and to"),
        (ask.hours, "", "no opening time"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(read: Callable[[str], object], text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told.replace("(", r"\(")):
        read(text)


@pytest.mark.parametrize("account", ["fax=1", "mastodon"])
def test_an_account_needs_a_platform_there_is_and_a_handle(root: Path, account: str) -> None:
    assert init(*without("account"), f"--account={account}").exit_code == 2


@pytest.mark.parametrize("office", start().offices)
def test_every_office_of_the_starting_list_has_work_and_its_examples_hold(root: Path, office: str) -> None:
    told = init(*[answer for answer in ANSWERS if "office" not in answer], f"--office={office}=a@b.example")
    assert told.exit_code == 0, told.output
    assert "warning" not in told.output
    assert len(left_to_press([office])) < len(start().matters)


def test_every_category_but_the_rest_is_on_the_starting_list() -> None:
    assert {*start().matters, "other"} == set(City(LEIPZIG).categories)


def test_a_test_mail_reaches_the_press_desk(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = MailServer(Mailroom())
    server.start()
    monkeypatch.setenv("SMTP_PORT", str(server.port))
    settings.cache_clear()
    try:
        told = init(*ANSWERS, "--test-mail")
    finally:
        server.stop()
    (mail,) = server.handler.mails
    assert mail["To"] == "presse@musterhausen.example"
    assert "Probe" in mail["Subject"]
    assert "was taken by 127.0.0.1" in told.output


def test_a_test_mail_to_a_real_domain_says_what_allows_it(root: Path) -> None:
    told = init(*without("press"), "--press=presse@stadt.de", "--test-mail")
    assert told.exit_code == 0
    assert "only BRIDGE_MAIL_REAL_DOMAINS=true allows" in told.output

"""A newcomer's way through the whole bridge."""

import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.database import Copies
from tests.journey.whole import Whole, alive, answer_links, press_done, running, until

TEXT = "@stadt Ecke Könneritzstraße/Holbeinstraße ist die Ampel aus"


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
def surroundings(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """What the bridge finds in its environment."""
    if request.param == "sqlite":
        yield {}
        return
    copies: Copies = request.getfixturevalue("postgresql")
    with copies(empty=True) as url:
        yield {"DATABASE_URL": url}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, surroundings: dict[str, str]) -> Path:
    return tmp_path_factory.mktemp("journey") / "var"


@pytest.fixture(scope="module")
def whole(data: Path, surroundings: dict[str, str]) -> Iterator[Whole]:
    with running(data, port=18_100, **surroundings) as bridge:
        yield bridge


@pytest.fixture(scope="module")
def lamp(whole: Whole) -> dict[str, str]:
    """One report, as far as its first answer and its mail."""
    post = whole.write("ada", TEXT)
    answer = until(lambda: whole.answers(post["id"]))[0]
    reference = re.search(r"LE-\d{4}-\d{5}", answer["content"])
    code = re.search(r"/s/([0-9A-Z]{8})", answer["content"])
    assert reference
    assert code
    return {"post": post["id"], "reference": reference[0], "code": code[1], "content": answer["content"]}


@pytest.fixture(scope="module")
def links(whole: Whole, lamp: dict[str, str]) -> list[str]:
    """The answer links of the department's mail."""
    return answer_links(until(lambda: whole.mails(lamp["reference"]))[0])


def test_the_citizen_gets_reference_office_and_status_page_in_the_thread(lamp: dict[str, str]) -> None:
    assert "Verkehrs- und Tiefbauamt" in lamp["content"]
    assert "automatisch" in lamp["content"]


def test_the_status_page_shows_no_personal_data(whole: Whole, lamp: dict[str, str]) -> None:
    page = requests.get(f"{whole.desk}/s/{lamp['code']}", timeout=10)
    assert page.status_code == 200
    assert lamp["reference"] in page.text
    for personal in ("ada", "Ada", "Ampel aus", "@stadt"):
        assert personal not in page.text


def test_the_department_gets_words_place_map_and_links(whole: Whole, lamp: dict[str, str]) -> None:
    mail = until(lambda: whole.mails(lamp["reference"]))[0]
    subject = f"[{lamp['reference']}] Eilt: Ampel defekt: Könneritzstraße / Holbeinstraße"
    assert str(mail["subject"]) == subject
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain
    assert html
    assert "Könneritzstraße" in plain.get_content()
    assert "ada@" not in mail.as_string()
    pictures = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert len(pictures) == 1
    assert pictures[0].get_content().startswith(b"\x89PNG")


def test_a_mail_scanner_changes_nothing(whole: Whole, links: list[str]) -> None:
    before = whole.rows("SELECT status, attempt FROM ticket")
    for link in links * 3:
        assert requests.get(link, timeout=10).status_code == 200
        assert requests.head(link, timeout=10).status_code == 200
    assert whole.rows("SELECT * FROM status_update") == []
    assert whole.rows("SELECT status, attempt FROM ticket") == before


def test_done_reaches_the_thread_and_free_words_wait(
    whole: Whole, lamp: dict[str, str], links: list[str]
) -> None:
    press_done(links, "Lampe getauscht.", times=2)
    said = until(lambda: whole.answers(lamp["post"])[1:])
    assert len(said) == 1
    assert "Lampe getauscht" not in said[0]["content"]
    assert whole.rows("SELECT status FROM ticket") == [("resolved",)]
    waiting = whole.rows("SELECT state, text FROM sent_reply WHERE cause = 'staff'")
    assert len(waiting) == 1
    assert waiting[0][0] == "needs_decision"
    assert "Lampe getauscht." in waiting[0][1]


def test_two_quick_messages_become_one_ticket_and_one_acknowledgement(whole: Whole) -> None:
    first = whole.write("emma", "@stadt In der Karl-Heine-Straße 50 liegt ein Haufen Sperrmüll")
    second = whole.write("emma", "@stadt Ein alter Kühlschrank ist auch dabei")
    until(lambda: whole.answers(first["id"]) + whole.answers(second["id"]))
    until(
        lambda: whole.rows(
            f"SELECT ticket_id FROM ticket_message m JOIN message x ON x.id = m.message_id "
            f"WHERE x.external_id = '{second['id']}'"
        )
    )
    tickets = whole.rows(
        "SELECT DISTINCT t.id FROM ticket t JOIN reporter r ON r.id = t.reporter_id "
        "WHERE r.handle LIKE 'emma%'"
    )
    assert len(tickets) == 1
    mails = until(lambda: whole.mails("Karl-Heine"))
    plain = mails[0].get_body(("plain",))
    assert plain
    assert "Kühlschrank" in plain.get_content()
    assert len(whole.answers(first["id"]) + whole.answers(second["id"])) == 1


def test_a_missing_place_is_asked_for_and_its_answer_completes_the_ticket(whole: Whole) -> None:
    post = whole.write("falk", "@stadt die Straßenlaterne ist seit Tagen dunkel")
    question = until(lambda: whole.answers(post["id"]))[0]
    assert "?" in question["content"]
    whole.write("falk", "@stadt in der Gorkistraße", in_reply_to_id=question["id"])
    until(lambda: len(whole.answers(post["id"])) > 1)
    tickets = whole.rows(
        "SELECT status FROM ticket t JOIN reporter r ON r.id = t.reporter_id WHERE r.handle LIKE 'falk%'"
    )
    assert len(tickets) == 1
    assert tickets[0][0] in {"routed", "delivered"}


def test_a_direct_message_is_never_answered_in_public(whole: Whole) -> None:
    post = whole.write("ceyda", "@stadt Riesaer Straße 50: ein Schlagloch", visibility="direct")
    answer = until(lambda: whole.answers(post["id"]))[0]
    assert answer["visibility"] == "direct"


def test_an_emergency_is_told_to_call_112_and_alarms_on_call(whole: Whole) -> None:
    post = whole.write("bruno", "@stadt es riecht stark nach Gas in der Prager Straße 20!")
    answer = until(lambda: whole.answers(post["id"]))[0]
    assert "112" in answer["content"]
    until(lambda: [mail for mail in whole.mails() if "leitstelle" in str(mail["to"])])


def test_the_desk_opens_by_the_printed_link_and_refuses_others(whole: Whole) -> None:
    assert "/anmelden" in requests.get(f"{whole.desk}/", timeout=10).url
    with requests.Session() as session:
        page = session.get(whole.sign_in, timeout=10)
        assert page.status_code == 200
        assert "Pult" in page.text
        found = session.get(f"{whole.desk}/?sicht=all", timeout=10).text
        assert "Straßenbeleuchtung" in found


def test_ctrl_c_leaves_no_process_and_a_second_start_goes_on(
    whole: Whole, data: Path, surroundings: dict[str, str], lamp: dict[str, str]
) -> None:
    children = whole.children()
    assert {"compute", "network", "ticker", "sandbox", "gunicorn"} <= set(children)
    whole.end(signal.SIGINT)
    assert not [name for name, pid in children.items() if alive(pid)]
    before = whole.rows("SELECT count(*) FROM ticket")
    with running(data, port=18_100, **surroundings) as again:
        assert again.answers(lamp["post"])
        post = again.write("ada", "@stadt Auf der Eisenbahnstraße 30 ist ein Gully verstopft")
        until(lambda: again.answers(post["id"]))
        assert again.rows("SELECT count(*) FROM ticket") == [(before[0][0] + 1,)]

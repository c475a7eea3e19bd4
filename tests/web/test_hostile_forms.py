"""Whatever strangers put into a form or an address comes back as words, or is refused with a reason."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bridge.domain import SendState
from bridge.tickets import search
from tests import hostile
from tests.hostile import bones
from tests.web import seed
from tests.web.hostile_seed import department_path

BATCHES = [*hostile.joined(hostile.WORDS), *hostile.LINKS]
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
Ask = Callable[[str], TestResponse]


@pytest.fixture
def client(case_book: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    browser = seed.make_client(tmp_path, monkeypatch)
    seed.sign_in(browser)
    yield browser
    seed.end()


def echoes(client: FlaskClient) -> dict[str, Ask]:
    """Every door that shows again what came in by it."""
    reference, closed = seed.add_ticket(), seed.add_ticket(status="resolved")
    ticket, office, done = f"/anliegen/{reference}", department_path(reference), department_path(closed)
    seed.add_reply(reference, "Danke", SendState.SENT)
    token = seed.token(client)

    def sent(path: str, **fields: str) -> Ask:
        def post(word: str) -> TestResponse:
            filled = {name: value.replace("WORD", word) for name, value in fields.items()}
            return client.post(path, data=filled, headers=SAME_SITE)

        return post

    def asked(path: str, *names: str) -> Ask:
        return lambda word: client.get(path, query_string=dict.fromkeys(names, word))

    return {
        "the search": asked("/", "suche", "sicht", "seite", "plattform", "amt", "ortsteil", "kategorie"),
        "the place": asked(ticket, "ort"),
        "the way back": asked("/anmelden", "weiter"),
        "the language": asked("/s/WRTWRT22", "lang"),
        "the department's link": asked(office, "antwort", "danke"),
        "by hand": sent(
            "/von-hand", csrf_token=token, source="WORD", words="WORD", author="WORD", url="WORD"
        ),
        "the late answer": sent(f"{ticket}/antwort", csrf_token=token, text="WORD", version="vWORD"),
        "the old form": sent(f"{ticket}/notiz", csrf_token="WORD", words="WORD", text="WORD"),
        "the department's wrong answer": sent(office, answer="WORD", words="WORD", once="WORD"),
        "the department's late answer": sent(done, answer="done", words="WORD", once="WORD"),
        "the department's long answer": sent(office, answer="done", words="WORD" + "x" * 2001),
        "the address": lambda word: client.get("/gibt/es/nicht", query_string=word),
    }


def test_no_door_gives_back_more_than_words(client: FlaskClient) -> None:
    for name, ask in echoes(client).items():
        usual = set(bones(ask("Wort").text))
        for word in BATCHES:
            page = ask(word)
            assert page.status_code < 500, (name, word)
            assert set(bones(page.text)) <= usual, (name, word)


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("antwort", ("text",)),
        ("notiz", ("words",)),
        ("kategorie", ("category",)),
        ("amt", ("department",)),
        ("ort", ("asked",)),
        ("ort", ("asked", "label", "precision")),
        ("stand", ("status", "words")),
    ],
)
def test_every_act_takes_hostile_words_or_refuses_them(
    client: FlaskClient, act: str, fields: tuple[str, ...]
) -> None:
    reference = seed.add_ticket()
    token = seed.token(client)
    for word in (*hostile.joined(hostile.WORDS, 20), "a\x00b", "\ufffd"):
        page = client.post(
            f"/anliegen/{reference}/{act}", data={"csrf_token": token, **dict.fromkeys(fields, word)}
        )
        assert page.status_code in (303, 400, 409), (act, word)
        assert page.headers.get("Location", "").removeprefix(f"/anliegen/{reference}") == ""
    assert client.get(f"/anliegen/{reference}").status_code == 200


def test_hostile_words_reach_the_case_book_unchanged(client: FlaskClient) -> None:
    reference = seed.add_ticket()
    token = seed.token(client)
    texts = hostile.joined(hostile.WORDS)
    for text in texts:
        client.post(f"/anliegen/{reference}/notiz", data={"csrf_token": token, "words": text})
    case = search.case(search.find_reference(reference) or 0)
    assert case
    kept = [entry.detail["text"] for entry in case.history if entry.what == "note"]
    assert kept == [text.strip() for text in texts]

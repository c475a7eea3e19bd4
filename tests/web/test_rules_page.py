"""The rules as staff read them, and what a tried text is said to become."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlmodel import select, update

from bridge.domain import Kind, Location, Precision, Step
from bridge.tickets import claims
from bridge.tickets.book import probes
from bridge.tickets.session import reading, writing
from bridge.tickets.tables import HistoryRow, ProbeRow
from bridge.tickets.types import utcnow
from tests.factories import make_understanding
from tests.web import seed
from workers import probe


def row(client: FlaskClient, rule: str, path: str = "/regeln") -> str:
    """The part of the page that speaks of one rule."""
    page = client.get(path).text
    return page.partition(f'id="regel-{rule}"')[2].partition('<li class="row"')[0]


def ask(client: FlaskClient, text: str = "Die Ampel ist aus") -> str:
    """Try a text as staff do; returns where the browser is led."""
    told = client.post("/regeln/probe", data={"text": text, "csrf_token": seed.token(client)})
    assert told.status_code == 303
    return str(told.location)


def test_every_rule_stands_there_in_a_sentence_with_its_reason(client: FlaskClient) -> None:
    said = row(client, "streets")
    assert "Nachrichten zu den Themen „Ampel defekt“ oder „Straßenschaden“ gehen an das Tiefbauamt." in said
    assert "Das Tiefbauamt hält Ampeln und Straßen instand." in said
    assert "„Die Ampel ist aus“" in said


def test_rules_stand_in_their_order_and_keep_their_numbers_in_a_filter(client: FlaskClient) -> None:
    assert "<b>2.</b>" in row(client, "streets")
    assert "<b>2.</b>" in row(client, "streets", "/regeln?amt=streets")
    assert row(client, "cleaning", "/regeln?amt=streets") == ""


def test_a_filter_without_a_rule_says_so(client: FlaskClient) -> None:
    assert "Keine Regel gibt diesem Amt etwas." in client.get("/regeln?amt=unbekannt").text


def test_each_rule_says_how_often_it_decided(client: FlaskClient) -> None:
    for age in (1, 80, 100):
        seed.add_ticket(rule="streets", opened_at=utcnow() - timedelta(days=age))
    assert "2 Anliegen" in row(client, "streets")
    assert "hat in 90 Tagen nichts entschieden" in row(client, "cleaning")


def test_a_rule_says_who_was_not_responsible_after_all(client: FlaskClient) -> None:
    seed.add_ticket()
    with writing() as db:
        told = {"department": "streets", "rule": "streets", "words": ""}
        db.add(HistoryRow(ticket_id=1, actor="department:streets", what="refused", detail=told))
    assert "Tiefbauamt war 1-mal nicht zuständig" in row(client, "streets")


def test_a_tried_text_waits_until_it_was_read(client: FlaskClient) -> None:
    path = ask(client)
    told = client.get(path)
    assert "Wird gelesen" in told.text
    assert told.headers["Refresh"] == f"1; url={path}?seit=1"
    assert "Das dauert länger als sonst" in client.get(f"{path}?seit=8").text


def read_as(monkeypatch: pytest.MonkeyPatch, **meaning: object) -> None:
    monkeypatch.setattr(probe, "understand", lambda text, **_: make_understanding(**meaning))
    probe.run()


def test_a_tried_text_shows_every_rule_and_where_it_would_go(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = ask(client)
    read_as(monkeypatch, category="illegal_dumping")
    told = client.get(path)
    assert "Refresh" not in told.headers
    for said in (
        "Geht an: Stadtreinigung (Regel cleaning)",
        "nein, Art „Meldung“ statt „Notfall“",
        "nein, Thema „Illegale Müllablagerung“ statt „Ampel defekt“ oder „Straßenschaden“",
        "Warum: Die Stadtreinigung holt ab, was wild abgelegt wurde.",
        "Hauptstraße / Ringstraße",
    ):
        assert said in told.text
    assert "Vorher" not in told.text


@pytest.mark.parametrize(
    ("meaning", "said"),
    [
        ({"location": None}, "Vorher wird nach dem Ort gefragt"),
        (
            {"location": Location(label="Nord", precision=Precision.DISTRICT, confidence=0.2)},
            "Vorher wird nach dem Ort gefragt",
        ),
        ({"confidence": 0.1}, "Vorher sieht ein Mensch nach"),
        ({"kind": Kind.EMERGENCY, "category": None}, "Die Bereitschaft wird sofort alarmiert"),
        ({"kind": Kind.ABUSE, "category": None}, "Kommt auf die Seite Netiquette."),
        ({"kind": Kind.IRRELEVANT, "category": None}, "Wird abgelegt."),
        ({"kind": Kind.QUESTION, "category": None, "location": None}, "Geht an: Pressestelle (Regel rest)"),
    ],
)
def test_what_comes_before_or_instead_is_said(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, meaning: dict[str, object], said: str
) -> None:
    path = ask(client)
    read_as(monkeypatch, **meaning)
    assert said in client.get(path).text


def test_a_text_no_worker_could_read_says_so(client: FlaskClient) -> None:
    path = ask(client)
    (claim,) = claims.claim(Step.PROBE, 1)
    claims.set_aside(claim, "ValueError: kaputt")
    assert "ließ sich nicht lesen: ValueError: kaputt" in client.get(path).text


@pytest.mark.parametrize("text", ["", "  \n "])
def test_without_words_nothing_is_tried(client: FlaskClient, text: str) -> None:
    assert ask(client, text) == "/regeln"
    assert claims.claim(Step.PROBE, 1) == []


def test_an_endless_text_is_cut(client: FlaskClient) -> None:
    found = probes.find(ask(client, "a" * 9000).rpartition("/")[2])
    assert found is not None
    assert len(found.text) == probes.LONGEST


def test_a_tried_text_is_gone_after_a_day(client: FlaskClient) -> None:
    old, young = ask(client), ask(client)
    with writing() as db:
        yesterday = utcnow() - timedelta(days=1, seconds=1)
        db.exec(update(ProbeRow).where(ProbeRow.key == old.rpartition("/")[2]).values(asked_at=yesterday))
    assert client.get(old).status_code == 404
    probes.forget()
    assert client.get(young).status_code == 200
    with reading() as db:
        assert [row.key for row in db.exec(select(ProbeRow))] == [young.rpartition("/")[2]]


def test_what_was_tried_opens_no_ticket(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(client)
    read_as(monkeypatch)
    assert "Nichts zu tun" in client.get("/").text

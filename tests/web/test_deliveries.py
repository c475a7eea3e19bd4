"""Staff see every try of every hand-over, what is still failing, and can hand it over once more."""

import pytest
from flask.testing import FlaskClient

from bridge.domain import SendState, Step
from bridge.tickets import switches
from bridge.tickets.session import writing
from bridge.tickets.tables import AttemptRow, DeliveryRow, HistoryRow
from bridge.tickets.types import utcnow
from tests.tickets import story
from tests.web import seed


def attempt(delivery_id: int, outcome: str = "given_up", **changed: object) -> None:
    with writing() as db:
        db.add(AttemptRow(delivery_id=delivery_id, outcome=outcome, **changed))


def test_the_ticket_shows_the_log_of_its_hand_overs(client: FlaskClient, ticket: str) -> None:
    parcel = seed.add_delivery(ticket, error="answered 500")
    attempt(parcel, "again", status_code=500, milliseconds=1240, words="answered 500 <b>", next_at=utcnow())
    attempt(parcel, words="there is no such host")
    page = client.get(f"/anliegen/{ticket}").text
    for shown in (
        "Zustellprotokoll: 2 Versuche",
        "1,2 s, Antwort 500",
        "Der Server des Amts antwortete mit 500 &lt;b&gt;",
        "Nächster Versuch",
        "wird wiederholt",
        "aufgegeben",
        "there is no such host",
        "Noch einmal zustellen",
    ):
        assert shown in page


def test_what_only_waits_for_a_release_is_not_called_a_repeat(client: FlaskClient, ticket: str) -> None:
    seed.add_delivery(ticket)
    page = client.get(f"/anliegen/{ticket}").text
    assert "Freigeben" in page
    assert "Noch einmal zustellen" not in page
    assert "Zustellprotokoll" not in page


@pytest.mark.parametrize("state", [SendState.SENT, SendState.NEEDS_DECISION, SendState.PENDING])
def test_pressing_hands_over_once_more_under_the_same_identity(
    client: FlaskClient, ticket: str, state: SendState
) -> None:
    parcel = seed.add_delivery(ticket, state, message_id="the-same")
    attempt(parcel)
    page = seed.press(client, f"/anliegen/{ticket}/uebergabe/{parcel}/noch-einmal").text
    assert "jetzt noch einmal" in page
    assert "Noch einmal zugestellt" in page
    (row,) = story.rows(DeliveryRow)
    assert (row.state, row.step, row.message_id) == (SendState.PENDING, Step.DELIVER, "the-same")
    assert (story.rows(HistoryRow)[-1].what, story.rows(HistoryRow)[-1].actor) == (
        "delivered again",
        "staff:vera",
    )


@pytest.mark.parametrize("state", [SendState.SENDING, SendState.DROPPED])
def test_what_is_under_way_or_dropped_is_not_handed_over_again(
    client: FlaskClient, ticket: str, state: SendState
) -> None:
    parcel = seed.add_delivery(ticket, state)
    attempt(parcel)
    assert "Noch einmal zustellen" not in client.get(f"/anliegen/{ticket}").text
    seed.press(client, f"/anliegen/{ticket}/uebergabe/{parcel}/noch-einmal")
    assert story.rows(DeliveryRow)[0].state is state


def test_the_page_of_deliveries_tells_by_office_what_fails(client: FlaskClient, ticket: str) -> None:
    seed.add_delivery(ticket, error="answered 410")
    seed.add_delivery(ticket, SendState.PENDING, department="cleaning", error="answered 503")
    seed.add_delivery(ticket, SendState.SENT, department="press")
    switches.shut("streets", "https://amt.example/t")
    page = client.get("/zustellungen").text
    assert page.index("Stadtreinigung</h2>") < page.index("Tiefbauamt</h2>")
    told = (
        "antwortete mit 410",
        "antwortete mit 503",
        "nächster Versuch",
        "bridge departments enable streets",
    )
    for shown in told:
        assert shown in page
    assert "Pressestelle</h2>" not in page


def test_where_all_arrived_the_page_says_so(client: FlaskClient, ticket: str) -> None:
    seed.add_delivery(ticket)
    seed.add_delivery(ticket, SendState.SENT, department="press")
    assert "Alles kam bei den Ämtern an." in client.get("/zustellungen").text
    assert 'href="/zustellungen"' in client.get("/stoerungen").text

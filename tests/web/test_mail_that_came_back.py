"""A mail that came back is seen beside its hand-over, and may go to another address."""

import pytest
from flask.testing import FlaskClient

from bridge.domain import SendState
from bridge.tickets.tables import DeliveryRow
from tests.tickets import story
from tests.web import seed


def test_what_came_back_is_shown_beside_its_hand_over(client: FlaskClient, ticket: str) -> None:
    seed.add_delivery(ticket, error="550 no such mailbox", bounce="550 no such mailbox <b>")
    page = client.get(f"/anliegen/{ticket}").text
    assert "Die E-Mail kam zurück: 550 no such mailbox &lt;b&gt;" in page
    assert "An eine andere Adresse" in page


def test_a_delay_is_noted_and_asks_for_nothing(client: FlaskClient, ticket: str) -> None:
    seed.add_delivery(ticket, SendState.SENT, bounce="4.4.7 delayed")
    page = client.get(f"/anliegen/{ticket}").text
    assert "Später kam eine Meldung: 4.4.7 delayed" in page
    assert "An eine andere Adresse" not in page


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        ("vertretung@musterstadt.example", True),
        ("niemand", False),
        ("a@b.example\r\nBcc: c@d.example", False),
    ],
)
def test_another_address_is_taken_where_it_is_one(
    client: FlaskClient, ticket: str, address: str, taken: bool
) -> None:
    parcel = seed.add_delivery(ticket, error="550 no such mailbox")
    page = seed.press(client, f"/anliegen/{ticket}/uebergabe/{parcel}/noch-einmal", address=address).text
    assert ("Das ist keine E-Mail-Adresse" in page) is not taken
    (row,) = story.rows(DeliveryRow)
    assert (row.address, row.state) == (
        (address, SendState.PENDING) if taken else ("", SendState.NEEDS_DECISION)
    )

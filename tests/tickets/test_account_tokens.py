"""A token a platform changes is stored for the next process, and nobody's newer one is overwritten."""

import pytest
from pydantic import SecretStr

from bridge.tickets.book import accounts
from bridge.tickets.session import reading
from bridge.tickets.tables import CityAccountRow
from tests.tickets import story
from workers.poll import platform_of

pytestmark = pytest.mark.usefixtures("database")


def token(account_id: int) -> str:
    return accounts.get(account_id).token.get_secret_value()


def test_a_token_the_platform_changed_is_stored_encrypted() -> None:
    account_id = story.connect()
    platform_of(accounts.get(account_id)).renew(SecretStr("das nächste"))
    assert token(account_id) == "das nächste"
    with reading() as session:
        assert "das nächste" not in session.get_one(CityAccountRow, account_id).secret


def test_of_two_processes_the_first_to_change_it_wins() -> None:
    account_id = story.connect()
    first, second = platform_of(accounts.get(account_id)), platform_of(accounts.get(account_id))
    first.renew(SecretStr("das erste"))
    second.renew(SecretStr("das zweite"))
    assert token(account_id) == "das erste"
    assert second.account.token.get_secret_value() == "das zweite"

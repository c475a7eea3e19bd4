"""Codes people can read aloud, and links that prove themselves."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bridge import links
from bridge.domain import ConfigError, PermanentError
from bridge.settings import settings
from bridge.tickets.types import utcnow

pytestmark = pytest.mark.usefixtures("database")


def token(url: str) -> str:
    return url.rpartition("/")[2].partition("?")[0]


def test_codes_have_eight_signs_none_of_which_is_mistaken_for_another() -> None:
    codes = {links.new_code() for _ in range(2000)}
    assert len(codes) == 2000
    assert all(re.fullmatch(r"[2-9A-HJ-NP-Z]{8}", code) for code in codes)
    assert set("".join(codes)) == set(links.CODE_LETTERS)


def test_an_answer_link_names_ticket_department_and_answer() -> None:
    url = links.answer_url(42, "streets", "done")
    assert url.startswith(f"{settings().public_url}/amt/")
    assert url.endswith("?antwort=done")
    assert links.read_answer(token(url)) == (42, "streets")


READERS: list[Callable[[str], object]] = [links.read_answer, links.read_sign_in]


@pytest.mark.parametrize("read", READERS, ids=["answer", "sign-in"])
@given(wild=st.text(max_size=80))
@hypothesis_settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_invented_token_opens_anything(read: Callable[[str], object], wild: str) -> None:
    with pytest.raises(PermanentError):
        read(wild)


@given(place=st.integers(min_value=0), sign=st.characters(codec="ascii"))
@hypothesis_settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_tampered_token_opens_nothing_else(place: int, sign: str) -> None:
    genuine = token(links.answer_url(42, "streets"))
    at = place % len(genuine)
    tampered = genuine[:at] + sign + genuine[at + 1 :]
    try:
        assert links.read_answer(tampered) == (42, "streets")
    except PermanentError:
        assert tampered != genuine


def test_a_link_for_one_purpose_does_not_serve_another() -> None:
    with pytest.raises(PermanentError):
        links.read_answer(token(links.sign_in_url("vera")))
    with pytest.raises(PermanentError):
        links.read_sign_in(token(links.answer_url(1, "streets")))


@pytest.mark.parametrize(
    ("url", "read", "age"),
    [
        (lambda: links.answer_url(1, "streets"), links.read_answer, timedelta(days=180)),
        (lambda: links.sign_in_url("vera"), links.read_sign_in, timedelta(hours=12)),
    ],
    ids=["answer", "sign-in"],
)
def test_links_grow_old(url: Callable[[], str], read: Callable[[str], object], age: timedelta) -> None:
    given_out = token(url())
    with time_machine.travel(utcnow() + age - timedelta(minutes=1)):
        assert read(given_out)
    with time_machine.travel(utcnow() + age + timedelta(minutes=1)), pytest.raises(PermanentError):
        read(given_out)


def test_another_key_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    given_out, key = token(links.answer_url(1, "streets")), links.fernet_key()
    monkeypatch.setenv("BRIDGE_SECRET_KEY", "another key that is long enough to be taken")
    settings.cache_clear()
    with pytest.raises(PermanentError):
        links.read_answer(given_out)
    assert links.fernet_key() != key


def test_without_a_key_nothing_is_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIDGE_SECRET_KEY", "short")
    settings.cache_clear()
    with pytest.raises(ConfigError, match="BRIDGE_SECRET_KEY"):
        links.answer_url(1, "streets")


def test_a_mail_token_belongs_to_one_ticket_and_one_department() -> None:
    proof = links.mail_token(42, "streets")
    assert re.fullmatch(r"[a-z2-7]{16}", proof)
    assert links.check_mail_token(42, "streets", proof)
    assert links.check_mail_token(42, "streets", proof.upper())
    assert not links.check_mail_token(43, "streets", proof)
    assert not links.check_mail_token(42, "cleaning", proof)
    assert not links.check_mail_token(42, "streets", "ä" * 16)


def test_a_bounce_token_is_no_answer_token() -> None:
    assert links.check_bounce_token(7, links.bounce_token(7))
    assert not links.check_bounce_token(8, links.bounce_token(7))
    assert links.bounce_token(7) != links.mail_token(7, "")


def test_the_addresses_of_a_mail_carry_their_proof() -> None:
    answer = links.answer_address("melder@stadt.example", 42, "streets")
    bounce = links.bounce_address("melder@stadt.example", 7)
    assert answer == f"melder+42.{links.mail_token(42, 'streets')}@stadt.example"
    assert bounce == f"melder+b7.{links.bounce_token(7)}@stadt.example"


def test_a_message_id_proves_which_ticket_it_belongs_to() -> None:
    ours = links.message_id(42, "a1b2")
    assert links.read_message_id(ours) == 42
    assert links.mail_token(42, "streets") not in ours


@pytest.mark.parametrize("change", ["4{0}", "{0}a", "x{0}", "{0}\n", "42.a1b2", "", "٤٢.a1b2.{0}", "\ud800"])
def test_a_message_id_that_is_not_ours_proves_nothing(change: str) -> None:
    assert links.read_message_id(change.format(links.message_id(42, "a1b2"))) is None

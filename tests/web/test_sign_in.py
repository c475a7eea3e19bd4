"""Nobody looks without an account, and nobody acts without a form of ours."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bridge import links
from bridge.tickets import switches
from bridge.tickets.book import staff
from bridge.web import auth
from tests.web import seed

ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}
PUBLIC = {"auth", "departments", "status", "health", "api", "open311", "mail_door", None}
"""What nobody signs in for: links, codes and keys of their own open these."""


@pytest.fixture
def client(case_book: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    monkeypatch.setattr(auth, "throttle", auth.Throttle("test", limit=10, seconds=900))
    yield seed.make_client(tmp_path, monkeypatch)
    seed.end()


def paths(client: FlaskClient, method: str) -> list[str]:
    """Every staff address of this method, with its variables filled in."""
    rules = [r for r in client.application.url_map.iter_rules() if method in (r.methods or ())]
    staff_rules = [r for r in rules if r.endpoint != "static" and r.endpoint.split(".")[0] not in PUBLIC]
    values = {"reference": "MU-2026-00001", "act": "freigeben", "name": "a.jpg"}
    adapter = client.application.url_map.bind("127.0.0.1:8080")
    return [
        adapter.build(r.endpoint, {name: values.get(name, 1) for name in r.arguments}) for r in staff_rules
    ]


def try_password(client: FlaskClient, password: str = seed.PASSWORD, onward: str = "") -> int:
    client.get("/anmelden")
    form = {"login": seed.LOGIN, "password": password, "onward": onward}
    with client.session_transaction() as kept:
        kept.pop("csrf_token", None)
    page = client.get("/anmelden").text
    form["csrf_token"] = page.split('name="csrf_token" value="')[1].split('"')[0]
    return client.post("/anmelden", data=form).status_code


def test_every_page_asks_for_a_sign_in(client: FlaskClient) -> None:
    seed.add_ticket()
    found = paths(client, "GET")
    assert len(found) >= 7
    for path in found:
        page = client.get(path)
        assert (page.status_code, page.location.split("?")[0]) == (302, "/anmelden"), path


def test_every_act_without_a_form_of_ours_is_refused(client: FlaskClient) -> None:
    seed.sign_in(client)
    seed.add_ticket()
    found = paths(client, "POST")
    assert len(found) >= 12
    for path in [*found, "/abmelden", "/anmelden"]:
        page = client.post(path, data={"text": "Guten Tag"})
        assert page.status_code == 400, path
        assert "Bitte noch einmal senden" in page.text
        assert "Guten Tag" in page.text
    assert switches.paused_by() is None


def test_an_act_without_a_sign_in_keeps_the_text(client: FlaskClient) -> None:
    seed.sign_in(client)
    reference, token = seed.add_ticket(), seed.token(client)
    client.delete_cookie("staff")
    page = client.post(f"/anliegen/{reference}/notiz", data={"csrf_token": token, "words": "Viel Arbeit"})
    assert page.status_code == 401
    assert "Bitte neu anmelden" in page.text
    assert "Viel Arbeit" in page.text


def test_login_and_password_open_the_desk(client: FlaskClient) -> None:
    seed.sign_in(client)
    client.delete_cookie("staff")
    assert try_password(client, "falsch") == 401
    assert try_password(client) == 303
    assert "Vera Beispiel" in client.get("/").text


def test_signing_out_ends_the_session_on_the_server_too(client: FlaskClient) -> None:
    seed.sign_in(client)
    cookie = client.get_cookie("staff")
    assert cookie
    assert client.post("/abmelden", data={"csrf_token": seed.token(client)}).status_code == 303
    assert client.get("/").status_code == 302
    client.set_cookie("staff", cookie.value)
    assert client.get("/").status_code == 302


def test_ten_wrong_passwords_close_the_door_for_a_while(client: FlaskClient) -> None:
    seed.sign_in(client)
    client.delete_cookie("staff")
    assert [try_password(client, "falsch") for _ in range(10)] == [401] * 10
    assert try_password(client) == 429


@pytest.mark.parametrize("token", ["", "unsinn", "InZlcmEi.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"])
def test_a_made_up_sign_in_link_opens_nothing(client: FlaskClient, token: str) -> None:
    assert client.get(f"/anmelden/link/{token}").status_code == 404
    assert client.get("/").status_code == 302


def test_a_sign_in_link_of_somebody_unknown_opens_nothing(client: FlaskClient) -> None:
    path = links.sign_in_url("niemand").removeprefix(seed.LOCAL)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("onward", "lands"),
    [
        ("/stoerungen", "/stoerungen"),
        ("/?sicht=all", "/?sicht=all"),
        ("", "/"),
        ("//fremd.example", "/"),
        ("https://fremd.example", "/"),
        ("/\\fremd.example", "/"),
        ("/\t/fremd.example", "/"),
    ],
)
def test_signing_in_never_leads_to_another_host(client: FlaskClient, onward: str, lands: str) -> None:
    seed.sign_in(client)
    form = {
        "login": seed.LOGIN,
        "password": seed.PASSWORD,
        "onward": onward,
        "csrf_token": seed.token(client),
    }
    assert client.post("/anmelden", data=form).location == lands


@pytest.mark.parametrize(
    ("where", "headers", "status"),
    [
        ("127.0.0.1", {}, 302),
        ("::1", {}, 302),
        ("203.0.113.9", {}, 403),
        ("10.0.0.7", {}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, 403),
        ("127.0.0.1", {"Forwarded": "for=203.0.113.9"}, 403),
    ],
)
def test_without_any_account_only_this_machine_is_answered(
    client: FlaskClient, where: str, headers: dict[str, str], status: int
) -> None:
    page = client.get("/", environ_overrides={"REMOTE_ADDR": where}, headers=headers)
    assert page.status_code == status
    assert ("bridge staff add" in page.text) == (status == 403)


def test_with_an_account_everybody_may_try_to_sign_in(client: FlaskClient) -> None:
    staff.add(seed.LOGIN, "Vera Beispiel", password=seed.PASSWORD)
    assert client.get("/anmelden", environ_overrides=ELSEWHERE).status_code == 200


@pytest.mark.parametrize(
    ("url", "name", "secure"),
    [(seed.LOCAL, "staff", False), ("https://melder.musterstadt.example", "__Host-staff", True)],
)
def test_the_session_cookie_stays_with_this_host(
    case_book: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, name: str, secure: bool
) -> None:
    client = seed.make_client(tmp_path, monkeypatch, url)
    seed.sign_in(client)
    cookie = client.get_cookie(name)
    assert cookie
    assert (cookie.http_only, cookie.same_site, cookie.secure, cookie.path) == (True, "Lax", secure, "/")
    seed.end()


def test_health_answers_before_anybody_has_an_account(client: FlaskClient) -> None:
    page = client.get("/gesundheit", environ_overrides=ELSEWHERE)
    assert (page.status_code, page.json) == (200, {"ok": True, "database": True, "redis": False})


def test_the_web_process_stays_light() -> None:
    heavy = "{'spacy', 'bridge.understanding'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", f"import sys, bridge.app; assert not {heavy}"], check=True)

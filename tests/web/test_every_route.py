"""What every answer carries and no request may do, for each address the web process knows."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlmodel import SQLModel
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from bridge import links
from bridge.domain import SendState
from bridge.tickets import search
from bridge.tickets.book import probes, staff
from bridge.tickets.session import reading
from tests.web import seed

HTTPS = "https://melder.musterstadt.example"
ELSEWHERE = (
    "//boese.example",
    "///boese.example",
    "////boese.example",
    "//boese.example/%2f..",
    "//boese.example\\@melder.musterstadt.example",
    "/\\boese.example",
    "\\/boese.example",
    "\\\\boese.example",
    "/\\/boese.example",
    "/\t/boese.example",
    "/\n/boese.example",
    "/\r/boese.example",
    "/\x0b/boese.example",
    "/\x00/boese.example",
    "/\u2028/boese.example",
    "\t//boese.example",
    " //boese.example",
    "\u00a0//boese.example",
    "\ufeff//boese.example",
    "https://boese.example",
    "https:boese.example",
    "https:/boese.example",
    "https:///boese.example",
    "https:\\\\boese.example",
    "hTTps://boese.example",
    "http://boese.example",
    "ftp://boese.example",
    "javascript:window.__ran=1",
    "JaVaScRiPt:window.__ran=1",
    "java\tscript:window.__ran=1",
    "data:text/html,<script>window.__ran=1</script>",
    "vbscript:x",
    "boese.example",
    "@boese.example",
    ".boese.example",
    ":80@boese.example",
    "?//boese.example",
    "#//boese.example",
    "https://melder.musterstadt.example@boese.example",
    "https://melder.musterstadt.example.boese.example",
    "https://melder.musterstadt.example",
    "〱boese.example",
    "／／boese.example",
    "/\r\nLocation: https://boese.example",
    "/\r\n\r\n<script>window.__ran=1</script>",
)
HARMLESS_DETOURS = (
    "/%09/boese.example",
    "/%5cboese.example",
    "/%2f/boese.example",
    "/.//boese.example",
    "/..//boese.example",
    "/@boese.example",
    "/?weiter=//boese.example",
    "/；@boese.example",
)
"""Odd, but a browser stays on this host."""


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    yield seed.make_client(tmp_path, monkeypatch, HTTPS)
    seed.end()


def ask(client: FlaskClient, path: str, method: str = "GET", **more: Any) -> TestResponse:
    """What a browser sees: it is at the public address, and redirects are looked at."""
    return client.open(path, method=method, base_url=HTTPS, buffered=True, **more)


def sign_in(client: FlaskClient) -> None:
    if not staff.any_account():
        staff.add(seed.LOGIN, "Vera Beispiel", password=seed.PASSWORD)
    assert ask(client, links.sign_in_url(seed.LOGIN).removeprefix(HTTPS)).status_code == 303


def filled() -> Callable[[Rule], str]:
    """Rows for every variable of every address, and how an address looks with them."""
    reference = seed.add_ticket()
    seed.add_photo(reference, "a.jpg", b"\xff\xd8\xff\xd9")
    ticket = search.find_reference(reference) or 0
    case = search.case(ticket)
    assert case
    values = {
        "reference": reference,
        "code": case.code,
        "name": "a.jpg",
        "filename": "desk.css",
        "act": "freigeben",
        "message_id": case.messages[0].id,
        "attachment_id": case.messages[0].attachments[0].id,
        "reply_id": seed.add_reply(reference, "Danke", SendState.NEEDS_DECISION),
        "delivery_id": seed.add_delivery(reference),
        "letter_id": seed.add_letter(reference),
        "key": probes.ask("Die Ampel ist aus"),
        "form": "xml",
        "service_code": "noise",
        "service_request_id": reference,
    }

    def path(rule: Rule) -> str:
        signed = "sign-in" if rule.endpoint.startswith("auth") else "answer"
        urls = {"sign-in": links.sign_in_url(seed.LOGIN), "answer": links.answer_url(ticket, "streets")}
        known = values | {"token": urls[signed].rpartition("/")[2]}
        built = rule.build({name: known[name] for name in rule.arguments})
        assert built
        return built[1]

    return path


def rules(client: FlaskClient, method: str) -> list[Rule]:
    return [rule for rule in client.application.url_map.iter_rules() if method in (rule.methods or ())]


def everything() -> dict[str, list[Any]]:
    with reading() as db:
        tables = SQLModel.metadata.tables
        return {name: list(db.execute(text(f'SELECT * FROM "{name}"')).all()) for name in tables}


@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS", "PUT"])
def test_every_answer_is_dressed(client: FlaskClient, signed_in: bool, method: str) -> None:
    path = filled()
    if signed_in:
        sign_in(client)
    addresses = [path(rule) for rule in client.application.url_map.iter_rules()]
    for address in [*addresses, "/gibt/es/nicht", "/s/ZZZZ2222", "/amt/falsch", "/static/../app.py"]:
        heads = ask(client, address, method).headers
        policy = dict(
            part.strip().partition(" ")[::2] for part in heads["Content-Security-Policy"].split(";")
        )
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'", address
        assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'", address
        assert heads["X-Content-Type-Options"] == "nosniff", address
        assert heads["Cross-Origin-Opener-Policy"] == "same-origin", address
        assert heads["Referrer-Policy"] in ("no-referrer", "same-origin"), address
        assert "Access-Control-Allow-Origin" not in heads, address


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_cookie_keeps_to_this_host_and_to_https(client: FlaskClient, method: str) -> None:
    path = filled()
    sign_in(client)
    addresses = [*(path(rule) for rule in rules(client, method)), links.sign_in_url(seed.LOGIN)[len(HTTPS) :]]
    cookies = [each for address in addresses for each in ask(client, address).headers.getlist("Set-Cookie")]
    assert cookies
    for cookie in cookies:
        name, *flags = (part.strip() for part in cookie.split(";"))
        assert name.startswith("__Host-"), cookie
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(flags), cookie
        assert not [flag for flag in flags if flag.startswith("Domain")], cookie


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_changes_nothing(client: FlaskClient, method: str) -> None:
    path = filled()
    sign_in(client)
    before = everything()
    for rule in client.application.url_map.iter_rules():
        if rule.endpoint == "auth.by_link":
            continue  # The demo's own link: it starts a session and changes nothing else.
        query = {"_method": "POST", "status": "resolved", "words": "x", "answer": "done", "antwort": "done"}
        ask(client, path(rule), method, query_string=query)
    assert everything() == before


def test_pages_behind_a_sign_in_or_a_secret_address_stay_in_no_cache(client: FlaskClient) -> None:
    path = filled()
    sign_in(client)
    for rule in rules(client, "GET"):
        if rule.endpoint not in ("static", "health.show", "auth.form", "auth.by_link"):
            assert ask(client, path(rule)).headers["Cache-Control"] == "no-store", rule.rule


def test_no_way_onward_leads_elsewhere(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(client)
    vera = staff.by_login(seed.LOGIN)
    # What is tried is the way onward, not the form token and the slow password.
    client.application.config["WTF_CSRF_ENABLED"] = False
    monkeypatch.setattr(staff, "check", lambda *_: vera)
    assert {onward: ways for onward in ELSEWHERE if (ways := ways_onward(client, onward)) != {"/"}} == {}
    detours = {where for onward in HARMLESS_DETOURS for where in ways_onward(client, onward)}
    assert {host(where) for where in detours} == {host(HTTPS)}


def ways_onward(client: FlaskClient, onward: str) -> set[str]:
    """Where the doors that let themselves be told lead."""
    form = {"onward": onward, "login": seed.LOGIN, "password": seed.PASSWORD}
    return {ask(client, door, "POST", data=form).location for door in ("/anhalten", "/weiter", "/anmelden")}


def host(where: str) -> str:
    return urlsplit(urljoin(HTTPS, where)).netloc


@pytest.mark.parametrize(
    "path",
    ["//boese.example/", "//boese.example/anliegen", "/\\boese.example", "/%5cboese.example", "/%0d%0aX: y"],
)
def test_no_odd_address_is_answered_with_a_way_elsewhere(client: FlaskClient, path: str) -> None:
    for signed_in in (False, True):
        if signed_in:
            sign_in(client)
        page = client.open(environ_overrides={"PATH_INFO": path, "RAW_URI": path}, base_url=HTTPS)
        assert host(page.headers.get("Location", "/")) == host(HTTPS)

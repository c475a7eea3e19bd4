"""A small city with a ticket in every state, its desk and its square, served by this process to a browser."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask
from PIL import Image
from werkzeug.serving import WSGIRequestHandler, make_server

from bridge import links
from bridge.delivery.email import compose
from bridge.domain import Cause, DecisionReason, Evidence, Flag, Kind, SendState, Step, TicketStatus, Verdict
from bridge.sandbox.records import Draft
from bridge.sandbox.serve import Running, running
from bridge.tickets import claims, search, switches
from bridge.tickets.book import desk, probes, staff
from bridge.tickets.session import writing
from bridge.tickets.tables import BY_HAND, AttemptRow, StatusChangeRow
from bridge.tickets.types import utcnow
from tests.delivery.contract import handover
from tests.factories import make_location, make_understanding
from tests.web import seed

PARK = "name,kind,lat,lon\nLindenpark,park,51.02,12.02\n"


class Town(NamedTuple):
    """Where to look: paths by the names of their pages; `pages` and `states` are for staff."""

    desk: str
    square: Running
    pages: dict[str, str]
    states: dict[str, str]
    public: dict[str, str]


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def open_desk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an empty desk."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        client = seed.make_client(folder, monkeypatch, f"http://127.0.0.1:{port}")
        (folder / "musterstadt" / "places.csv").write_text(PARK, encoding="utf-8")
        with _serving(client.application, port, listening.fileno()):
            yield f"http://127.0.0.1:{port}"
    seed.end()


@contextmanager
def _serving(app: Flask, port: int, fd: int) -> Iterator[None]:
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet, fd=fd)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


@contextmanager
def open_town(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """The whole town, with everything in it that a page may show."""
    with running(folder / "square", "token-der-stadt") as square, open_desk(folder, monkeypatch) as address:
        staff.add(seed.LOGIN, "Vera Beispiel", password=seed.PASSWORD)
        _write_on(square)
        _put_away()
        yield Town(address, square, _views() | _tickets(), _states(), _public())


def ticket_path(reference: str) -> str:
    """Where the desk shows a ticket."""
    return f"/anliegen/{reference}"


def department_path(reference: str, department: str = "streets", answer: str = "") -> str:
    """Where a department shows a ticket."""
    ticket = search.find_reference(reference)
    assert ticket
    return "/amt/" + links.answer_url(ticket, department, answer).partition("/amt/")[2]


def change(reference: str, status: TicketStatus, words: str = "", actor: str = "department:streets") -> None:
    """Let a state stand in the history of a ticket."""
    with writing() as db:
        ticket = search.find_reference(reference)
        assert ticket
        db.add(StatusChangeRow(ticket_id=ticket, status=status, actor=actor, words=words))


def _write_on(square: Running) -> None:
    network = square.network
    ada, bruno = network.personas[:2]
    photo = network.upload(ada, _picture(), "Eine Ampel")
    post = network.write(ada, Draft(status="@stadt Ampel aus, https://ada.example", media_ids=(photo.id,)))
    network.write(network.city, Draft(status="@ada Danke, Ihre Nummer: MU-1", in_reply_to_id=post.id))
    network.write(bruno, Draft(status="@stadt Nur für Sie", visibility="direct"))
    square.mailbox.keep(compose(handover()).as_bytes())
    square.mailbox.keep(b"Subject: Notiz\r\nTo: amt@stadt.example\r\n\r\nSiehe https://stadt.example/x")


def _views() -> dict[str, str]:
    views = ("now", "department", "citizen", "all", "closed")
    named = {f"the desk, view {view}": f"/?sicht={view}" for view in views}
    return named | {
        "the desk, no match": "/?suche=gibtesnicht&amt=streets",
        "by hand": "/von-hand",
        "by hand, waiting": "/von-hand/999",
        "by hand, waiting long": "/von-hand/999?seit=8",
        "post": "/post",
        "netiquette": "/netiquette",
        "put away": "/abgelegt",
        "troubles": "/stoerungen",
        "rules": "/regeln",
        "rules of nobody": "/regeln?amt=niemand",
        "a text that waits to be read": f"/regeln/probe/{probes.ask('Die Ampel ist aus')}?seit=8",
        "a text that was read": f"/regeln/probe/{_read()}",
        "deliveries": "/zustellungen",
        "no such ticket": "/anliegen/MU-2026-99999",
    }


def _read() -> str:
    """A tried text, already read."""
    key = probes.ask("Die Ampel ist aus, " + "Donaudampfschifffahrtsgesellschaft" * 3)
    (claim,) = (each for each in claims.claim(Step.PROBE, 9) if probes.text_of(each) != "Die Ampel ist aus")
    seen = Evidence(about="category", value="traffic_light", because="clue: Ampel", words="Ampel … aus")
    result = {
        "meaning": make_understanding(evidence=(seen,)).model_dump(mode="json"),
        "understood": [("Art", "Meldung"), ("Thema", "Ampel defekt")],
        "trials": [("emergency", "nein, Art „Meldung“ statt „Notfall“"), ("streets", "ja")],
        "outcome": ["Geht an: Tiefbauamt (Regel streets)", "Warum: Das Tiefbauamt hält Ampeln instand."],
    }
    probes.answer(claim, result)
    return key


def _tickets() -> dict[str, str]:
    """The tickets with everything that may wait in one."""
    bare = {"location": None, "department": None, "category": None, "because": "", "rule": None}
    found = {
        "a full ticket": _full(),
        "an emergency": _emergency(),
        "a call": _call(),
        "a ticket without a place": seed.add_ticket("Irgendwo ist etwas", **bare),
        "a closed ticket": _in_state(TicketStatus.RESOLVED),
    }
    paths = {name: ticket_path(reference) for name, reference in found.items()}
    return paths | {"places to choose from": f"{paths['a full ticket']}?ort=Lindenpark"}


def _states() -> dict[str, str]:
    """A ticket for every state and every reason to hold one back."""
    found = {f"a ticket {status}": _in_state(status) for status in TicketStatus}
    found |= {
        f"a ticket held back, {reason}": seed.add_ticket(status=TicketStatus.NEEDS_DECISION, reason=reason)
        for reason in DecisionReason
    }
    return {name: ticket_path(reference) for name, reference in found.items()}


def _in_state(status: TicketStatus) -> str:
    closed = utcnow() if status in ("resolved", "rejected", "duplicate") else None
    return seed.add_ticket(f"Die Ampel ist aus ({status})", status=status, closed_at=closed)


def _full() -> str:
    seen = Evidence(about="category", value="traffic_light", because="clue: Ampel", words="Ampel … aus")
    meaning = make_understanding(
        evidence=(seen,),
        flags=(Flag.PERSONAL_DATA,),
        candidates=(make_location(), make_location(label="Ringstraße", confidence=0.4)),
    )
    reference = seed.add_ticket(
        "Die Ampel ist aus\n" + "Donaudampfschifffahrtsgesellschaft" * 6,
        message={"understanding": meaning, "edited_at": utcnow(), "spoiler_text": "Achtung"},
        flags=["personal_data"],
        news_at=utcnow(),
    )
    seed.add_photo(reference, "ampel.jpg", _picture())
    seed.add_reply(reference, "Wir haben Ihre Meldung.", SendState.SENT, sent_at=utcnow())
    seed.add_reply(reference, "Bitte prüfen", cause=Cause.STATUS)
    seed.add_reply(reference, "Kam das an?", SendState.UNKNOWN)
    seed.add_reply(reference, "Nicht mehr nötig", SendState.DROPPED, error="no longer needed")
    seed.add_delivery(reference)
    seed.add_delivery(reference, SendState.SENT, revision=1, sent_at=utcnow())
    _tried(seed.add_delivery(reference, revision=2, error="answered 503: Wartung"))
    switches.shut("cleaning", "https://reinigung.example/annahme")
    ticket = search.find_reference(reference)
    assert ticket
    desk.note(ticket, f"staff:{seed.LOGIN}", "Mit dem Amt telefoniert")
    change(reference, TicketStatus.ACCEPTED, "Wir fahren morgen hin.")
    _write_letters(reference)
    return reference


def _write_letters(reference: str) -> None:
    """A letter of every kind that staff see."""
    seed.add_letter(reference, words="Der Mast steht wieder.\nFoto anbei.", files=["ampel.jpg"])
    seed.add_letter(reference, words="erledigt", verdict=Verdict.CONFIRM, answer="done")
    seed.add_letter(reference, words="in Arbeit", verdict=Verdict.APPLIED, answer="in_progress")
    seed.add_letter(reference, words="", verdict=Verdict.BOUNCE, because="550 5.1.1 unbekannt")
    seed.add_letter(None, verdict=Verdict.STOPPED, because="Es ist eine Massensendung (Precedence).")
    seed.add_letter(
        None,
        sender="wer@anderswo.example",
        subject=f"WG: [{reference}] Ampel " + "Donaudampfschifffahrtsgesellschaft" * 4,
        words="Bitte weiterleiten",
        verdict=Verdict.QUARANTINED,
        because="Der Schlüssel in der Adresse stimmt nicht.",
    )


def _tried(delivery_id: int) -> None:
    with writing() as db:
        words, later = "answered 503: Wartung", utcnow()
        again = AttemptRow(delivery_id=delivery_id, outcome="again", words=words, next_at=later)
        last = AttemptRow(delivery_id=delivery_id, outcome="given_up", words=words, status_code=503)
        db.add_all([again, last])


def _emergency() -> str:
    meaning = make_understanding(kind=Kind.EMERGENCY, category=None)
    return seed.add_ticket("Es brennt!", kind=Kind.EMERGENCY, message={"understanding": meaning})


def _call() -> str:
    reference = seed.add_ticket(message={"platform": BY_HAND, "handle": "Telefon", "url": None})
    seed.add_reply(reference, "Danke für Ihren Anruf.")
    return reference


def _put_away() -> None:
    insult = make_understanding(kind=Kind.ABUSE, category=None, flags=(Flag.INSULT, Flag.THREAT))
    seed.add_message("Ihr seid alle doof", understanding=insult)
    seed.add_message("Schönes Wetter", understanding=make_understanding(kind=Kind.IRRELEVANT, category=None))
    seed.add_message("Kaputt", error="ValueError: nonsense", understanding=None)


def _public() -> dict[str, str]:
    matter = seed.add_ticket("Die Ampel ist aus", code="ABCD2345")
    seed.add_photo(matter, "eins.jpg", _picture())
    change(matter, TicketStatus.ACCEPTED, "Wir fahren morgen hin.")
    done = seed.add_ticket("Schlagloch", code="DNEDNE22", status=TicketStatus.RESOLVED, closed_at=utcnow())
    seed.add_ticket("Es brennt!", code="FEUER222", kind=Kind.EMERGENCY, category=None)
    held = seed.add_ticket("Loch", status=TicketStatus.NEEDS_DECISION, reason=DecisionReason.REFUSED)
    return {
        "sign-in": "/anmelden",
        "status": "/s/ABCD2345",
        "status in English": "/s/ABCD2345?lang=en",
        "status, done": "/s/DNEDNE22",
        "status of an emergency": "/s/FEUER222?lang=en",
        "an unknown code": "/s/ZZZZ2222",
        "a page that is not there": "/gibt/es/nicht",
        "a department's page": department_path(matter),
        "a department's answer": department_path(matter, answer="scheduled"),
        "a department's thanks": department_path(matter) + "?danke=done",
        "a department's page, done": department_path(done),
        "a department's page, held": department_path(held),
        "another department's page": department_path(matter, "cleaning"),
        "a wrong link": "/amt/falsch",
    }


def _picture() -> bytes:
    written = BytesIO()
    Image.new("RGB", (320, 200), "teal").save(written, "JPEG")
    return written.getvalue()

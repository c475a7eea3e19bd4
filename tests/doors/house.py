"""The doors of the web process, each with a request that would be taken and the tables it may write."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event
from sqlmodel import SQLModel, select

from bridge import links
from bridge.domain import DecisionReason, Kind, Purpose, SendState, TicketStatus
from bridge.settings import settings
from bridge.tickets import switches
from bridge.tickets.book import probes, secrets
from bridge.tickets.session import engine, writing
from bridge.tickets.tables import TicketRow
from tests.doors.fuzz import Good
from tests.doors.nasty import JSON
from tests.factories import make_understanding
from tests.test_photos import picture
from tests.web import seed
from tests.web.public_seed import everything

PHOTO = "1234567890abcdef.jpg"
ONCE = "5f0c8e8e-55a5-4a9b-9d8e-0d3c6a7c1b11"
TICKET = ("ticket", "history")
BY_HAND = ("message", "conversation", "reporter", "city_account")


@dataclass(frozen=True)
class Town:
    """What there is behind the doors."""

    ticket: str
    ticket_id: int
    code: str
    waiting: int
    unknown: int
    parcel: int
    folded: int
    probe: str
    letter: int
    keep: dict[str, str]
    form: str
    token: str

    def get(self, path: str, **query: str) -> Good:
        return Good("GET", path, query=query, keep=self.keep)

    def press(self, path: str, **fields: str) -> Good:
        return Good("POST", path, fields={"csrf_token": self.form, **fields}, keep=self.keep)

    def act(self, path: str, **fields: str) -> Good:
        return self.press(f"/anliegen/{self.ticket}/{path}", **fields)

    def office(self, path: str = "") -> str:
        return links.answer_url(self.ticket_id, "streets").removeprefix(settings().public_url) + path

    def program(self, method: str, path: str, **said: str) -> Good:
        """What the department's own program asks or tells."""
        door, keep = f"/api/v1/tickets{path}", {"Authorization": self.token}
        if method == "GET":
            return Good("GET", door, query=said, keep=keep)
        return Good(method, door, fields=said, keep=keep, kind=JSON)

    def open(self, path: str, **query: str) -> Good:
        return Good("GET", path, query=query)

    def open311(self, path: str, **said: str) -> Good:
        """What another system tells with its key."""
        key = self.token.removeprefix("Bearer ")
        return Good("POST", f"/open311/v2/{path}", fields={"api_key": key, **said})


@dataclass(frozen=True)
class Door:
    """`good` makes a request that is taken; `writes` names the tables it may change."""

    name: str
    good: Callable[[Town], Good]
    writes: tuple[str, ...] = ()


DOORS = (
    Door("sign-in page", lambda t: t.open("/anmelden", weiter="/anliegen/MU-2026-00001")),
    Door(
        "sign in",
        lambda t: t.press("/anmelden", login=seed.LOGIN, password=seed.PASSWORD, onward="/"),
        ("staff_session",),
    ),
    Door("sign-in link", lambda t: t.open(_sign_in_path()), ("staff_session",)),
    Door("sign out", lambda t: t.press("/abmelden"), ("staff_session",)),
    Door(
        "desk",
        lambda t: t.get("/", sicht="now", suche="Ampel", plattform="mastodon", ortsteil="Nord", seite="1"),
    ),
    Door("desk filters", lambda t: t.get("/", sicht="all", amt="streets", kategorie="noise", seite="2")),
    Door("ticket page", lambda t: t.get(f"/anliegen/{t.ticket}", ort="Hauptstraße")),
    Door("answer", lambda t: t.act("antwort", text="Danke", version="2"), (*TICKET, "sent_reply")),
    Door("note", lambda t: t.act("notiz", words="Bitte morgen anrufen"), ("history",)),
    Door("seen", lambda t: t.act("gesehen"), TICKET),
    Door("category", lambda t: t.act("kategorie", category="noise"), TICKET),
    Door("priority", lambda t: t.act("dringlichkeit", priority="high"), TICKET),
    Door("department", lambda t: t.act("amt", department="cleaning"), TICKET),
    Door("place", lambda t: t.act("ort", asked="Hinter dem Rathaus"), TICKET),
    Door("status", lambda t: t.act("stand", status="rejected", words="Nicht bei uns"), ("status_update",)),
    Door(
        "release reply",
        lambda t: t.act(f"antwort/{t.waiting}/freigeben", text="Danke sehr"),
        (*TICKET, "sent_reply"),
    ),
    Door(
        "settle reply",
        lambda t: t.act(f"antwort/{t.unknown}/nicht-angekommen"),
        (*TICKET, "sent_reply", "status_change"),
    ),
    Door(
        "release hand-over",
        lambda t: t.act(f"uebergabe/{t.parcel}/freigeben"),
        (*TICKET, "delivery", "status_change"),
    ),
    Door(
        "hand over again",
        lambda t: t.act(f"uebergabe/{t.parcel}/noch-einmal"),
        (*TICKET, "delivery", "status_change"),
    ),
    Door("deliveries", lambda t: t.get("/zustellungen")),
    Door("by hand page", lambda t: t.get("/von-hand")),
    Door(
        "by hand",
        lambda t: t.press(
            "/von-hand", source="Telefon", words="Die Ampel ist aus", author="Cem", url="https://x.example/1"
        ),
        BY_HAND,
    ),
    Door("by hand waits", lambda t: t.get(f"/von-hand/{t.folded}", seit="3")),
    Door("rules", lambda t: t.get("/regeln", amt="streets")),
    Door("try a text", lambda t: t.press("/regeln/probe", text="Die Ampel ist aus"), ("probe",)),
    Door("a tried text", lambda t: t.get(f"/regeln/probe/{t.probe}", seit="3")),
    Door("pause", lambda t: t.press("/anhalten", onward="/von-hand"), ("switch",)),
    Door("go on", lambda t: _paused(t).press("/weiter", onward="/von-hand"), ("switch",)),
    Door("netiquette", lambda t: t.get("/netiquette")),
    Door("put away", lambda t: t.get("/abgelegt")),
    Door("troubles", lambda t: t.get("/stoerungen")),
    Door(
        "open from message",
        lambda t: t.press(f"/nachricht/{t.folded}/anliegen"),
        (*TICKET, "message", "attachment", "ticket_message", "ticket_conversation", "status_change"),
    ),
    Door("photo", lambda t: t.get(f"/foto/{PHOTO}")),
    Door("office page", lambda t: t.open(t.office(), antwort="done", danke="accept")),
    Door(
        "office answer",
        lambda t: Good("POST", t.office(), fields={"answer": "done", "words": "Ist geschafft", "once": ONCE}),
        ("status_update",),
    ),
    Door("office photo", lambda t: t.open(t.office("/foto/1"))),
    Door("status page", lambda t: t.open(f"/s/{t.code}", lang="en")),
    Door("post", lambda t: t.get("/post")),
    Door(
        "take letter",
        lambda t: t.press(f"/post/{t.letter}/uebernehmen", answer="in_progress"),
        ("letter", "history", "status_update", "update_photo"),
    ),
    Door(
        "assign letter",
        lambda t: t.press(f"/post/{t.letter}/zuordnen", reference=t.ticket),
        ("letter", *TICKET),
    ),
    Door("put letter away", lambda t: t.press(f"/post/{t.letter}/weglegen"), ("letter", "history")),
    Door(
        "mail gateway",
        lambda t: Good(
            "POST",
            "/hooks/mail",
            fields={"From": "amt@musterstadt.example", "To": "melder@musterstadt.example"},
            keep={"Authorization": f"Bearer {seed.GATEWAY}"},
            kind=JSON,
        ),
        ("letter",),
    ),
    Door("api description", lambda t: t.open("/api/openapi.json")),
    Door("api tickets", lambda t: t.program("GET", "", limit="10", cursor="0-0")),
    Door("api ticket", lambda t: t.program("GET", f"/{t.ticket}")),
    Door(
        "api update",
        lambda t: t.program("POST", f"/{t.ticket}/updates", id="u-1", status="accepted", words="Danke"),
        ("status_update",),
    ),
    Door("api photo", lambda t: t.open(links.photo_url(PHOTO).removeprefix(settings().public_url))),
    Door("open311 discovery", lambda t: t.open("/open311/discovery.xml", jurisdiction_id="")),
    Door("open311 services", lambda t: t.open("/open311/v2/services.xml")),
    Door("open311 definition", lambda t: t.open("/open311/v2/services/noise.json")),
    Door(
        "open311 requests",
        lambda t: t.open(
            "/open311/v2/requests.xml",
            service_code="noise,traffic_light",
            start_date="2026-11-01T00:00:00Z",
            end_date="2026-12-01",
            status="open",
            page="1",
            updated_after="2026-11-01T00:00:00+01:00",
        ),
    ),
    Door("open311 request", lambda t: t.open(f"/open311/v2/requests/{t.ticket}.json", extensions="true")),
    Door("open311 token", lambda t: t.open(f"/open311/v2/tokens/{t.ticket}.xml")),
    Door(
        "open311 report",
        lambda t: t.open311(
            "requests.xml",
            service_code="noise",
            lat="51.01",
            long="12.01",
            address_string="Hauptstraße",
            description="Laut",
            **{"attribute[fixmystreet_id]": "7"},
        ),
        (*BY_HAND, *TICKET, "ticket_message", "ticket_conversation", "status_change"),
    ),
    Door(
        "open311 changes",
        lambda t: t.open("/open311/v2/servicerequestupdates.xml", start_date="2026-11-01T00:00:00Z"),
    ),
    Door(
        "open311 update",
        lambda t: t.open311(
            "servicerequestupdates.xml",
            service_request_id=t.ticket,
            update_id="1",
            updated_datetime="2026-11-20T10:00:00Z",
            status="FIXED",
            description="Fertig",
        ),
        ("status_update",),
    ),
    Door("health", lambda t: t.open("/gesundheit")),
    Door("static file", lambda t: t.open("/static/desk.css", v="1")),
)


def furnish(client: FlaskClient) -> Town:
    """Empty the case book and put one of everything into it."""
    with writing() as db:
        for table in reversed(SQLModel.metadata.sorted_tables):
            db.execute(table.delete())
    client.delete_cookie("staff")
    seed.sign_in(client)
    state = {"status": TicketStatus.NEEDS_DECISION, "reason": DecisionReason.UNKNOWN_OUTCOME}
    ticket = seed.add_ticket(**state)
    waiting = seed.add_reply(ticket, "Danke")
    unknown = seed.add_reply(ticket, "Danke!", SendState.UNKNOWN)
    parcel = seed.add_delivery(ticket)
    seed.add_photo(ticket, PHOTO, picture())
    abuse = seed.add_message("Ihr Nichtsnutze", understanding=make_understanding(kind=Kind.IRRELEVANT))
    letter = seed.add_letter(ticket)
    probe = probes.ask("Die Ampel ist aus")
    form = seed.token(client)
    seed.add_delivery(ticket, SendState.SENT, reason="copy")
    token = f"Bearer {secrets.make('streets', Purpose.UPDATES)}"
    with writing() as db:
        row = db.exec(select(TicketRow).where(TicketRow.reference == ticket)).one()
        cookies = [client.get_cookie(name) for name in ("staff", "form")]
        keep = "; ".join(f"{cookie.key}={cookie.value}" for cookie in cookies if cookie)
        return Town(
            ticket,
            row.id or 0,
            row.code,
            waiting,
            unknown,
            parcel,
            abuse,
            probe,
            letter,
            {"Cookie": keep},
            form,
            token,
        )


def _sign_in_path() -> str:
    return links.sign_in_url(seed.LOGIN).removeprefix(settings().public_url)


def _paused(town: Town) -> Town:
    switches.pause("staff:vera")
    return town


class Book:
    """Watches the case book: `changed` names the tables that differ since it was asked last."""

    def __init__(self) -> None:
        self.commits = 0
        self._seen = _rows()

    def noticed(self, *_: Any) -> None:
        self.commits += 1

    def changed(self) -> dict[str, set[str]]:
        """The rows that came or went of every table that changed; unread where nothing was committed."""
        if not self.commits:
            return {}
        before, self._seen, self.commits = self._seen, _rows(), 0
        return {name: rows ^ before[name] for name, rows in self._seen.items() if rows != before[name]}


def _rows() -> dict[str, set[str]]:
    # As Python writes them, since what is in a JSON column differs from database to database.
    return {name: {repr(tuple(map(_shown, row))) for row in rows} for name, rows in everything().items()}


def _shown(value: Any) -> Any:
    """Bytes are kept exactly as they came, whatever is in them."""
    return hashlib.sha256(value).hexdigest() if isinstance(value, bytes | memoryview) else value


@contextmanager
def watched() -> Iterator[Book]:
    """The case book under watch."""
    book = Book()
    event.listen(engine(), "commit", book.noticed)
    try:
        yield book
    finally:
        event.remove(engine(), "commit", book.noticed)

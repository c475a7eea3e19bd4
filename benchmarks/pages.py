"""CPU time to read texts, draw maps, write mails, and show the desk's list, also when it is long."""

import secrets
from collections.abc import Iterable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import insert

from benchmarks import ground
from benchmarks.figures import Figure, Result, repeated, spread, timed
from benchmarks.ground import town
from bridge import links
from bridge.app import create_app
from bridge.city import City
from bridge.delivery.email import compose
from bridge.domain import AnswerLink, Handover, Kind, Location, Precision, TicketStatus
from bridge.places import city_gazetteer, maps
from bridge.tickets.book import staff
from bridge.tickets.session import writing
from bridge.tickets.tables import ConversationRow, MessageRow, ReporterRow, TicketMessageRow, TicketRow
from bridge.tickets.types import utcnow
from bridge.understanding import understand

TEXTS = 1000
DRAWINGS = 50
VISITS = 30
FEW, MANY = 1_000, 20_000
STATES = (
    TicketStatus.NEEDS_DECISION,
    TicketStatus.DELIVERED,
    TicketStatus.IN_PROGRESS,
    TicketStatus.RESOLVED,
)


def measure(times: int) -> Iterable[Figure]:
    """Reading, drawing and writing by themselves, then the list with few and with many tickets."""
    city = City(ground.ROOT / "routing_rules" / "leipzig")
    understand("Ist die Ampel aus?", city=city, gazetteer=city_gazetteer(city))
    yield from repeated(times, lambda: read(city))
    yield from repeated(times, lambda: drawn_and_written(city))
    yield from repeated(times, listed)


def read(city: City) -> Result:
    """Texts a second, and single times."""
    single = timed(
        lambda text=text: understand(text, city=city, gazetteer=city_gazetteer(city))  # type: ignore[misc]
        for text in ground.texts(TEXTS)
    )
    return {("texts understood in a CPU-second", "/s"): TEXTS / sum(single)} | spread(
        "one text understood", single
    )


def drawn_and_written(city: City) -> Result:
    """A map and a mail with it, as a department gets them."""
    place = Location(
        label="Karl-Heine-Straße 46", precision=Precision.ADDRESS, lat=51.332, lon=12.337, confidence=0.9
    )
    png = maps.png(place, city, city_gazetteer(city))
    letter = handover(place, png)
    compose(letter)
    drawn = timed([lambda: maps.png(place, city, city_gazetteer(city))] * DRAWINGS)
    return spread("map as PNG", drawn) | spread("mail written", timed([lambda: compose(letter)] * DRAWINGS))


def handover(place: Location, png: bytes) -> Handover:
    """A ticket on its way to a department."""
    links_back = tuple(
        AnswerLink(answer=name, label=name, url=f"https://melder.stadt.example/amt/{name}") for name in "abc"
    )
    return Handover(
        reference="LE-2026-00042",
        revision=0,
        department="cleaning",
        department_name="Stadtreinigung",
        address="reinigung@stadt.example",
        sender="melder@stadt.example",
        city_name="Leipzig",
        timezone="Europe/Berlin",
        category="illegal_dumping",
        category_name="Illegale Müllablagerung",
        kind=Kind.REPORT,
        text="Am Glascontainer liegen seit Tagen Müllsäcke und ein altes Sofa.",
        reported_at=utcnow(),
        platform="mastodon",
        location=place,
        map_png=png,
        photos=(),
        because="Die Stadtreinigung holt ab, was wild abgelegt wurde.",
        links=links_back,
        message_id="LE-2026-00042.0",
        in_reply_to=None,
    )


def listed() -> Result:
    """The desk's first page and a search, with few and with many tickets."""
    found: Result = {}
    with town(ground.Base("SQLite")) as account:
        staff.add("vera", "Vera Beispiel", password="ein langes Passwort")
        client = create_app().test_client()
        client.get("/anmelden/link/" + links.sign_in_url("vera").rpartition("/")[2])
        for number, already in ((FEW, 0), (MANY, FEW)):
            add_tickets(account, already, number)
            for name, path in (("list", "/"), ("search", "/?sicht=all&suche=Heine")):
                single = timed([lambda path=path: visit(client, path)] * VISITS)  # type: ignore[misc]
                found |= spread(f"{name} with {number:,} tickets", single)
    for name in ("list", "search"):
        few, many = (found[f"{name} with {n:,} tickets, median", "ms"] for n in (FEW, MANY))
        found[f"{name}: {MANY:,} beside {FEW:,} tickets", "times"] = many / few
    return found


def visit(client: FlaskClient, path: str) -> None:
    """Open a page."""
    assert client.get(path).status_code == 200


def add_tickets(account: int, first: int, end: int) -> None:
    """Fill the case book up to `end` tickets of one message each, a quarter of them in each state."""
    texts = ground.texts(end)
    numbers = range(first + 1, end + 1)
    with writing() as session:
        put = session.connection().execute
        put(
            insert(ReporterRow),
            [_named(account, n) | {"handle": f"melder{n}@anderswo.example"} for n in numbers],
        )
        put(insert(ConversationRow), [_named(account, n) for n in numbers])
        put(insert(MessageRow), [_message(account, n, texts[n - 1]) for n in numbers])
        put(insert(TicketRow), [_ticket(n) for n in numbers])
        put(insert(TicketMessageRow), [{"ticket_id": n, "message_id": n} for n in numbers])


def _named(account: int, number: int) -> dict[str, object]:
    return {"id": number, "city_account_id": account, "external_id": f"s{number}"}


def _message(account: int, number: int, text: str) -> dict[str, object]:
    return _named(account, number) | {"conversation_id": number, "reporter_id": number, "text": text}


def _ticket(number: int) -> dict[str, object]:
    return {
        "id": number,
        "reference": f"LE-2026-{number:05d}",
        "code": secrets.token_hex(4),
        "status": STATES[number % len(STATES)],
        "kind": Kind.REPORT,
        "category": "illegal_dumping",
        "department": "cleaning",
        "platform": "mastodon",
        "reporter_id": number,
        "opened_at": utcnow() - timedelta(minutes=number),
    }

"""A receiver that fails in every way: when each attempt is made, what staff are told, what is never sent."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bridge import delivery
from bridge.city import load_city
from bridge.delivery import webhook
from bridge.domain import Purpose, SendState, Step, TicketStatus
from bridge.settings import settings
from bridge.tickets import claims, switches
from bridge.tickets.book import desk, secrets
from bridge.tickets.tables import AttemptRow, DeliveryRow, StaffRow
from bridge.tickets.types import utcnow
from tests.delivery.receiver import Receiver, Said, serving
from tests.factories import make_understanding
from tests.tickets import story
from tests.workers.scripted import ADA, Town
from workers import deliver

DEPARTMENTS = """\
departments:
  press: {{name: Pressestelle, address: presse@musterstadt.example}}
  streets: {{name: Tiefbauamt, channel: webhook, address: "{url}"}}
  cleaning: {{name: Stadtreinigung, address: reinigung@musterstadt.example}}
"""


@pytest.fixture
def receiver(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """The web server of the department for streets; it holds a key, and Vera wants to be told at once."""
    scripted = delivery.load

    def load(name: str) -> type[delivery.Channel]:
        return webhook.Adapter if name == "webhook" else scripted(name)

    monkeypatch.setattr(delivery, "load", load)
    monkeypatch.setattr(webhook, "ANSWER_SECONDS", 0.3)
    monkeypatch.setenv("BRIDGE_FETCH_PRIVATE_HOSTS", "true")
    with serving() as running:
        move_to(tmp_path, running.url)
        secrets.make("streets", Purpose.WEBHOOK)
        story.person()
        yield running


def move_to(tmp_path: Path, url: str) -> None:
    (tmp_path / "musterstadt" / "departments.yaml").write_text(DEPARTMENTS.format(url=url), "utf-8")
    load_city.cache_clear()
    settings.cache_clear()


def report(town: Town) -> None:
    town.write("Ampel aus")
    town.flow()
    town.clock.shift(11)


def parcel() -> DeliveryRow:
    return story.rows(DeliveryRow)[-1]


def seconds_until_the_next_try() -> float:
    return round((parcel().due_at - utcnow()).total_seconds(), 1)


def try_once(town: Town) -> float | None:
    """Make the try that is due now; seconds until the next one, None where none will follow by itself."""
    assert Step.DELIVER in claims.due_steps()
    deliver.run()
    return seconds_until_the_next_try() if parcel().step else None


def test_each_try_of_a_failing_receiver_is_made_at_its_time(town: Town, receiver: Receiver) -> None:
    receiver.script.extend(
        [(500, {}), (500, {}), "time out", (429, {"Retry-After": "10000"}), (503, {}), (204, {})]
    )
    report(town)
    waits: list[float | None] = []
    while parcel().step:
        waits.append(try_once(town))
        if waits[-1]:
            town.clock.shift(waits[-1] - 1)
            assert Step.DELIVER not in claims.due_steps()
            town.clock.shift(1)
    assert waits == [5, 300, 1800, 10_000, 18_000, None]
    assert len({request.headers["webhook-id"] for request in receiver.seen}) == 1
    assert len({request.headers["webhook-timestamp"] for request in receiver.seen}) == 6
    assert town.case().status is TicketStatus.DELIVERED
    log = story.rows(AttemptRow)
    assert [(each.status_code, each.outcome) for each in log] == [
        (500, "again"),
        (500, "again"),
        (None, "again"),
        (429, "again"),
        (503, "again"),
        (204, "sent"),
    ]
    assert [each.next_at and (each.next_at - each.at).total_seconds() for each in log] == waits
    assert log[2].milliseconds >= 250


def test_a_server_that_hangs_holds_up_no_other_office(
    town: Town, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "SLOW_MILLISECONDS", 200)
    receiver.script.extend(["time out", "time out"])
    for number in range(5):
        town.write(f"Ampel {number} aus", author=ADA.model_copy(update={"external_id": f"a{number}"}))
    town.write("Müll", make_understanding(category="illegal_dumping"))
    town.flow()
    town.clock.shift(11)
    deliver.run()
    assert len(receiver.seen) == 1
    assert [mail.department for mail in town.script.mails] == ["cleaning"]
    town.clock.shift(5)
    deliver.run()
    # Who was tried keeps to its plan; the other four have lost no try by waiting.
    assert len(receiver.seen) == 2
    town.clock.shift(61)
    deliver.run()
    assert len(receiver.seen) == 6
    assert sum(row.state is SendState.SENT for row in story.rows(DeliveryRow)) == 5


def test_after_ten_tries_within_three_days_a_person_decides(town: Town, receiver: Receiver) -> None:
    receiver.script.extend([(500, {})] * 20)
    report(town)
    began = utcnow()
    while parcel().step:
        town.clock.shift(try_once(town) or 0)
    assert len(receiver.seen) == len(story.rows(AttemptRow)) == 10
    assert utcnow() - began < timedelta(days=3)
    assert_staff_decide(town)


def assert_staff_decide(town: Town) -> None:
    assert (parcel().state, parcel().step) == (SendState.NEEDS_DECISION, None)
    assert town.case().status is TicketStatus.UNDELIVERABLE
    assert story.rows(StaffRow)[0].step is Step.NOTIFY
    assert story.rows(AttemptRow)[-1].outcome == "given_up"


@pytest.mark.parametrize(
    "said", [(301, {"Location": "/elsewhere"}), (307, {"Location": "/elsewhere"}), (404, {}), (410, {})]
)
def test_a_clear_no_is_told_to_staff_at_once_and_no_redirect_is_followed(
    town: Town, receiver: Receiver, said: Said
) -> None:
    receiver.script.append(said)
    report(town)
    assert try_once(town) is None
    assert [request.path for request in receiver.seen] == ["/tickets"]
    assert_staff_decide(town)


def test_what_is_gone_gets_nothing_more_until_somebody_says_so(
    town: Town, receiver: Receiver, tmp_path: Path
) -> None:
    receiver.script.append((410, {}))
    report(town)
    deliver.run()
    assert switches.shut_addresses() == {"streets": receiver.url}
    desk.deliver_again(parcel().id or 0, "staff:vera")
    assert try_once(town) is None
    assert "bridge departments enable streets" in parcel().error
    assert len(receiver.seen) == 1
    assert_staff_decide(town)

    switches.open_again("streets")
    desk.deliver_again(parcel().id or 0, "staff:vera")
    deliver.run()
    assert len(receiver.seen) == 2
    assert town.case().status is TicketStatus.DELIVERED
    assert receiver.seen[0].headers["webhook-id"] == receiver.seen[1].headers["webhook-id"]


def test_a_corrected_address_is_open_by_itself(town: Town, receiver: Receiver, tmp_path: Path) -> None:
    receiver.script.append((410, {}))
    report(town)
    deliver.run()
    move_to(tmp_path, receiver.url + "/new")
    desk.deliver_again(parcel().id or 0, "staff:vera")
    deliver.run()
    assert [request.path for request in receiver.seen] == ["/tickets", "/tickets/new"]


def test_without_a_key_nothing_leaves(town: Town, receiver: Receiver) -> None:
    secrets.make("streets", Purpose.WEBHOOK, old_ends_in=timedelta())
    story.change(secrets.SecretRow, 2, ends_at=utcnow())
    report(town)
    assert try_once(town) is None
    assert receiver.seen == []
    assert "bridge departments secret streets" in parcel().error
    assert_staff_decide(town)


def test_what_arrived_can_be_sent_again_under_the_same_identity(town: Town, receiver: Receiver) -> None:
    report(town)
    deliver.run()
    desk.deliver_again(parcel().id or 0, "staff:vera")
    deliver.run()
    assert len(receiver.seen) == 2
    assert len({request.headers["webhook-id"] for request in receiver.seen}) == 1
    assert town.case().history[-1].what == "delivered again"
    assert town.case().status is TicketStatus.DELIVERED

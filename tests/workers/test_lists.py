"""What waits for one office leaves as one list, once, whatever happens on the way."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bridge.delivery.email import compose_list
from bridge.domain import (
    BridgeError,
    Cause,
    Kind,
    PermanentError,
    Priority,
    SendState,
    Step,
    TemporaryError,
    TicketStatus,
    UnknownOutcomeError,
)
from bridge.tickets import claims, search
from bridge.tickets.book import deliveries, desk
from bridge.tickets.tables import DeliveryRow, TicketRow
from tests.factories import FILES, make_understanding
from tests.tickets import story
from tests.workers.scripted import Killed, Town, change_city
from workers import deliver

NOON = datetime(2027, 7, 1, 10, 20, tzinfo=UTC)
"""A Thursday, twenty past twelve in Berlin."""
HOURLY = "{when: hourly}"


def rhythm(town: Town, tmp_path: Path, mail: str, **files: str) -> None:
    """At noon the streets office says how often it wants mail."""
    offices = FILES["departments.yaml"].replace("streets: {", f"streets: {{mail: {mail}, ")
    change_city(tmp_path, departments=offices, **files)
    town.clock.move_to(NOON)


def report(town: Town, *texts: str, **changed: object) -> None:
    """For each text somebody else reports something to the streets office."""
    for text in texts:
        author = story.ADA.model_copy(update={"external_id": text, "handle": f"{text}@marktplatz.example"})
        town.write(text, make_understanding(**changed), author=author)
    town.settle()


def states() -> list[SendState]:
    return [row.state for row in story.rows(DeliveryRow)]


def listed(town: Town) -> list[list[str]]:
    """The words of each list that was sent, in the order of the tickets."""
    return [[ticket.text for ticket in tickets] for _, tickets in town.script.lists]


def test_an_hourly_office_gets_one_list_at_the_full_hour(town: Town, tmp_path: Path) -> None:
    rhythm(town, tmp_path, HOURLY)
    report(town, "eins", "zwei")
    town.flow(20 * 60)
    report(town, "drei")
    assert (town.script.mails, town.script.lists) == ([], [])
    town.clock.move_to(NOON.replace(hour=11, minute=0))
    town.flow()
    assert (town.script.mails, listed(town)) == ([], [["eins", "zwei", "drei"]])
    assert states() == [SendState.SENT] * 3
    assert {town.case(number).status for number in (1, 2, 3)} == {TicketStatus.DELIVERED}
    ((key, tickets),) = town.script.lists
    assert {row.listed_in for row in story.rows(DeliveryRow)} == {key}
    mail = compose_list(tuple(tickets), key).as_string()
    assert all(each.reference in mail for each in tickets)
    town.flow(3600)
    assert len(town.script.lists) == 1


def test_one_ticket_alone_is_no_list(town: Town, tmp_path: Path) -> None:
    rhythm(town, tmp_path, HOURLY)
    report(town, "eins")
    town.flow(3600)
    assert ([mail.text for mail in town.script.mails], town.script.lists) == (["eins"], [])


def test_fixed_times_are_those_of_the_office_on_its_working_days(town: Town, tmp_path: Path) -> None:
    rhythm(town, tmp_path, '{when: ["08:00"]}')
    town.clock.shift(timedelta(days=1))
    report(town, "eins", "zwei")
    for hours in (24, 24):
        town.flow(hours * 3600)
    assert town.script.lists == []
    town.clock.move_to(datetime(2027, 7, 5, 6, 0, tzinfo=UTC))
    town.flow()
    assert listed(town) == [["eins", "zwei"]]


@pytest.mark.parametrize("urgent", ["emergency", "priority"])
def test_what_is_urgent_waits_for_nobody(town: Town, tmp_path: Path, urgent: str) -> None:
    rhythm(town, tmp_path, HOURLY)
    if urgent == "emergency":
        report(town, "Feuer", kind=Kind.EMERGENCY)
        assert [mail.department for mail in town.script.mails] == ["on_call"]
        return
    town.write("eins")
    town.flow()
    story.change(TicketRow, 1, priority=Priority.HIGH)
    town.flow(11)
    assert [mail.text for mail in town.script.mails] == ["eins"]


def test_over_a_number_within_an_hour_the_next_ones_wait_and_leave_as_a_list(
    town: Town, tmp_path: Path
) -> None:
    rhythm(town, tmp_path, "{list_above: 2}")
    report(town, "eins")
    report(town, "zwei")
    town.flow(600)
    report(town, "drei")
    report(town, "vier")
    assert [mail.text for mail in town.script.mails] == ["eins", "zwei"]
    town.flow(3600 - 11 - 600 - 22)
    assert listed(town) == [["drei", "vier"]]
    report(town, "fünf")
    assert [mail.text for mail in town.script.mails] == ["eins", "zwei", "fünf"]


@pytest.mark.parametrize("trouble", [TemporaryError("away"), UnknownOutcomeError("lost"), Killed()])
def test_a_list_is_repeated_whole_under_its_own_identity(
    town: Town, tmp_path: Path, trouble: BaseException
) -> None:
    rhythm(town, tmp_path, HOURLY)
    report(town, "eins", "zwei")
    town.script.mail_faults.append(trouble)
    town.clock.move_to(NOON.replace(hour=11, minute=0))
    if isinstance(trouble, Killed):
        with pytest.raises(Killed):
            deliver.run()
    town.flow()
    report(town, "drei")
    town.flow(61)
    assert listed(town) == [["eins", "zwei"], ["eins", "zwei"]]
    assert len({key for key, _ in town.script.lists}) == 1
    assert states() == [SendState.SENT, SendState.SENT, SendState.PENDING]


def test_a_list_that_is_refused_waits_for_a_person_ticket_by_ticket(town: Town, tmp_path: Path) -> None:
    rhythm(town, tmp_path, HOURLY)
    report(town, "eins", "zwei")
    town.script.mail_faults.append(PermanentError("550 no such mailbox"))
    town.flow(3600)
    assert states() == [SendState.NEEDS_DECISION] * 2
    assert {town.case(number).status for number in (1, 2)} == {TicketStatus.UNDELIVERABLE}
    desk.release_delivery(1, "staff:vera")
    town.flow(3600)
    assert [mail.text for mail in town.script.mails] == ["eins"]
    assert states() == [SendState.SENT, SendState.NEEDS_DECISION]


def test_a_ticket_that_went_elsewhere_leaves_its_list(town: Town, tmp_path: Path) -> None:
    rhythm(town, tmp_path, HOURLY)
    report(town, "eins", "zwei", "drei")
    desk.correct(1, "staff:vera", department="cleaning")
    town.flow()
    town.flow(3600)
    assert [mail.department for mail in town.script.mails] == ["cleaning"]
    assert listed(town) == [["zwei", "drei"]]


def test_two_workers_that_lead_the_same_list_send_it_once(town: Town, tmp_path: Path) -> None:
    rhythm(town, tmp_path, HOURLY)
    report(town, "eins", "zwei")
    town.clock.move_to(NOON.replace(hour=11, minute=0))
    first, second = claims.claim(Step.DELIVER, 10)
    task = deliveries.begin(first)
    assert task
    assert [each.id for each in task.beside] == [second.id]
    with pytest.raises(claims.LostClaimError):
        deliveries.begin(second)
    assert claims.claim(Step.DELIVER, 10) == []


@pytest.mark.parametrize("late", ["claimed", "begun"])
def test_a_worker_killed_before_it_sends_leaves_the_whole_list_to_the_next(
    town: Town, tmp_path: Path, late: str
) -> None:
    rhythm(town, tmp_path, HOURLY)
    report(town, "eins", "zwei")
    town.clock.move_to(NOON.replace(hour=11, minute=0))
    leading, *_ = claims.claim(Step.DELIVER, 10)
    if late == "begun":
        assert deliveries.begin(leading)
    town.flow(61)
    town.flow(1)
    assert listed(town) == [["eins", "zwei"]]
    assert states() == [SendState.SENT] * 2


def test_a_worker_that_slept_over_its_lease_changes_nothing(town: Town, tmp_path: Path) -> None:
    rhythm(town, tmp_path, HOURLY)
    report(town, "eins", "zwei")
    town.clock.move_to(NOON.replace(hour=11, minute=0))
    leading, *_ = claims.claim(Step.DELIVER, 10)
    assert deliveries.begin(leading)
    town.flow(61)
    with pytest.raises(claims.LostClaimError):
        deliveries.sent(leading, story.receipt())
    assert len(town.script.lists) == 1


PARKING = (
    FILES["categories.yaml"] + "  parking_violation: {de: Falschparker, en: x, worthless_after_hours: 3}\n"
)
RULES = FILES["rules.yaml"].replace("[traffic_light, road_damage]", "[traffic_light, parking_violation]")


@pytest.mark.parametrize(("mail", "written"), [('{when: ["16:00"]}', 0), ("{}", 200)])
def test_what_would_leave_too_late_is_told_counted_and_not_sent(
    town: Town, tmp_path: Path, mail: str, written: int
) -> None:
    rhythm(town, tmp_path, mail, categories=PARKING, rules=RULES)
    long_ago = NOON - timedelta(minutes=written)
    town.write("Auto", make_understanding(category="parking_violation"), written_at=long_ago)
    town.settle()
    town.flow()
    case = town.case()
    assert (case.status, states()) == (TicketStatus.REJECTED, [SendState.DROPPED])
    assert (town.script.mails, town.script.lists) == ([], [])
    told = [reply.text for reply in case.replies if reply.cause is Cause.STATUS]
    assert len(told) == 1
    assert "nicht rechtzeitig weitergeben" in told[0]
    assert search.too_late() == {("2027-07", "parking_violation"): 1}
    town.flow(60)
    assert len(town.case().replies) == len(case.replies)


@pytest.mark.parametrize("trouble", [TemporaryError("away"), UnknownOutcomeError("lost")])
def test_what_may_have_arrived_is_not_called_too_late(
    town: Town, tmp_path: Path, trouble: BridgeError
) -> None:
    rhythm(town, tmp_path, "{}", categories=PARKING, rules=RULES)
    town.script.mail_faults.extend([trouble] * 9)
    town.write("Auto", make_understanding(category="parking_violation"))
    town.settle()
    for seconds in (6, 61, 301, 1801, 1801, 3601, 3601):
        town.flow(seconds)
    assert search.too_late() == (
        {} if isinstance(trouble, UnknownOutcomeError) else {("2027-07", "parking_violation"): 1}
    )

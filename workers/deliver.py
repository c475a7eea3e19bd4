"""Deliver: hand a ticket to the department that must act."""

from collections.abc import Iterable
from typing import TypeGuard

from bridge import delivery, links
from bridge.answers import ANSWERS
from bridge.city import DepartmentFile
from bridge.delivery import Channel
from bridge.domain import (
    AnswerLink,
    Handover,
    Location,
    PermanentError,
    Photo,
    Step,
    TemporaryError,
    UnknownOutcomeError,
)
from bridge.places import maps
from bridge.settings import settings
from bridge.tickets import search
from bridge.tickets.book import deliveries
from bridge.tickets.book.deliveries import Task
from bridge.tickets.claims import Claim, release, still_ours
from bridge.tickets.views import Case
from workers.ground import city, drain, gazetteer
from workers.route import ON_CALL

SEND_SECONDS = 30.0
"""What must be left of the lease before a hand-over starts."""


def warm_up() -> None:
    """Read the places for the maps and load every channel."""
    gazetteer()
    for name in delivery.names():
        delivery.load(name)


def run() -> None:
    """Make every hand-over that is due."""
    drain(Step.DELIVER, work, batch=10, most_tries=None)


def work(claim: Claim) -> Iterable[Step]:
    """Make one hand-over; a department may rather hear twice, under one identity, than not at all."""
    if not still_ours(claim, SEND_SECONDS):
        release(claim)
        return ()
    task = deliveries.begin(claim)
    if task is None:
        return (Step.NOTIFY,)
    case = search.case(task.ticket_id)
    assert case is not None
    retry_seconds = Channel.retry_seconds
    try:
        channel = delivery.load(_channel(task.department))(settings())
        retry_seconds = channel.retry_seconds
        deliveries.sent(claim, channel.deliver(handover(case, task)))
    except PermanentError as error:
        deliveries.refused(claim, str(error))
        return (Step.NOTIFY,)
    except (TemporaryError, UnknownOutcomeError) as error:
        deliveries.not_sent(claim, getattr(error, "retry_after", None), str(error), retry_seconds)
    return ()


def handover(case: Case, task: Task) -> Handover:
    """Everything the department needs; raises `PermanentError` where departments.yaml lacks it."""
    return Handover(
        reference=case.reference,
        revision=task.revision,
        department=task.department,
        department_name=_name(task.department),
        address=_address(task.department),
        sender=city().file.mail_from,
        city_name=city().name,
        timezone=city().file.timezone,
        category=case.category or "",
        category_name=city().category_name(case.category) or _kind_name(case),
        kind=case.kind,
        text=case.text,
        reported_at=case.opened_at,
        platform=case.platform,
        location=case.location,
        map_png=maps.png(case.location, city(), gazetteer()) if _on_map(case.location) else None,
        photos=tuple(_photos(case)),
        because=case.because,
        links=tuple(_links(case.id, task.department)),
        message_id=task.message_id,
        in_reply_to=task.first_message_id if task.revision else None,
    )


def _on_map(location: Location | None) -> TypeGuard[Location]:
    return location is not None and location.point is not None


def _photos(case: Case) -> Iterable[Photo]:
    files = [a for m in case.messages if m.from_reporter for a in m.attachments if a.file]
    for number, attachment in enumerate(files, start=1):
        assert attachment.file
        path = settings().data_folder / "photos" / attachment.file
        if path.exists():
            yield Photo(
                name=f"foto-{number}.jpg", content=path.read_bytes(), description=attachment.description
            )


def _links(ticket_id: int, department: str) -> Iterable[AnswerLink]:
    if department == ON_CALL:
        return
    for name, answer in ANSWERS.items():
        yield AnswerLink(answer=name, label=answer.label, url=links.answer_url(ticket_id, department, name))


def _channel(department: str) -> str:
    return "email" if department == ON_CALL else _known(department).channel


def _address(department: str) -> str:
    return city().file.on_call if department == ON_CALL else _known(department).address


def _name(department: str) -> str:
    return "Bereitschaft" if department == ON_CALL else _known(department).name


def _known(department: str) -> DepartmentFile:
    found = city().departments.get(department)
    if found is None:
        raise PermanentError(f"the department {department!r} is not in departments.yaml any more")
    return found


def _kind_name(case: Case) -> str:
    return {"question": "Frage", "feedback": "Rückmeldung", "emergency": "Notfall"}.get(case.kind, "Anliegen")

"""Writes out hand-overs: everything a department needs to act on a ticket."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeGuard

from pydantic import SecretStr

from bridge import delivery, links
from bridge.answers import ANSWERS
from bridge.city import DepartmentFile
from bridge.domain import AnswerLink, Change, Handover, Location, PermanentError, Photo, Tracked
from bridge.places import maps
from bridge.settings import settings
from bridge.tickets.book import secrets
from bridge.tickets.book.deliveries import ALARM, COPY, LIST, ROUTED, Task
from bridge.tickets.views import Case
from workers.decisions import ON_CALL
from workers.ground import city, gazetteer, rules


def handover(case: Case, task: Task) -> Handover:
    """Everything the department needs; raises `PermanentError` where departments.yaml lacks it."""
    since = _told_until(case, task)
    earlier = tuple(mail_id(case.id, key) for key in task.earlier)
    asked = task.reason not in {ALARM, COPY}
    return Handover(
        reference=case.reference,
        revision=task.revision if since or task.reason != ROUTED else 0,
        reason=task.reason,
        department=task.department,
        department_name=_name(task.department),
        address=task.address or _address(task.department),
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
        links=tuple(_links(case.id, task.department)) if asked else (),
        message_id=mail_id(case.id, task.message_id),
        in_reply_to=earlier[0] if earlier else None,
        references=earlier,
        changes=tuple(_changes(case, since)) if since else (),
        added=_added(case, since) if since else "",
        reply_to=_answer_address(case.id, task.department) if asked else "",
        envelope_sender=bounce_address(task),
        code=case.code,
        priority=case.priority,
        due_at=case.promised_at,
        secrets=_secrets(task.department, case.rule),
        tracked=_tracked(case, task),
    )


def mail_id(ticket_id: int, key: str) -> str:
    """Under which id a hand-over stands with its receiver: a list's own, or one that proves its ticket."""
    return key if key.startswith(LIST) else links.message_id(ticket_id, key)


def bounce_address(task: Task) -> str:
    """Where this hand-over comes back to; empty where nobody would notice."""
    return links.bounce_address(city().file.mail_from, task.id) if settings().takes_answers_by_mail else ""


def channel_of(department: str, rule: str | None) -> str:
    """The channel on which a department listens, or the one that the rule which chose it names.

    Raises `PermanentError` for a department that is not listed.
    """
    if department == ON_CALL:
        return "email"
    chosen = next((each for each in rules().rules if (each.name, each.send_to) == (rule, department)), None)
    return chosen.channel if chosen and chosen.channel else known(department).channel


def known(department: str) -> DepartmentFile:
    """What departments.yaml says; raises `PermanentError` where it says nothing."""
    found = city().departments.get(department)
    if found is None:
        raise PermanentError(f"the department {department!r} is not in departments.yaml any more")
    return found


def _told_until(case: Case, task: Task) -> datetime | None:
    """Up to when a correction's department knows the ticket; None where this is the first it hears of it."""
    if not task.revision or task.reason != ROUTED:
        return None
    told = (d for d in case.deliveries if (d.department, d.reason) == (task.department, ROUTED))
    return max((d.tells_until for d in told if d.tells_until), default=None)


def _changes(case: Case, since: datetime) -> Iterable[Change]:
    """What is no longer as the department was told."""
    before = next((h.detail["before"] for h in case.history if h.at >= since and "before" in h.detail), None)
    if before is None:
        return
    names = ("Kategorie", city().category_name(before["category"]), city().category_name(case.category))
    places = ("Ort", _label(before["place"]), case.location.label if case.location else "")
    for what, old, new in (names, places):
        if old != new:
            yield Change(what=what, before=old or "nicht bekannt", now=new or "nicht bekannt")


def _label(place: dict[str, str] | None) -> str:
    return place["label"] if place else ""


def _added(case: Case, since: datetime) -> str:
    own = (m for m in case.messages if m.from_reporter and m.withdrawn_at is None)
    return "\n\n".join(m.text for m in own if m.text and m.received_at >= since)


def _on_map(location: Location | None) -> TypeGuard[Location]:
    return location is not None and location.point is not None


def _photos(case: Case) -> Iterable[Photo]:
    files = [a for m in case.messages if m.from_reporter for a in m.attachments if a.file]
    for number, attachment in enumerate(files, start=1):
        assert attachment.file
        path = settings().data_folder / "photos" / attachment.file
        if path.exists():
            yield Photo(
                name=f"foto-{number}.jpg",
                content=path.read_bytes(),
                description=attachment.description,
                url=links.photo_url(attachment.file),
            )


def _links(ticket_id: int, department: str) -> Iterable[AnswerLink]:
    for name, answer in ANSWERS.items():
        yield AnswerLink(answer=name, label=answer.label, url=links.answer_url(ticket_id, department, name))


def _answer_address(ticket_id: int, department: str) -> str:
    if not settings().takes_answers_by_mail:
        return ""
    return links.answer_address(city().file.mail_from, ticket_id, department)


def _secrets(department: str, rule: str | None) -> tuple[SecretStr, ...]:
    purpose = delivery.load(channel_of(department, rule)).purpose
    return secrets.holding(department, purpose) if purpose else ()


def _tracked(case: Case, task: Task) -> Tracked:
    """How the department's tracker names it; for any other channel this says nothing."""
    if task.department == ON_CALL:
        return Tracked()
    form = known(task.department).open311
    own = [delivery for delivery in case.deliveries if delivery.department == task.department]
    return Tracked(
        jurisdiction=form.jurisdiction_id,
        service_code=form.services.get(case.category or "", case.category or ""),
        known_as=next((each.receipt for each in own if each.receipt), ""),
        perhaps_there=any(each.id == task.id and each.tries > 1 for each in own),
    )


def _address(department: str) -> str:
    return city().file.on_call if department == ON_CALL else known(department).address


def _name(department: str) -> str:
    return "Bereitschaft" if department == ON_CALL else known(department).name


def _kind_name(case: Case) -> str:
    return {"question": "Frage", "feedback": "Rückmeldung", "emergency": "Notfall"}.get(case.kind, "Anliegen")

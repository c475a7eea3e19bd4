"""Texts somebody tries on the rules page: kept for a day, read in a step of their own."""

import secrets
from datetime import timedelta
from typing import Any

from sqlmodel import col, delete, select

from bridge.domain import Step, Value
from bridge.tickets.claims import Claim, hold, settle
from bridge.tickets.session import reading, writing
from bridge.tickets.tables import ProbeRow
from bridge.tickets.types import utcnow

KEPT = timedelta(days=1)
LONGEST = 5000


class Probe(Value):
    """A text that was tried; `result` is None while nobody has read it."""

    key: str
    text: str
    result: dict[str, Any] | None
    error: str


def ask(text: str) -> str:
    """Take down a text to be read; returns the key that finds it again."""
    with writing() as session:
        row = ProbeRow(key=secrets.token_urlsafe(16), text=text[:LONGEST], step=Step.PROBE)
        session.add(row)
        return row.key


def find(key: str) -> Probe | None:
    """A text that was tried within the last day."""
    with reading() as session:
        young = ProbeRow.key == key, ProbeRow.asked_at > utcnow() - KEPT
        row = session.exec(select(ProbeRow).where(*young)).first()
        return Probe(**{name: getattr(row, name) for name in Probe.model_fields}) if row else None


def text_of(claim: Claim) -> str:
    """The text of a claimed row."""
    with reading() as session:
        return session.get_one(ProbeRow, claim.id).text


def answer(claim: Claim, result: dict[str, Any]) -> None:
    """Write what would become of a text."""
    with writing() as session:
        row: ProbeRow = hold(session, claim)
        row.result = result
        settle(row)


def forget() -> None:
    """Delete the texts that had their day."""
    with writing() as session:
        session.exec(delete(ProbeRow).where(col(ProbeRow.asked_at) <= utcnow() - KEPT))

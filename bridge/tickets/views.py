"""What the case book answers: frozen pictures of rows, fit to leave the transaction."""

from datetime import datetime, timedelta
from typing import Any

from bridge.domain import (
    Automation,
    Cause,
    ClockKind,
    DecisionReason,
    Kind,
    Location,
    Priority,
    SendState,
    TicketStatus,
    Understanding,
    Value,
    Visibility,
)
from bridge.tickets.types import utcnow


class AttachmentView(Value):
    """A picture of a message; `file` names our copy in the photo folder, None while there is none."""

    id: int
    kind: str
    url: str
    description: str
    file: str | None
    pending: bool


class MessageView(Value):
    """One message of a conversation, as staff see it."""

    id: int
    conversation_id: int
    external_id: str
    account_id: int
    platform: str
    author_handle: str
    author_name: str
    by_us: bool
    from_reporter: bool
    text: str
    visibility: Visibility
    written_at: datetime
    received_at: datetime
    edited_at: datetime | None
    withdrawn_at: datetime | None
    url: str | None
    kind: Kind | None
    understanding: Understanding | None
    attachments: tuple[AttachmentView, ...] = ()


class ReplyView(Value):
    """One thing we told or want to tell a citizen."""

    id: int
    conversation_id: int
    platform: str
    cause: Cause
    variant: str
    state: SendState
    automation: Automation
    text: str
    visibility: Visibility
    written_at: datetime
    sent_at: datetime | None
    url: str | None
    error: str
    by_hand: bool


class AttemptView(Value):
    """One try to hand something over, and what came of it."""

    at: datetime
    milliseconds: int
    outcome: str
    status_code: int | None
    words: str
    next_at: datetime | None


class DeliveryView(Value):
    """One hand-over to a department."""

    id: int
    department: str
    reason: str
    revision: int
    state: SendState
    written_at: datetime
    sent_at: datetime | None
    error: str
    receipt: str
    """The other side's number for it."""
    bounce: str
    """What came back after it was taken."""
    address: str
    """Where a person had it sent instead of the department's own address."""
    tries: int
    attempts: tuple[AttemptView, ...] = ()

    @property
    def tells_until(self) -> datetime | None:
        """Up to when what it tells is complete: it was written as the try that arrived began."""
        if self.state is not SendState.SENT or self.sent_at is None:
            return None
        took = self.attempts[-1].milliseconds if self.attempts else 0
        return self.sent_at - timedelta(milliseconds=took)

    @property
    def may_come_again(self) -> bool:
        """Whether a person may hand it over once more: it was tried, and is not under way just now."""
        idle = self.state in {SendState.SENT, SendState.NEEDS_DECISION, SendState.PENDING}
        return idle and bool(self.attempts)


class StatusChangeView(Value):
    """One state the ticket took."""

    at: datetime
    status: TicketStatus
    reason: DecisionReason | None
    actor: str
    words: str


class ClockView(Value):
    """What a department owes until when; it stands still while `left_seconds` is a number."""

    department: str
    kind: ClockKind
    level: int
    """How often its silence was told to somebody."""
    started_at: datetime
    ends_at: datetime
    left_seconds: int | None

    @property
    def is_overdue(self) -> bool:
        """Whether the time for an outcome is over; a clock nobody has looked at yet ends where it begins."""
        over = self.started_at < self.ends_at < utcnow()
        return self.kind is ClockKind.OUTCOME and self.left_seconds is None and over

    @property
    def is_silent(self) -> bool:
        """Whether the department has not answered, not even when it was reminded."""
        return self.kind is ClockKind.ANSWER and self.level > 1


class HistoryView(Value):
    """One decision or correction and what it rests on."""

    at: datetime
    actor: str
    what: str
    detail: dict[str, Any]


class Thread(Value):
    """One conversation a ticket answers in, and the message our next reply there answers."""

    conversation_id: int
    account_id: int
    platform: str
    base_url: str
    limit: int
    message_id: int
    handle: str
    visibility: Visibility
    answered: bool
    """Whether anything was or will be sent there: the first reply says that it is automatic."""


class TicketLine(Value):
    """One line of the list on the desk."""

    id: int
    reference: str
    title: str
    kind: Kind
    category: str | None
    status: TicketStatus
    reason: DecisionReason | None
    place: str
    district: str | None
    department: str | None
    platform: str
    reporter: str
    visibility: Visibility
    flags: tuple[str, ...]
    opened_at: datetime
    changed_at: datetime
    news_at: datetime | None
    seen_at: datetime | None = None
    priority: Priority = Priority.NORMAL
    clocks: tuple[ClockView, ...] = ()
    waiting_replies: int
    """Replies that wait for a person: to be released, unclear, refused by the platform."""
    waiting_deliveries: int
    text: str


class Case(Value):
    """A ticket with everything that belongs to it."""

    id: int
    reference: str
    code: str
    kind: Kind
    category: str | None
    confidence: float
    language: str
    status: TicketStatus
    reason: DecisionReason | None
    flags: tuple[str, ...]
    location: Location | None
    department: str | None
    fixed_department: str | None
    rule: str | None
    because: str
    questions: int
    revision: int
    platform: str
    opened_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    news_at: datetime | None
    seen_at: datetime | None
    priority: Priority
    private: bool
    refusals: int
    refused_by: tuple[str, ...]
    promised_at: datetime | None
    messages: tuple[MessageView, ...]
    threads: tuple[Thread, ...]
    replies: tuple[ReplyView, ...]
    deliveries: tuple[DeliveryView, ...]
    clocks: tuple[ClockView, ...]
    changes: tuple[StatusChangeView, ...]
    history: tuple[HistoryView, ...]

    @property
    def text(self) -> str:
        """What the reporter wrote, all messages one after the other, without what they withdrew."""
        own = (m.text for m in self.messages if m.from_reporter and m.withdrawn_at is None)
        return "\n\n".join(text for text in own if text)

    @property
    def called(self) -> Priority:
        """How urgent a person has called it, whatever a rule has made of it."""
        said = [
            h.detail["priority"] for h in self.history if h.what == "corrected" and "priority" in h.detail
        ]
        return Priority(said[-1]) if said else Priority.NORMAL

    @property
    def threads_to_answer(self) -> tuple[Thread, ...]:
        """One thread for each person: where we answered them before, else their latest."""
        chosen: dict[tuple[int, str], Thread] = {}
        for thread in self.threads:
            person = thread.account_id, thread.handle
            if person not in chosen or not chosen[person].answered:
                chosen[person] = thread
        return tuple(chosen.values())

    @property
    def visibility(self) -> Visibility:
        """The narrowest visibility among the reporter's messages."""
        order = list(Visibility)
        return max(
            (m.visibility for m in self.messages if m.from_reporter),
            key=order.index,
            default=Visibility.DIRECT,
        )

"""What became of the story, in the words of the promises."""

from collections import Counter

from sqlmodel import col, select

from bridge.domain import SendState, Value
from bridge.tickets.session import reading
from bridge.tickets.tables import DeliveryRow, MessageRow, SentReplyRow, TicketMessageRow, TicketRow
from tests.crashes import plot
from tests.crashes.outside import Outside
from workers.handovers import mail_id


class Outcome(Value):
    """How the story ended; everything but `mails_twice` and `to_a_person` is to be zero."""

    lost: tuple[str, ...] = ()
    """Messages without a ticket, tickets without a mail, named places without coordinates, unread replies."""
    doubled_tickets: int = 0
    doubled_replies: int = 0
    wrong: int = 0
    """Replies to somebody else, or for more eyes than the message."""
    at_rest: bool
    set_aside: int = 0
    """Rows that were given up."""
    to_a_person: int = 0
    """Replies that wait for a person."""
    mails_twice: int = 0
    """Mails that came once more under the same Message-ID."""
    notices_twice: int = 0

    @property
    def clean(self) -> bool:
        """Whether every promise was kept."""
        bad = self.doubled_tickets, self.doubled_replies, self.wrong, self.set_aside
        return self.at_rest and not self.lost and not any(bad)


def outcome(outside: Outside) -> Outcome:
    """Compare the case book with what the world saw."""
    said = Counter((line["to"], line["text"]) for line in outside.all("reply"))
    mails = Counter(line["id"] for line in outside.all("mail"))
    notices = Counter(str(line["lines"]) for line in outside.all("notice"))
    with reading() as session:
        replies = session.exec(select(SentReplyRow, MessageRow).join(MessageRow)).all()
        tickets = session.exec(select(TicketRow)).all()
        linked = session.exec(
            select(MessageRow.external_id).join(TicketMessageRow).order_by(col(MessageRow.id))
        ).all()
        deliveries = session.exec(select(DeliveryRow)).all()
        given_up = session.exec(select(MessageRow).where(MessageRow.error != "")).all()
    written = [line["id"] for line in outside.all("written")]
    lost = [f"message {one}" for one in written if one not in linked]
    keys = [mail_id(row.ticket_id, row.message_id) for row in deliveries]
    lost += [f"mail {key}" for key in keys if key not in mails]
    lost += [f"place {row.id}" for row in tickets if row.location and row.lat is None]
    lost += [
        f"reply {row.id}"
        for row, message in replies
        if row.state is not SendState.UNKNOWN and not _heard(said, message.external_id, row.text)
    ]
    return Outcome(
        lost=tuple(lost),
        doubled_tickets=len(linked) - len(set(linked)) + max(0, len(tickets) - plot.TICKETS),
        doubled_replies=sum(said.values()) - len(said) + max(0, len(replies) - plot.REPLIES),
        wrong=sum(not _right(line) for line in outside.all("reply")),
        at_rest=plot.at_rest(),
        set_aside=len(given_up),
        to_a_person=sum(row.state is SendState.UNKNOWN for row, _ in replies),
        mails_twice=sum(mails.values()) - len(mails),
        notices_twice=sum(notices.values()) - len(notices),
    )


def _heard(said: Counter[tuple[str, str]], message: str, text: str) -> bool:
    return any(to == message and whole.endswith(text) for to, whole in said)


def _right(line: dict[str, str]) -> bool:
    message = next(each for each in plot.STORY if each.id == line["to"])
    return line["recipient"] == message.persona and line["visibility"] == message.visibility.of_answer

"""What a department may answer with one press: names shared by the mail's links and the page they open."""

from typing import NamedTuple

from bridge.domain import TicketStatus


class Answer(NamedTuple):
    """One answer: what it makes of the ticket, what its button says, and the one field behind the button."""

    status: TicketStatus
    label: str
    asks: str
    must_say: bool = False
    """Whether the answer says nothing without words."""
    for_staff: bool = False
    """Whether its words are for the press desk only and never reach the citizen."""


_MORE = "Möchten Sie etwas dazu sagen? (freiwillig)"

ANSWERS = {
    "accept": Answer(TicketStatus.ACCEPTED, "Wir kümmern uns", _MORE),
    "in_progress": Answer(TicketStatus.IN_PROGRESS, "In Arbeit", _MORE),
    "scheduled": Answer(TicketStatus.SCHEDULED, "Eingeplant", "Wann und was?", must_say=True),
    "done": Answer(TicketStatus.RESOLVED, "Erledigt", "Was haben Sie getan? (freiwillig)"),
    "ask": Answer(TicketStatus.NEEDS_INFO, "Rückfrage", "Was möchten Sie wissen?", must_say=True),
    "not_ours": Answer(
        TicketStatus.NEEDS_DECISION,
        "Nicht unsere Sache",
        "Warum, und wer ist zuständig?",
        must_say=True,
        for_staff=True,
    ),
}
"""By the name that stands in the links."""

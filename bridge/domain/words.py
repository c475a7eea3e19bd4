"""The words with few values: what things are, where they stand, what happens next."""

from enum import StrEnum


class Visibility(StrEnum):
    """Who may read a message, widest first."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    FOLLOWERS = "followers"
    DIRECT = "direct"

    @property
    def of_answer(self) -> "Visibility":
        """Who may read our answer: never more people than could read the message.

        A public question is answered unlisted, so that the city's account does not fill timelines; what only
        followers of the citizen may read is answered directly, since the city's followers are other people.
        """
        if self in {Visibility.FOLLOWERS, Visibility.DIRECT}:
            return Visibility.DIRECT
        return Visibility.UNLISTED


class Kind(StrEnum):
    """What a message is; only a report must carry a category."""

    REPORT = "report"
    QUESTION = "question"
    FEEDBACK = "feedback"
    EMERGENCY = "emergency"
    ABUSE = "abuse"
    IRRELEVANT = "irrelevant"


class Flag(StrEnum):
    """What staff should know beside kind and category."""

    INSULT = "insult"
    THREAT = "threat"
    INCITEMENT = "incitement"
    UNCONSTITUTIONAL_SYMBOL = "unconstitutional_symbol"
    PERSONAL_DATA = "personal_data"
    OUTSIDE_CITY = "outside_city"
    NEEDS_DECISION = "needs_decision"


class Precision(StrEnum):
    """How exactly a place is known, best first."""

    ADDRESS = "address"
    INTERSECTION = "intersection"
    STREET = "street"
    STOP = "stop"
    PLACE = "place"
    DISTRICT = "district"


class TicketStatus(StrEnum):
    """Where a ticket stands; the allowed moves are in `bridge.tickets.workflow`."""

    RECEIVED = "received"
    NEEDS_INFO = "needs_info"
    NEEDS_DECISION = "needs_decision"
    ROUTED = "routed"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    SCHEDULED = "scheduled"
    RESOLVED = "resolved"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    UNDELIVERABLE = "undeliverable"
    REOPENED = "reopened"


class DecisionReason(StrEnum):
    """Why a ticket waits for a person."""

    UNCLEAR = "unclear"
    HELD = "held"
    UNKNOWN_OUTCOME = "unknown_outcome"
    REFUSED = "refused"


class SendState(StrEnum):
    """What has become of something we send: a reply, a delivery, a staff mail."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    NEEDS_DECISION = "needs_decision"
    DROPPED = "dropped"


class Automation(StrEnum):
    """How far the program may go by itself."""

    SHADOW = "shadow"
    SUGGEST = "suggest"
    AUTOMATIC = "automatic"


class Step(StrEnum):
    """What happens next to a row; each step is one short file in `workers`."""

    POLL = "poll"
    RECEIVE = "receive"
    FETCH = "fetch"
    UNDERSTAND = "understand"
    LOCATE = "locate"
    OPEN = "open"
    ROUTE = "route"
    DELIVER = "deliver"
    UPDATE = "update"
    REPLY = "reply"
    NOTIFY = "notify"
    REMIND = "remind"
    COLLECT = "collect"
    READ = "read"
    TRACK = "track"
    PROBE = "probe"
    SWEEP = "sweep"


class Cause(StrEnum):
    """Why we write to a citizen; how urgent each is stands in `bridge.tickets.book.tickets`."""

    EMERGENCY = "emergency"
    ACKNOWLEDGEMENT = "acknowledgement"
    QUESTION = "question"
    STATUS = "status"
    STAFF = "staff"


class Priority(StrEnum):
    """How urgent a ticket is, as a rule or a person says."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class ClockKind(StrEnum):
    """What a department owes: a first word, or the end of the matter."""

    ANSWER = "answer"
    OUTCOME = "outcome"


class Purpose(StrEnum):
    """What a department's key is for: to sign what we send it, to let it write to us, to write to it."""

    WEBHOOK = "webhook"
    UPDATES = "updates"
    TRACKER = "tracker"


class Verdict(StrEnum):
    """What becomes of a mail to the city's address."""

    APPLIED = "applied"
    NOTE = "note"
    CONFIRM = "confirm"
    QUARANTINED = "quarantined"
    STOPPED = "stopped"
    BOUNCE = "bounce"
    PUT_AWAY = "put_away"

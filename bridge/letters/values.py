"""What is known of a mail once it was read: frozen, and nothing in it is believed yet."""

from bridge.domain import Photo, Value


class Returned(Value):
    """A mail of ours that came back: what the other side's server says of it."""

    permanent: bool
    words: str
    message_ids: tuple[str, ...] = ()
    """What the returned mail was called, as far as its head came along."""


class Letter(Value):
    """One mail as it came; every text is bounded, and each of them is a stranger's word."""

    sender: str = ""
    """The one address of From, in small letters; empty where there is none, or more than one."""
    recipients: tuple[str, ...] = ()
    """Every address it was sent or delivered to, in small letters."""
    subject: str = ""
    message_id: str = ""
    references: tuple[str, ...] = ()
    """The mails it answers, from In-Reply-To and References, without the angle brackets."""
    proofs: tuple[str, ...] = ()
    """Its Authentication-Results, the topmost first."""
    machine: str = ""
    """Why no person wrote it, as a German sentence; empty where one may have."""
    returned: Returned | None = None
    words: str = ""
    """What is new in it: without quotes, greetings at its end and signatures."""
    pictures: tuple[Photo, ...] = ()

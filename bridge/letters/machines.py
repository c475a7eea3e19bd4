"""Tells mails that no person wrote (RFC 3834), and our own mails that came back (RFC 3464)."""

import re
from email.message import Message

from bridge.domain import storable
from bridge.letters import body
from bridge.letters.heads import head, heads, ids
from bridge.letters.values import Returned

_SUBJECT = re.compile(
    r"automatische (?:antwort|nachricht|rückantwort)|abwesend|abwesenheit|out of (?:the )?office|ooo\b"
    r"|auto(?:matic)?[ -]?(?:reply|response)|auto:"
    r"|ich bin (?:zur ?zeit )?nicht im (?:büro|haus|dienst)|urlaub:",
    re.IGNORECASE,
)
_STATUS = re.compile(r"^Status:\s*([245])\.\d{1,3}\.\d{1,3}", re.IGNORECASE | re.MULTILINE)
_REASON = re.compile(
    r"^Diagnostic-Code:\s*(?:[\w-]+\s*;)?\s*(.+(?:\n[ \t].+)*)", re.IGNORECASE | re.MULTILINE
)
_IN_WORDS = re.compile(r"\b(?:5\d\d[ -]5\.\d+\.\d+|5\.\d\.\d{1,2}|55[0-4])\b")
_SERVER = re.compile(r"(?:mailer-daemon|postmaster)@")
_LOOPS = ("X-Stadtbruecke-Loop", "X-Loop")
_REPLIERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Autoresponder")


def machine(message: Message, subject: str) -> str:
    """Why no person wrote this mail, as a German sentence; empty where one may have."""
    for holds, why in (
        (
            _return_path(message) == "<>",
            "Ihr Absender im Umschlag ist leer, wie bei Meldungen von Mailservern.",
        ),
        (_submitted(message), "Sie nennt sich selbst automatisch (Auto-Submitted)."),
        (
            head(message, "Precedence").lower() in {"bulk", "list", "junk"},
            "Es ist eine Massensendung (Precedence).",
        ),
        (_suppresses(message), "Sie verbittet sich automatische Antworten (X-Auto-Response-Suppress)."),
        (bool(heads(message, "List-Id")), "Sie kommt aus einer Mailingliste (List-Id)."),
        (
            any(heads(message, name) for name in _LOOPS),
            "Sie ist schon einmal durch ein Programm gelaufen (Loop).",
        ),
        (any(heads(message, name) for name in _REPLIERS), "Es ist eine automatische Antwort."),
        (message.get_content_type() == "multipart/report", "Es ist eine Meldung eines Mailservers."),
        (bool(_SUBJECT.match(subject)), "Der Betreff sagt, dass es eine automatische Antwort ist."),
    ):
        if holds:
            return why
    return ""


def returned(message: Message, sender: str) -> Returned | None:
    """What a returned mail says; None for any other mail.

    Out-of-office notes come to the same address and are none: only a status of delivery, or a mail server
    that names one in its words, tells that nobody got the mail.
    """
    reports = [part for part in _all(message) if part.get_content_type() == "message/delivery-status"]
    told = "\n".join(_flat(part) for part in reports)
    status = _STATUS.search(told)
    if status and status[1] != "2":
        reason = _REASON.search(told)
        words = " ".join((reason[1] if reason else status[0]).split())
        return Returned(
            permanent=status[1] == "5", words=storable(words[:500]), message_ids=_originals(message)
        )
    from_server = _return_path(message) == "<>" and _SERVER.match(sender)
    if not reports and (from_server or heads(message, "X-Failed-Recipients")):
        found = _IN_WORDS.search(body.text(message))
        words = (
            "Der Mailserver schickt die E-Mail zurück."
            if found is None
            else f"Der Mailserver meldet {found[0]}."
        )
        return Returned(permanent=found is not None, words=words, message_ids=_originals(message))
    return None


def _return_path(message: Message) -> str:
    return head(message, "Return-Path").replace(" ", "")


def _submitted(message: Message) -> bool:
    said = head(message, "Auto-Submitted").lower()
    return bool(said) and not re.match(r"no\b(?!-)", said)


def _suppresses(message: Message) -> bool:
    said = head(message, "X-Auto-Response-Suppress").lower()
    return bool(set(re.findall(r"\w+", said)) & {"all", "oof", "autoreply"})


def _all(message: Message) -> list[Message]:
    """Every part of a report at its first level, as containers: a status of delivery is one."""
    inside = message.get_payload()
    return (
        [part for part in inside[: body.MOST_PARTS] if isinstance(part, Message)]
        if isinstance(inside, list)
        else []
    )


def _flat(part: Message) -> str:
    """A status of delivery as text: the library takes its groups of lines for small mails."""
    inside = part.get_payload()
    groups = inside[: body.MOST_PARTS] if isinstance(inside, list) else [part]
    lines = (
        f"{name}: {value}" for group in groups if isinstance(group, Message) for name, value in group.items()
    )
    return "\n".join(line[:1000] for line in lines)[: body.MOST_BYTES]


def _originals(message: Message) -> tuple[str, ...]:
    """What the mails inside this one were called."""
    found: list[str] = []
    for part in _all(message):
        if part.get_content_type() == "text/rfc822-headers":
            lines = body.content(part)[: body.MOST_BYTES].decode("latin-1")
            found += re.findall(r"(?im)^Message-ID:\s*<([^<>\s]{1,500})>", lines)
        for inner in _all(part):
            found += ids(inner, "Message-ID")
    return tuple(found[:5])

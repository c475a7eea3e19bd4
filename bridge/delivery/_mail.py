"""One mail to one person: its head, and the SMTP conversation that hands it over."""

import re
import smtplib
import ssl
from contextlib import suppress
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from bridge.delivery._text import line
from bridge.domain import PermanentError, TemporaryError, UnknownOutcomeError
from bridge.settings import Settings

SECONDS = 30.0
"""How long one answer of the mail server may take."""


def mailbox(address: str) -> Address:
    """Read one bare address such as `amt@stadt.example`; raises `ValueError` for anything else."""
    if not re.fullmatch(r"[!-~]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", address):
        raise ValueError("not of the form name@domain in plain letters")
    try:
        return Address(addr_spec=address)
    except Exception as error:  # The parser raises IndexError and its own errors, too.
        raise ValueError(str(error)) from None


def start(sender: str, sender_name: str, to: str, subject: str, message_id: str) -> EmailMessage:
    """A message with its head; `message_id` is the local part, the domain is the sender's.

    Raises `PermanentError` where an address or the Message-ID cannot stand in a mail.
    """
    message = EmailMessage(policy=SMTP)
    try:
        address = mailbox(sender)
        message["From"] = Address(_head(sender_name), address.username, address.domain)
        message["To"] = mailbox(to)
        message["Subject"] = _head(subject)
        message["Date"] = datetime.now(UTC)
        message["Message-ID"] = f"<{message_id}@{address.domain}>"
    except ValueError as error:
        raise PermanentError(f"the mail to {line(to)} cannot be written: {error}") from None
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    return message


def _head(text: str) -> str:
    # Python decodes =?...?= in what it is given, and new lines hidden in it would become new headers.
    return line(text).replace("=?", "= ?")


def send(settings: Settings, message: EmailMessage, envelope_sender: str = "") -> None:
    """Hand `message` to the mail server; what cannot be delivered comes back to `envelope_sender`.

    Raises `PermanentError` where the address is not allowed or the server refuses this mail for good,
    `TemporaryError` where surely nothing was taken, `UnknownOutcomeError` where the answer to the whole
    mail was lost. Trouble with the server itself, such as a wrong password, is temporary: the mail is not to
    blame and goes out once the server is mended.
    """
    sender, recipient = (message[head].addresses[0] for head in ("From", "To"))
    _check_domain(settings, recipient)
    try:
        back = mailbox(envelope_sender) if envelope_sender else sender
    except ValueError as error:
        raise PermanentError(f"nothing can come back to {line(envelope_sender)}: {error}") from None
    try:
        _converse(settings, back, recipient, message.as_bytes())
    except OSError as error:  # All of smtplib's errors are OSErrors.
        raise TemporaryError(f"mail server {settings.smtp_host}: {line(str(error))}") from error


def greet(settings: Settings, sender: str) -> None:
    """Do all that comes before a mail: connect, encrypt, sign in; raises `TemporaryError` where it fails."""
    try:
        _signed_in(settings, mailbox(sender).domain).close()
    except ValueError as error:
        raise TemporaryError(f"{line(sender)} cannot send mails: {error}") from None
    except OSError as error:
        raise TemporaryError(f"mail server {settings.smtp_host}: {line(str(error))}") from error


def _check_domain(settings: Settings, recipient: Address) -> None:
    real = not f".{recipient.domain.lower()}".endswith(".example")
    if real and not settings.mail_real_domains:
        allow = "only BRIDGE_MAIL_REAL_DOMAINS=true allows to write to it"
        raise PermanentError(f"{recipient.addr_spec} does not end in .example; {allow}")


def _converse(settings: Settings, sender: Address, recipient: Address, content: bytes) -> None:
    smtp = _signed_in(settings, sender.domain)
    try:
        _check(smtp.mail(sender.addr_spec), "sender refused")
        _check(smtp.rcpt(recipient.addr_spec), f"{recipient.addr_spec} refused")
        _check(smtp.docmd("DATA"), "mail refused")
        _hand_over(smtp, content)
        with suppress(OSError):
            smtp.quit()
    finally:
        smtp.close()


def _signed_in(settings: Settings, our_name: str) -> smtplib.SMTP:
    smtp = _connect(settings, our_name)
    try:
        smtp.ehlo_or_helo_if_needed()
        if settings.smtp_security == "starttls":
            smtp.starttls(context=ssl.create_default_context())
        if settings.smtp_user:
            _log_in(smtp, settings)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _connect(settings: Settings, our_name: str) -> smtplib.SMTP:
    host, port = settings.smtp_host, settings.smtp_port
    if settings.smtp_security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port, local_hostname=our_name, timeout=SECONDS, context=context)
    return smtplib.SMTP(host, port, local_hostname=our_name, timeout=SECONDS)


def _log_in(smtp: smtplib.SMTP, settings: Settings) -> None:
    try:
        smtp.login(settings.smtp_user, settings.smtp_password.get_secret_value())
    except (OSError, UnicodeError):
        # Not chained: the cause may hold the password.
        raise TemporaryError("the mail server does not accept SMTP_USER and SMTP_PASSWORD") from None


def _hand_over(smtp: smtplib.SMTP, content: bytes) -> None:
    # Not smtplib's data(): it does not tell a mail cut off on the way from a lost answer to the whole mail.
    smtp.send(re.sub(rb"(?m)^\.", b"..", content) + b".\r\n")
    try:
        answer = smtp.getreply()
    except OSError as error:
        raise UnknownOutcomeError("the mail was sent, but the mail server's answer was lost") from error
    if answer[0] < 0:
        raise UnknownOutcomeError("the mail was sent, but the mail server's answer made no sense")
    _check(answer, "mail refused")


def _check(answer: tuple[int, bytes], what: str) -> None:
    code, words = answer
    if 200 <= code < 400:
        return
    message = f"{what}: {code} {line(words.decode('utf-8', 'replace'))}"
    raise PermanentError(message) if code >= 500 else TemporaryError(message)

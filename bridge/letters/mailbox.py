"""Fetches what lies in the city's mailbox: each mail is kept first and moved away after."""

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from imaplib import IMAP4

from imap_tools.errors import ImapToolsError, MailboxFolderCreateError, MailboxLoginError
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted

from bridge.domain import TemporaryError
from bridge.letters.parse import MOST_BYTES
from bridge.settings import Settings

READ_FOLDER = "Stadtbruecke-gelesen"
"""Where mails lie that were kept: the city may clear it whenever it likes."""
SECONDS = 15.0
"""How long one answer of the mail server may take."""
VISIT_SECONDS = 20.0
"""How long one visit lasts; what is left is fetched by the next."""


def collect(settings: Settings, keep: Callable[[bytes], object]) -> bool:
    """Hand every mail of the folder to `keep`, then move it away; whether some are left for another visit.

    Of a mail above the bound only its beginning is kept. One that was kept and could not be moved comes
    again, so `keep` must know it. Raises `TemporaryError` for any trouble with the server: mails wait there.
    """
    ends = time.monotonic() + VISIT_SECONDS
    with _visit(settings) as box:
        uids = box.uids()
        folder = _read_folder(box) if uids else ""
        for uid in uids:
            if time.monotonic() > ends:
                return True
            _take(box, uid, folder, keep)
    return False


def waiting(settings: Settings) -> int:
    """How many mails lie in the folder, none of which is touched; raises as `collect` does."""
    with _visit(settings) as box:
        return len(box.uids())


@contextmanager
def _visit(settings: Settings) -> Iterator[BaseMailBox]:
    try:
        with _opened(settings) as box:
            yield box
    except MailboxLoginError:
        # Not chained: nobody knows what the server quotes.
        raise TemporaryError("the mailbox does not accept IMAP_USER and IMAP_PASSWORD") from None
    except (OSError, IMAP4.error, ImapToolsError) as error:
        raise TemporaryError(f"mailbox {settings.imap_host}: {' '.join(str(error).split())[:300]}") from error


@contextmanager
def _opened(settings: Settings) -> Iterator[BaseMailBox]:
    box = _connected(settings)
    try:
        box.login(settings.imap_user, settings.imap_password.get_secret_value(), settings.imap_folder)
        yield box
    finally:
        with suppress(OSError, IMAP4.error, ImapToolsError):
            box.client.logout()
        with suppress(OSError):
            box.client.shutdown()


def _connected(settings: Settings) -> BaseMailBox:
    host, port = settings.imap_host, settings.imap_port
    if settings.imap_security == "none":
        return MailBoxUnencrypted(host, port, timeout=SECONDS)
    context = ssl.create_default_context()
    kind = MailBox if settings.imap_security == "tls" else MailBoxStartTls
    return kind(host, port, timeout=SECONDS, ssl_context=context)


def _read_folder(box: BaseMailBox) -> str:
    """The folder for what was read, made where it is not there; some servers want all of them below INBOX."""
    names = (READ_FOLDER, f"INBOX.{READ_FOLDER}")
    there = [name for name in names if box.folder.exists(name)]
    for name in there or names:
        if there:
            return name
        with suppress(MailboxFolderCreateError):
            box.folder.create(name)
            return name
    raise TemporaryError(f"the mailbox lets nobody make the folder {READ_FOLDER}; make it by hand")


def _take(box: BaseMailBox, uid: str, folder: str, keep: Callable[[bytes], object]) -> None:
    _, answer = box.client.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
    raw = next((part[1] for part in answer if isinstance(part, tuple)), None)
    if raw is None:
        return  # Somebody else moved it meanwhile.
    keep(raw)
    box.move(uid, folder)

"""A real SMTP server (OpenSMTPD) and a real IMAP server (Dovecot) on loopback, in a temporary folder.

OpenSMTPD keeps its queue and its socket in fixed places, so it gets a view of the disk of its own, in which
these are empty.
"""

import os
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

FILTER = Path(__file__).with_name("sender_check.py")
PATIENCE = 20.0
USER, PASSWORD = "melder", "ein-langes-Passwort"
OFFICE_SERVER, ANYBODY = "127.0.0.2", "127.0.0.3"
"""Where the city's own offices send from, and everybody else."""

SMTPD = """\
proc checker "{python} {filter}" user root
filter checked proc checker
table everybody {{ "@" = "nobody" }}
smtp max-message-size 20M
listen on 127.0.0.1 port {smtp} hostname mx.musterstadt.example filter checked
action "city" maildir "{folder}/city" virtual <everybody>
action "offices" maildir "{folder}/offices" virtual <everybody>
action "broken" mda "exit 67" virtual <everybody>
match from any for rcpt-to regex "^weg@" action "broken"
match from any for rcpt-to regex "^melder([+].*)?@" action "city"
match from any for any action "offices"
"""
DOVECOT = """\
base_dir = {folder}/dovecot
state_dir = {folder}/dovecot
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/city
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/home allow_all_users=yes
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


class Servers:
    """What a test may do with both servers."""

    def __init__(self, folder: Path, smtp: int, imap: int) -> None:
        self.folder, self.smtp, self.imap = folder, smtp, imap

    def send(
        self, raw: bytes, to: str, envelope: str = "tiefbau@musterstadt.example", server: str = OFFICE_SERVER
    ) -> None:
        """Let the mail server at the address `server` bring a mail."""
        self.send_all([(raw, to, envelope)], server)

    def send_all(self, mails: list[tuple[bytes, str, str]], server: str = OFFICE_SERVER) -> None:
        """Bring many mails: raw, recipient and envelope sender of each."""
        before = len(self._files("city")) + len(self._files("offices"))
        for first in range(0, len(mails), 50):
            with smtplib.SMTP("127.0.0.1", self.smtp, timeout=PATIENCE, source_address=(server, 0)) as client:
                for raw, to, envelope in mails[first : first + 50]:
                    client.sendmail(envelope, [to], raw)
        wait_until(lambda: len(self._files("city")) + len(self._files("offices")) >= before + len(mails))

    def at_offices(self) -> list[EmailMessage]:
        """The mails that lie with the offices, the oldest first."""
        files = sorted(self._files("offices"), key=lambda path: path.stat().st_mtime_ns)
        return [message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=default) for path in files]

    def in_city(self) -> int:
        """How many mails wait in the city's mailbox."""
        return len(self._files("city"))

    def empty(self) -> None:
        """Throw away every mail."""
        for path in [*self._files("city"), *self._files("offices")]:
            path.unlink()

    def _files(self, box: str) -> list[Path]:
        return [path for part in ("new", "cur") for path in (self.folder / box / part).glob("*")]


def wait_until(true: object) -> None:
    """Wait until `true()` is; fails the test where it never becomes so."""
    assert callable(true)
    ends = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < ends, "the mail server is too slow"
        time.sleep(0.02)


@contextmanager
def running() -> Iterator[Servers]:
    """Both servers, as long as the context lasts; skips the test where they are missing."""
    missing = [name for name in ("smtpd", "dovecot", "unshare") if shutil.which(name, path=_path()) is None]
    if missing or os.geteuid():
        pytest.skip(
            "OpenSMTPD and Dovecot (Debian: opensmtpd, dovecot-imapd) are missing, or nobody is root here."
        )
    with TemporaryDirectory(prefix="mail-", ignore_cleanup_errors=True) as made, ExitStack() as ends:
        folder = Path(made)
        folder.chmod(0o755)
        for name in ("city", "offices", "home"):
            (folder / name).mkdir()
            shutil.chown(folder / name, "nobody", "nogroup")
        servers = Servers(folder, _free_port(), _free_port())
        for command in (_smtpd(servers), _dovecot(servers)):
            ends.enter_context(_process(command, folder))
        for port in (servers.smtp, servers.imap):
            wait_until(lambda port=port: _answers(port))
        yield servers


def _smtpd(servers: Servers) -> list[str]:
    config = servers.folder / "smtpd.conf"
    config.write_text(
        SMTPD.format(python=sys.executable, filter=FILTER, folder=servers.folder, smtp=servers.smtp), "utf-8"
    )
    config.chmod(0o600)
    alone = f"mount -t tmpfs none /run && mount -t tmpfs none /var/spool && exec smtpd -d -f {config}"
    return ["unshare", "--mount", "sh", "-c", alone]


def _dovecot(servers: Servers) -> list[str]:
    config = servers.folder / "dovecot.conf"
    config.write_text(DOVECOT.format(folder=servers.folder, imap=servers.imap, password=PASSWORD), "utf-8")
    return ["dovecot", "-F", "-c", str(config)]


@contextmanager
def _process(command: list[str], folder: Path) -> Iterator[None]:
    with (folder / "servers.log").open("ab") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env={**os.environ, "PATH": _path()}
        )
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)


def _path() -> str:
    return f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as client:
        return bool(client.recv(1))
    return False

"""What lies around the house: mail servers, platforms, departments that listen by HTTP, our own address."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import requests
from pydantic import SecretStr

from bridge import delivery, platforms
from bridge.city import load_city
from bridge.cli.doctor.finding import Finding
from bridge.domain import BridgeError
from bridge.letters import mailbox
from bridge.platforms.base import Account
from bridge.settings import settings
from bridge.tickets import switches
from bridge.tickets.book import accounts as stored

SECONDS = 3.0
"""For one answer of one host."""


def mail_out() -> Iterator[Finding]:
    """The mail server takes us; nothing is sent."""
    delivery.greet(settings(), load_city(settings().city_folder).file.mail_from)
    told = f"{settings().smtp_host} takes our mails"
    signed = settings().smtp_user or settings().smtp_host in {"127.0.0.1", "localhost"}
    if settings().smtp_security == "none" and not signed:
        yield Finding.warning(f"{told}, without encryption; set SMTP_SECURITY=starttls if it can")
    else:
        yield Finding.ok(told)


def mail_in() -> Iterator[Finding]:
    """The mailbox opens; nothing in it is touched."""
    if settings().imap_host:
        count = mailbox.waiting(settings())
        yield Finding.ok(f"{settings().imap_folder} at {settings().imap_host} opens; {count} mails wait")
    elif settings().takes_answers_by_mail:
        yield Finding.ok("a mail gateway may bring mail to /hooks/mail")
    else:
        yield Finding.warning("no answer by mail is read; set IMAP_HOST and its kin (links in mails work)")


def accounts() -> Iterator[Finding]:
    """Each account's token, asked of its platform as when it was connected."""
    known = stored.listed()
    if not known:
        yield Finding.warning("none is connected; run bridge platforms connect")
    for account in known:
        name = f"{account.platform} {account.handle}"
        try:
            token = SecretStr(stored.get(account.id).token.get_secret_value())
            told = account.model_dump(include={"platform", "base_url", "handle", "external_id"})
            platforms.connected(Account(**told, token=token)).connect()
            yield Finding.ok(f"{name} answers, the token holds")
        except BridgeError as error:
            yield Finding.broken(f"{name}: {error}")


def departments() -> Iterator[Finding]:
    """Those that listen by HTTP can be reached, and none has said that it is gone."""
    offices = load_city(settings().city_folder).departments
    shut = switches.shut_addresses()
    trouble = [
        f"{slug} said it is gone; bridge departments enable {slug}" for slug in offices if slug in shut
    ]
    for slug, office in offices.items():
        url = urlsplit(office.address)
        if url.hostname and not url.hostname.endswith(".example") and not _answers(url.hostname, url.port):
            trouble.append(f"{slug}: nobody answers at {url.hostname}; ask whoever runs it")
    yield from (Finding.warning(line) for line in trouble)
    if not trouble:
        yield Finding.ok(f"{len(offices)} have an address")


def public_address() -> Iterator[Finding]:
    """Our own pages, by the way citizens take."""
    url = settings().public_url
    try:
        answer = requests.get(f"{url}/gesundheit", timeout=SECONDS)
    except requests.RequestException as error:
        kind = type(error).__name__
        yield Finding.broken(f"{url} does not answer ({kind}); is the web process running, the proxy right?")
        return
    if not answer.ok:
        yield Finding.broken(
            f"{url}/gesundheit answers {answer.status_code}; look into the web process's log"
        )
    elif not url.startswith("https://"):
        yield Finding.warning(f"{url} answers; citizens and departments need BRIDGE_PUBLIC_URL=https://…")
    else:
        yield Finding.ok(f"{url} answers")


def _answers(host: str, port: int | None) -> bool:
    try:
        socket.create_connection((host, port or 443), timeout=SECONDS).close()
    except OSError:
        return False
    return True

"""Addresses that carry their own proof: the departments' signed pages and the citizens' status page."""

import base64
import hashlib
import hmac
import re
import secrets

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from bridge.domain import PermanentError
from bridge.settings import settings

CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0, O, 1 and I: people read these codes aloud. 32 letters, so eight of them carry 40 bits."""

ANSWER_DAYS = 180
PHOTO_DAYS = 7
"""Longer than a web hook is tried."""


def new_code() -> str:
    """An 8-character code that opens one status page."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(8))


def status_url(code: str) -> str:
    """The citizen's status page."""
    return f"{settings().public_url}/s/{code}"


def answer_url(ticket_id: int, department: str, answer: str = "") -> str:
    """The page on which one department answers for one ticket; opening it changes nothing."""
    token = _signer("answer").dumps([ticket_id, department])
    return f"{settings().public_url}/amt/{token}" + (f"?antwort={answer}" if answer else "")


def read_answer(token: str) -> tuple[int, str]:
    """The ticket id and department of a signed answer link; raise `PermanentError` for any other text."""
    try:
        ticket_id, department = _signer("answer").loads(token, max_age=ANSWER_DAYS * 86_400)
        return int(ticket_id), str(department)
    except SignatureExpired:
        raise PermanentError("this link has expired") from None
    except (BadSignature, ValueError, TypeError):
        raise PermanentError("this link is not valid") from None


def updates_url(reference: str) -> str:
    """Where a department's own program tells what becomes of a ticket."""
    return f"{settings().public_url}/api/v1/tickets/{reference}/updates"


def tickets_url(cursor: str, limit: int) -> str:
    """Where a department's own program reads on through its tickets."""
    return f"{settings().public_url}/api/v1/tickets?cursor={cursor}&limit={limit}"


def photo_url(file: str) -> str:
    """Where one of our own copies of a picture may be fetched for a week, without a sign-in."""
    return f"{settings().public_url}/api/v1/photos/{_signer('photo').dumps(file)}"


def read_photo(token: str) -> str:
    """The file of a picture's address; raise `PermanentError` for any other text or an old one."""
    try:
        return str(_signer("photo").loads(token, max_age=PHOTO_DAYS * 86_400))
    except BadSignature:
        raise PermanentError("this picture's address is not valid any more") from None


def mail_token(ticket_id: int, department: str) -> str:
    """What proves, in an address, that a mail answers this ticket for this department: 80 bits."""
    return _mail_token("answer", f"{ticket_id} {department}")


def check_mail_token(ticket_id: int, department: str, token: str) -> bool:
    """Whether `token` is the one we wrote into the mail to this department."""
    return hmac.compare_digest(mail_token(ticket_id, department).encode(), token.lower().encode())


def bounce_token(delivery_id: int) -> str:
    """What proves that a mail came back undelivered to the address of this hand-over."""
    return _mail_token("bounce", str(delivery_id))


def check_bounce_token(delivery_id: int, token: str) -> bool:
    """Whether `token` is the one of this hand-over."""
    return hmac.compare_digest(bounce_token(delivery_id).encode(), token.lower().encode())


def answer_address(mail_from: str, ticket_id: int, department: str) -> str:
    """The address that takes what this department answers by mail for this ticket."""
    return _tagged(mail_from, f"{ticket_id}.{mail_token(ticket_id, department)}")


def bounce_address(mail_from: str, delivery_id: int) -> str:
    """The address to which this hand-over comes back where it cannot be delivered."""
    return _tagged(mail_from, f"b{delivery_id}.{bounce_token(delivery_id)}")


def message_id(ticket_id: int, key: str) -> str:
    """The local part of a mail's Message-ID that proves, in References, which ticket it belongs to."""
    return f"{ticket_id}.{key}.{_mail_token('thread', f'{ticket_id} {key}')}"


def read_message_id(local: str) -> int | None:
    """The ticket id of the local part of a Message-ID of ours; None for any other text."""
    parts = re.fullmatch(r"([1-9][0-9]{0,17})\.([0-9a-z]+)\.[a-z2-7]{16}", local)
    if parts is None:
        return None
    ticket_id, key = int(parts[1]), parts[2]
    return ticket_id if hmac.compare_digest(message_id(ticket_id, key), local) else None


def sign_in_url(login: str) -> str:
    """A link that signs a person in for twelve hours; printed by `make run` only."""
    return f"{settings().public_url}/anmelden/link/{_signer('sign-in').dumps(login)}"


def read_sign_in(token: str) -> str:
    """The login of a sign-in link; raise `PermanentError` for any other or an old one."""
    try:
        return str(_signer("sign-in").loads(token, max_age=12 * 3600))
    except BadSignature:
        raise PermanentError("this sign-in link is not valid any more") from None


def fernet_key() -> bytes:
    """The key that encrypts account tokens, derived from the secret key."""
    digest = hashlib.blake2b(settings().require_secret().encode(), digest_size=32, person=b"account-tokens")
    return base64.urlsafe_b64encode(digest.digest())


def _mail_token(purpose: str, about: str) -> str:
    key = hashlib.blake2b(
        settings().require_secret().encode(), digest_size=32, person=b"mail-tokens"
    ).digest()
    digest = hmac.digest(key, f"{purpose} {about}".encode(), "sha256")
    return base64.b32encode(digest[:10]).decode().lower()


def _tagged(address: str, tag: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local}+{tag}@{domain}"


def _signer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().require_secret(), salt=f"stadtbruecke-{purpose}")

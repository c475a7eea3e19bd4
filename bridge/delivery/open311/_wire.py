"""Speaks with a GeoReport server: form-encoded words go out, elements come in, each trouble has its name."""

from urllib.parse import urlencode
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from bridge import fetch
from bridge.delivery._http import TEMPORARY, patience
from bridge.delivery._text import line
from bridge.domain import BridgeError, GoneError, PermanentError, TemporaryError, UnknownOutcomeError
from bridge.settings import Settings

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 10.0
MOST_BYTES = 5_000_000
FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}


def get(settings: Settings, url: str, fields: dict[str, str]) -> Element:
    """Ask; raise `TemporaryError` or `PermanentError`, whose `status_code` says what was answered."""
    try:
        answer = _exchange(settings, "GET", f"{url}?{urlencode(_given(fields))}", b"")
    except UnknownOutcomeError as error:
        raise TemporaryError(str(error)) from error
    if not 200 <= answer.status < 300:
        trouble = _trouble(answer)
        raise TemporaryError(str(trouble)) if isinstance(trouble, UnknownOutcomeError) else trouble
    return parse(answer.content)


def post(settings: Settings, url: str, fields: dict[str, str]) -> Element:
    """Tell; raises like `get`, and `UnknownOutcomeError` where nobody knows whether it was taken."""
    answer = _exchange(settings, "POST", url, urlencode(_given(fields)).encode())
    if not 200 <= answer.status < 300:
        raise _trouble(answer)
    try:
        return parse(answer.content)
    except PermanentError as error:
        raise UnknownOutcomeError(f"it was taken, but {error}") from error


def parse(content: bytes) -> Element:
    """The root of an XML answer; `PermanentError` for anything else, and for any document type."""
    parser, tree = expat.ParserCreate(), TreeBuilder()
    parser.StartElementHandler, parser.EndElementHandler = tree.start, tree.end
    parser.CharacterDataHandler = tree.data
    parser.StartDoctypeDeclHandler = _no_document_type
    try:
        parser.Parse(content, True)
        return tree.close()
    except (expat.ExpatError, ValueError, LookupError, AssertionError) as error:
        raise PermanentError(f"the answer is no XML that is taken: {error}") from error


def text(element: Element, name: str) -> str:
    """The words of a child, in inert lines; empty where there is none."""
    return (element.findtext(name) or "").strip()


def _given(fields: dict[str, str]) -> dict[str, str]:
    whole = {name: told.encode("utf-8", "replace").decode() for name, told in fields.items()}
    return {name: told for name, told in whole.items() if told}


def _exchange(settings: Settings, method: str, url: str, body: bytes) -> fetch.Answer:
    return fetch.exchange(
        method,
        url,
        body=body,
        headers=FORM if body else {},
        allow_private=settings.fetch_private_hosts,
        max_bytes=MOST_BYTES,
        connect_seconds=CONNECT_SECONDS,
        seconds=ANSWER_SECONDS,
    )


def _no_document_type(*_: object) -> None:
    # Entities are declared there, which can grow without end or read files.
    raise ValueError("it declares a document type")


def _trouble(answer: fetch.Answer) -> BridgeError:
    told = _said(answer.content)
    words = f"answered {answer.status}" + (f": {told}" if told else "")
    error: BridgeError
    if answer.status == 410:
        error = GoneError(f"{words}; nothing is sent there until `bridge departments enable`")
    elif answer.status in TEMPORARY:
        error = TemporaryError(words, patience(answer))
    elif answer.status >= 500 and answer.status != 501:
        error = UnknownOutcomeError(words)
    else:
        error = PermanentError(words)
    error.status_code = answer.status
    return error


def _said(content: bytes) -> str:
    """What the errors of an answer say, or how it begins where it is no XML."""
    try:
        found = [each.text or "" for each in parse(content).iter("description")]
    except PermanentError:
        found = [content[:1000].decode("utf-8", "replace")]
    return line(" ".join(found), 200)

"""A department's own tracker: what it is told, and what it says has become of our tickets."""

import hashlib
import re
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from xml.etree.ElementTree import Element

from pydantic import SecretStr

from bridge.delivery._text import lines
from bridge.delivery.open311 import _wire
from bridge.domain import PermanentError, TemporaryError, UnknownOutcomeError, Value
from bridge.settings import Settings

PAUSE_SECONDS, LOOKS = 2.0, 5
"""How often a token is asked what number it has become."""
MOST_SECONDS = 12.0
"""For so long at most; a later look will do."""
TOKEN = "token:"  # noqa: S105 - a word before one
LOOK_BACK = timedelta(days=2)
"""Longer than a hand-over is tried."""
MISSING = frozenset({400, 404, 405, 501})
"""What a server answers that does not know the update extension."""
AT_ONCE = 50
"""So many numbers fit into one address."""


class Said(Value):
    """What a tracker says about one request, in its own words."""

    id: str
    """Of what is said: the same whenever it is said again."""
    number: str
    status: str
    words: str
    at: str
    """When, as the tracker writes it."""


class Tracker:
    """One GeoReport server, below `base`; `key` is needed to write."""

    def __init__(self, settings: Settings, base: str, jurisdiction: str, key: SecretStr | None) -> None:
        self._settings, self._base = settings, base.rstrip("/")
        self._common = {"jurisdiction_id": jurisdiction}
        self._key = {"api_key": key.get_secret_value() if key else ""}

    def post(self, fields: dict[str, str]) -> str:
        """Open a request and return its number, or a token while it has none; raises like `_wire.post`."""
        root = _wire.post(self._settings, f"{self._base}/requests.xml", self._common | self._key | fields)
        request = next(root.iter("request"), root)
        number, token = _wire.text(request, "service_request_id"), _wire.text(request, "token")
        if number:
            return number[:200]
        if not token:
            raise UnknownOutcomeError("it was taken, but got no number")
        ends = time.monotonic() + MOST_SECONDS
        for _ in range(LOOKS):
            if time.monotonic() > ends:
                break
            time.sleep(PAUSE_SECONDS)
            number = self._number_of(token)
            if number:
                return number
        return f"{TOKEN}{token}"[:200]

    def number(self, known_as: str) -> str:
        """The number of a request that may have had only a token; `TemporaryError` while it has none."""
        if not known_as.startswith(TOKEN):
            return known_as
        number = self._number_of(known_as.removeprefix(TOKEN))
        if not number:
            raise TemporaryError("the tracker has not given it a number yet")
        return number

    def add(self, number: str, update_id: str, words: str) -> bool:
        """Say something more about a request; False where the tracker takes no such updates."""
        told = {
            "service_request_id": number,
            "update_id": update_id,
            "updated_datetime": w3c(datetime.now(UTC)),
            "status": "OPEN",
            "description": words,
        }
        url = f"{self._base}/servicerequestupdates.xml"
        try:
            _wire.post(self._settings, url, self._common | self._key | told)
        except PermanentError as error:
            known = error.status_code == 400 and "already exists" in str(error)
            if not known and error.status_code not in MISSING:
                raise
            return known
        return True

    def find(self, reference: str, service_code: str) -> str | None:
        """The number of the latest request that carries our reference, if the tracker shows one."""
        since = w3c(datetime.now(UTC) - LOOK_BACK)
        asked = {"service_code": service_code, "start_date": since, "extensions": "true"}
        root = _wire.get(self._settings, f"{self._base}/requests.xml", self._common | asked)
        ours = re.compile(rf"(?<![\w-]){re.escape(reference)}(?![\w-])")
        found = (each for each in root.iter("request") if ours.search(" ".join(each.itertext())))
        return next((_wire.text(each, "service_request_id") for each in found), None)

    def updates(self, start: datetime, end: datetime) -> list[Said] | None:
        """What was said between two moments, oldest first; None where the tracker lacks the extension."""
        asked = {"start_date": w3c(start), "end_date": w3c(end)}
        url = f"{self._base}/servicerequestupdates.xml"
        try:
            root = _wire.get(self._settings, url, self._common | self._key | asked)
        except PermanentError as error:
            if error.status_code not in MISSING:
                raise
            return None
        return sorted(_all_said(root), key=lambda said: said.at)

    def states(self, numbers: list[str]) -> list[Said]:
        """Where these requests stand now; those the tracker does not show are left out."""
        found: list[Said] = []
        for first in range(0, len(numbers), AT_ONCE):
            asked = {"service_request_id": ",".join(numbers[first : first + AT_ONCE])}
            root = _wire.get(self._settings, f"{self._base}/requests.xml", self._common | asked)
            found += [_state(request) for request in root.iter("request")]
        return found

    def _number_of(self, token: str) -> str:
        try:
            root = _wire.get(self._settings, f"{self._base}/tokens/{quote(token, safe='')}.xml", self._common)
        except (TemporaryError, PermanentError):
            return ""
        return _wire.text(next(root.iter("request"), root), "service_request_id")[:200]


def w3c(moment: datetime) -> str:
    """A moment as GeoReport writes it: UTC, whole seconds."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _all_said(root: Element) -> Iterable[Said]:
    for update in root.iter("request_update"):
        said = _said(update, _wire.text(update, "update_id"), "description", "updated_datetime")
        if said.id and said.number:
            yield said


def _state(request: Element) -> Said:
    """A request as if its state had just been said; other words or another state are another saying.

    What trackers note about one that is merely open is seldom meant for anybody.
    """
    said = _said(request, "", "status_notes", "updated_datetime")
    said = said.model_copy(update={"words": ""}) if said.status.lower() == "open" else said
    gist = hashlib.sha256(f"{said.at}\n{said.status}\n{said.words}".encode()).hexdigest()[:16]
    return said.model_copy(update={"id": f"{said.number}-{gist}"})


def _said(element: Element, id_: str, words: str, at: str) -> Said:
    return Said(
        id=id_[:200],
        number=_wire.text(element, "service_request_id")[:200],
        status=_wire.text(element, "status")[:100],
        words="\n".join(lines(_wire.text(element, words), 5000)),
        at=_wire.text(element, at)[:100],
    )

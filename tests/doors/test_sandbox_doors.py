"""The sandbox is no fortress, but rubbish at its doors is refused like at a real server's."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, got_request_exception
from werkzeug.test import run_wsgi_app

from bridge.sandbox.app import create_sandbox
from bridge.sandbox.records import Draft
from tests.doors.fuzz import Good, wild
from tests.doors.nasty import JSON

TOKEN = "token-of-the-city"
CITY = {"Authorization": f"Bearer {TOKEN}"}
COUNT = 150

pytestmark = [
    # Werkzeug leaves the file of a broken form to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    made = create_sandbox(tmp_path, TOKEN)
    made.logger.disabled = True
    yield made
    made.extensions["network"].close()


def doors(status: str) -> dict[str, Good]:
    """Every door of the API, the controls, the square and the mailbox; `status` is a post that is there."""
    here = f"/api/v1/statuses/{status}"
    mine = {"status": "Die Ampel ist aus", "visibility": "public", "in_reply_to_id": status, "language": "de"}
    page = {"limit": "5", "min_id": "1", "max_id": "99", "types[]": "mention"}
    return {
        "credentials": Good("GET", "/api/v1/accounts/verify_credentials", keep=CITY),
        "instance": Good("GET", "/api/v2/instance"),
        "notifications": Good("GET", "/api/v1/notifications", query=page, keep=CITY),
        "policy": Good(
            "PATCH",
            "/api/v2/notifications/policy",
            fields={"for_not_following": "drop"},
            keep=CITY,
            kind=JSON,
        ),
        "post": Good("POST", "/api/v1/statuses", fields=mine, keep=CITY, kind=JSON),
        "post by form": Good("POST", "/api/v1/statuses", fields=mine | {"media_ids[]": "7"}, keep=CITY),
        "statuses": Good("GET", "/api/v1/statuses", query={"id[]": status}, keep=CITY),
        "one status": Good("GET", here, keep=CITY),
        "context": Good("GET", f"{here}/context", keep=CITY),
        "edit": Good("PUT", here, fields=mine, keep=CITY, kind=JSON),
        "delete": Good("DELETE", here, keep=CITY),
        "written by": Good("GET", "/api/v1/accounts/1/statuses", query=page, keep=CITY),
        "media": Good("POST", "/api/v2/media", fields={"file": "x", "description": "y"}, keep=CITY),
        "picture": Good("GET", "/media/1.jpeg"),
        "write as": Good(
            "POST", "/sandbox/posts", fields={"persona": "ada", "text": "@stadt Hallo"}, kind=JSON
        ),
        "samples": Good("GET", "/sandbox/samples"),
        "faults": Good("PUT", "/sandbox/faults", fields={"seed": "1"}, kind=JSON),
        "refusals": Good("PUT", "/sandbox/refusals", fields={"amt@x.example": "550 no"}, kind=JSON),
        "square": Good(
            "GET", "/", query={"als": "ada", "antwort": status, "bearbeiten": "", "beispiel": "Müll"}
        ),
        "profile": Good("GET", "/@ada"),
        "conversation": Good("GET", f"/@ada/{status}", query={"als": "bruno"}),
        "write": Good("POST", "/beitraege", fields={"als": "ada", "text": "Hallo", "sichtbarkeit": "direct"}),
        "edit on the page": Good("POST", f"/beitraege/{status}", fields={"als": "ada", "text": "Hallo"}),
        "delete on the page": Good("POST", f"/beitraege/{status}/loeschen", fields={"als": "ada"}),
        "mailbox": Good("GET", "/postfach/"),
        "letter": Good("GET", "/postfach/1.eml"),
        "html of a letter": Good("GET", "/postfach/1.eml/html"),
        "part of a letter": Good("GET", "/postfach/1.eml/teil/karte"),
        "health": Good("GET", "/gesundheit"),
    }


@pytest.mark.parametrize("name", doors(""))
def test_rubbish_at_the_sandbox_is_never_its_failure(app: Flask, name: str) -> None:
    network = app.extensions["network"]
    status = network.write(network.named("ada"), Draft(status="@stadt Die Ampel ist aus"))
    errors: list[BaseException] = []

    def note(_app: Flask, exception: BaseException, **_: Any) -> None:
        errors.append(exception)

    got_request_exception.connect(note, app)
    codes: Counter[int] = Counter()
    wrong = []
    for request in wild(doors(status.id)[name], len(name), COUNT):
        _, answer, _ = run_wsgi_app(app, request.environ(), buffered=True)
        code = int(answer.split()[0])
        codes[code] += 1
        if code >= 500:
            wrong.append(f"{errors[-1]!r:.300} {request}"[:900])
    got_request_exception.disconnect(note, app)
    assert not wrong, "\n\n".join(wrong[:3])
    assert len(codes) > 1

"""What visitors read when something is not there or went wrong."""

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from bridge.web import public
from bridge.web.problems import problem

PAGES = {
    404: (
        "Diese Seite gibt es nicht.",
        "Bitte prüfen Sie die Adresse, oder öffnen Sie den Link noch einmal.",
    ),
    405: ("So lässt sich diese Seite nicht aufrufen.", "Bitte öffnen Sie den Link noch einmal."),
    410: ("Diese Seite gibt es nicht mehr.", "Was hier stand, ist nicht mehr verfügbar."),
    413: ("Das ist zu groß.", "Bitte kürzen Sie den Text oder wählen Sie eine kleinere Datei."),
    500: (
        "Da ist bei uns etwas schiefgegangen.",
        "Es liegt nicht an Ihnen. Bitte versuchen Sie es in ein paar Minuten noch einmal.",
    ),
}


def register(app: Flask) -> None:
    """Give the app these pages."""
    for code in PAGES:
        app.register_error_handler(code, _shown)


def _shown(error: HTTPException) -> Response:
    assert error.code is not None
    if request.path.startswith("/api/"):
        response = problem(error.code, error.description or "")
    else:
        response = public.message(error.code, *PAGES[error.code])
    if isinstance(error, MethodNotAllowed):
        response.allow.update(error.valid_methods or ())
    return response

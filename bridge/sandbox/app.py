"""The sandbox as one web application: square, API, mailbox."""

from pathlib import Path

from flask import Flask, Response, abort, request
from flask.typing import ResponseReturnValue

from bridge.sandbox import clock
from bridge.sandbox.api import api
from bridge.sandbox.control import control
from bridge.sandbox.mailbox import pages
from bridge.sandbox.maildir import Maildir
from bridge.sandbox.network import Network
from bridge.sandbox.pictures import MAX_BYTES
from bridge.sandbox.square import square

_LOOPBACK = {"127.0.0.1", "::1"}


def create_sandbox(data_folder: Path, city_token: str) -> Flask:
    """The application; what happens on it is kept in `data_folder`.

    The caller may reach the memory as `app.extensions["network"]` and the mail as `["mailbox"]`.
    Raises `ConfigError` where the folder is damaged or in use.
    """
    app = Flask(__name__)
    app.config.update(
        CITY_TOKEN=city_token,
        MAX_CONTENT_LENGTH=2 * MAX_BYTES,
        TRUSTED_HOSTS=["127.0.0.1", "localhost"],
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.extensions["network"] = Network(data_folder / "square")
    app.extensions["mailbox"] = Maildir(data_folder / "mail")
    app.add_template_filter(clock.shown, "shown")
    app.before_request(_only_from_here)
    app.after_request(_guarded)
    app.add_url_rule("/gesundheit", view_func=health)
    for blueprint in (api, control, square, pages):
        app.register_blueprint(blueprint)
    return app


def health() -> ResponseReturnValue:
    """Say that the sandbox is up."""
    return Response("ok", mimetype="text/plain")


def _only_from_here() -> None:
    cross_site = request.headers.get("Sec-Fetch-Site") == "cross-site" and request.method not in {
        "GET",
        "HEAD",
    }
    if request.remote_addr not in _LOOPBACK or cross_site:
        abort(403)


def _guarded(response: Response) -> Response:
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; object-src 'none'",
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response

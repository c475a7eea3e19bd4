"""The web process: every page, put together."""

from flask import Flask, request
from flask.typing import ResponseReturnValue

from bridge import web
from bridge.web import (
    acts,
    api,
    aside,
    auth,
    by_hand,
    departments,
    desk,
    errors,
    frame,
    health,
    letters_page,
    mail_door,
    open311,
    pause,
    rules_page,
    security,
    status,
    ticket,
    undelivered,
)

STAFF = (desk, aside, ticket, acts, by_hand, pause, undelivered, letters_page, rules_page)
OPEN = (auth, health)
PUBLIC = (api, departments, mail_door, open311, status)
"""Their addresses, or the keys they ask for, are proof: they know neither sessions nor form tokens."""


def create_app() -> Flask:
    """A web process of the settings; raises `ConfigError` where a setting or a city file is wrong."""
    app = Flask(web.__name__)
    security.guard(app)
    app.before_request(_staff_only)
    frame.furnish(app)
    for face in (*STAFF, *OPEN, *PUBLIC):
        app.register_blueprint(face.blueprint)
    for face in PUBLIC:
        security.csrf.exempt(face.blueprint)
    errors.register(app)
    frame.city()
    return app


def _staff_only() -> ResponseReturnValue | None:
    """Everything that is not named open needs a sign-in, so that a forgotten page is a closed one."""
    open_names = {face.blueprint.name for face in (*OPEN, *PUBLIC)} | {None}
    return None if request.blueprint in open_names else auth.require_staff()

"""The mailbox pages: the list of the departments' mail, and one mail as the department sees it."""

import re
from email.message import EmailMessage
from typing import cast

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import escape

from bridge.sandbox.maildir import Letter, Maildir

SHOWN = 200
_PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}
_CID = re.compile(r"cid:([^\"'\s>)]+)")

pages = Blueprint("mailbox", __name__, url_prefix="/postfach")


def mailbox() -> Maildir:
    """The mailbox this app shows."""
    return cast(Maildir, current_app.extensions["mailbox"])


def _letter(key: str) -> Letter:
    return mailbox().letter(key) or abort(404)


@pages.get("/")
@pages.get("/<key>")
def read(key: str | None = None) -> ResponseReturnValue:
    """The list, and the mail chosen from it; 304 where no mail came since the browser asked last."""
    keys = mailbox().keys()
    version = f"{len(keys)}-{keys[0] if keys else ''}"
    if request.if_none_match.contains_weak(version):
        return "", 304
    letter = _letter(key) if key else None
    page = render_template(
        "mailbox.html",
        letters=list(mailbox().letters(keys[:SHOWN])),
        count=len(keys),
        letter=letter,
        raw=mailbox().raw(letter.key) if letter else "",
    )
    response = make_response(page)
    response.set_etag(version, weak=True)
    response.headers["Cache-Control"] = "no-cache"
    return response


@pages.get("/<key>/html")
def html(key: str) -> ResponseReturnValue:
    """The HTML part alone, for the frame: no script, no form, no picture but the mail's own."""
    letter = _letter(key)
    folder = url_for("mailbox.part", key=key, name="", _external=True)
    shown = _CID.sub(lambda match: str(escape(folder + match[1])), letter.body("html"))
    response = Response('<!doctype html><base target="_blank">' + shown)
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'unsafe-inline'; img-src {folder}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
        "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
    )
    return response


@pages.get("/<key>/teil/<path:name>")
def part(key: str, name: str) -> ResponseReturnValue:
    """One picture or attachment by its content id or, without one, its file name."""
    found = next((p for p in _letter(key).files() if part_name(p) == name), None)
    if found is None:
        abort(404)
    content = found.get_payload(decode=True)
    response = Response(cast(bytes, content), mimetype=found.get_content_type())
    if found.get_content_type() not in _PICTURES:
        response.headers["Content-Disposition"] = "attachment"
        response.mimetype = "application/octet-stream"
    return response


@pages.app_template_filter()
def part_name(found: EmailMessage) -> str:
    """How a part is asked for."""
    content_id = str(found.get("Content-ID", "")).strip(" <>")
    return content_id or found.get_filename() or "teil"

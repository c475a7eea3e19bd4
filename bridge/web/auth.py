"""Who may look: sign-in with login and password, sessions kept on the server, sign-out."""

from flask import Blueprint, Response, abort, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from bridge import links
from bridge.domain import PermanentError
from bridge.settings import settings
from bridge.tickets.book import staff
from bridge.tickets.book.staff import StaffView
from bridge.web.security import is_ours, kept_text
from bridge.web.throttle import Throttle

blueprint = Blueprint("auth", __name__)

throttle = Throttle("sign-in", limit=10, seconds=15 * 60)


def require_staff() -> ResponseReturnValue | None:
    """Let signed-in staff pass, as `g.staff`; send everybody else to the sign-in."""
    person = staff.signed_in(request.cookies.get(cookie_name(), ""))
    if person:
        g.staff = person
        return None
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("auth.form", weiter=request.full_path.rstrip("?")))
    return render_template("desk/kept.html", title="Bitte neu anmelden", kept=kept_text()), 401


def actor() -> str:
    """The signed-in person, as the case book names who did something."""
    return f"staff:{g.staff.login}"


def cookie_name() -> str:
    """The browser itself keeps a `__Host-` cookie to this host and to HTTPS."""
    return "__Host-staff" if settings().public_url.startswith("https:") else "staff"


@blueprint.get("/anmelden")
def form() -> ResponseReturnValue:
    """The sign-in page."""
    return render_template("desk/sign_in.html", onward=request.args.get("weiter", ""), login="", wrong="")


@blueprint.post("/anmelden")
def sign_in() -> ResponseReturnValue:
    """Check login and password; 401 where they do not fit, 429 after too many misses."""
    login, onward = request.form.get("login", "").strip(), request.form.get("onward", "")
    if throttle.blocked(login):
        wrong, status = "Zu viele Versuche. Bitte warten Sie eine Viertelstunde.", 429
    else:
        person = staff.check(login, request.form.get("password", ""))
        if person:
            return _signed_in(person, onward)
        throttle.miss(login)
        wrong, status = "Name oder Passwort stimmt nicht.", 401
    return render_template("desk/sign_in.html", onward=onward, login=login, wrong=wrong), status


@blueprint.get("/anmelden/link/<token>")
def by_link(token: str) -> ResponseReturnValue:
    """Sign in by the link that the demo prints."""
    try:
        person = staff.by_login(links.read_sign_in(token))
    except PermanentError:
        abort(404)
    return _signed_in(person, "") if person else abort(404)


@blueprint.post("/abmelden")
def sign_out() -> ResponseReturnValue:
    """End the session on the server and in the browser."""
    staff.end_session(request.cookies.get(cookie_name(), ""))
    session.clear()
    response = redirect(url_for("auth.form"), 303)
    response.delete_cookie(cookie_name(), secure=_https(), httponly=True, samesite="Lax")
    return response


def _signed_in(person: StaffView, onward: str) -> Response:
    session.clear()
    response = Response(status=303, headers={"Location": onward if is_ours(onward) else url_for("desk.pult")})
    response.set_cookie(
        cookie_name(),
        staff.start_session(person.id),
        secure=_https(),
        httponly=True,
        samesite="Lax",
    )
    return response


def _https() -> bool:
    return settings().public_url.startswith("https:")

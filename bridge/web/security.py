"""What every answer carries and every request must bring: headers, form tokens, an account."""

from collections.abc import Iterable
from hashlib import blake2b
from ipaddress import ip_address
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from bridge.settings import settings
from bridge.tickets.book import staff

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
FORM_BYTES = 256 * 1024

csrf = CSRFProtect()


class RowNumber(IntegerConverter):
    """A row's number in an address: a larger one is no page, before any database is asked."""

    def __init__(self, addresses: Map) -> None:
        super().__init__(addresses, max=2**31 - 1)


def guard(app: Flask) -> None:
    """Put the guards before and behind every view of `app`."""
    proxies = settings().trusted_proxies
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    https = settings().public_url.startswith("https:")
    app.config.update(
        SECRET_KEY=settings().require_secret(),
        SESSION_COOKIE_NAME="__Host-form" if https else "form",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=FORM_BYTES,
    )
    app.wsgi_app = _whole(app.wsgi_app)  # type: ignore[method-assign,assignment]
    app.url_map.converters["int"] = RowNumber
    app.before_request(_only_here_until_somebody_has_an_account)
    csrf.init_app(app)
    app.register_error_handler(CSRFError, _form_too_old)
    app.after_request(_dress)


def _whole(app: WSGIApplication) -> WSGIApplication:
    """Let no form in that broke off on its way: half an answer must not reach a citizen.

    Gunicorn says that its input ends by itself, and then nobody compares it with the length announced.
    """

    def checked(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("CONTENT_LENGTH"):
            environ.pop("wsgi.input_terminated", None)
        return app(environ, start_response)

    return checked


def _only_here_until_somebody_has_an_account() -> ResponseReturnValue | None:
    if request.endpoint in ("static", "health.show") or _is_local() or staff.any_account():
        return None
    return render_template("desk/no_account.html"), 403


def _is_local() -> bool:
    # Behind a proxy on this machine everybody seems to be here; the proxy tells on itself.
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    return ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104


def _form_too_old(_error: CSRFError) -> ResponseReturnValue:
    return render_template("desk/kept.html", title="Bitte noch einmal senden", kept=kept_text()), 400


def kept_text() -> str:
    """What somebody typed into the form that could not be taken: it must not be lost."""
    return "\n\n".join(request.form.get(name, "") for name in ("text", "words") if request.form.get(name))


def is_ours(onward: str) -> bool:
    """Whether this leads to a page of ours and not, by a trick, to another host."""
    return (
        onward.startswith("/") and not onward.startswith("//") and onward.isprintable() and "\\" not in onward
    )


def _dress(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Referrer-Policy", "same-origin" if "staff" in g else "no-referrer")
    if "staff" in g:
        # Not a default: Flask lets browsers keep the files it sends, and these are citizens' pictures.
        response.headers["Cache-Control"] = "no-store"
        _tag(response)
    return response


def _tag(response: Response) -> None:
    """Let a page that asks for itself again hear that nothing changed."""
    if request.method != "GET" or response.status_code != 200 or response.mimetype != "text/html":
        return
    # The form token differs every time and says nothing new.
    body = response.get_data().replace(g.get("csrf_token", "-").encode(), b"")
    response.set_etag(blake2b(body, digest_size=12).hexdigest(), weak=True)
    response.make_conditional(request)

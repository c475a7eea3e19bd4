"""What all pages without a sign-in share: they are kept out of caches, search engines and referrers."""

from flask import Response, make_response, render_template


def page(template: str, status: int = 200, **values: object) -> Response:
    """Render one public page."""
    return keep_private(make_response(render_template(f"public/{template}.html", **values), status))


def message(status: int, title: str, *lines: str) -> Response:
    """A page that only says something, one paragraph a line."""
    return page("message", status, title=title, lines=lines)


def keep_private(response: Response) -> Response:
    """Let nobody learn or keep an address that is a secret by itself."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response

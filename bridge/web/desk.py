"""The list of open items: views, search and filters, all of them in the address."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from bridge.tickets import search
from bridge.tickets.book import accounts
from bridge.tickets.tables import BY_HAND, OPEN311
from bridge.web import words
from bridge.web.frame import city

blueprint = Blueprint("desk", __name__)

VIEWS = {
    "now": "Jetzt dran",
    "department": "Beim Amt",
    "overdue": "Überfällig",
    "citizen": "Wartet auf Bürger",
    "all": "Alle offenen",
    "closed": "Abgeschlossen",
}
FILTERS = {"plattform": "platform", "amt": "department", "ortsteil": "district", "kategorie": "category"}
PAGE = 50
LAST_PAGE = 1_000_000
LONGEST_SEARCH = 200


@blueprint.get("/")
def pult() -> ResponseReturnValue:
    """One page of a view; nonsense in the address shows the first page of the first view."""
    asked = {name: request.args.get(name, "")[:LONGEST_SEARCH] for name in ("suche", *FILTERS)}
    view = request.args.get("sicht", "now")
    page = min(max(request.args.get("seite", 1, type=int), 1), LAST_PAGE)
    listing = search.listing(
        view if view in VIEWS else "now",
        text=asked["suche"],
        limit=PAGE,
        offset=(page - 1) * PAGE,
        **{FILTERS[name]: asked[name] for name in FILTERS},
    )
    return render_template(
        "desk/pult.html",
        views=VIEWS,
        view=view if view in VIEWS else "now",
        asked={name: value for name, value in asked.items() if value},
        choices=_choices(),
        listing=listing,
        page=page,
        last_page=max(-(-listing.total // PAGE), 1),
    )


def _choices() -> dict[str, list[tuple[str, str]]]:
    """What the filters offer: values and their words."""
    here = city()
    names = {account.platform for account in accounts.listed()} | {BY_HAND, OPEN311}
    return {
        "plattform": sorted((name, words.platform(name)) for name in names),
        "amt": [(slug, office.name) for slug, office in here.departments.items()],
        "ortsteil": [(name, name) for name in sorted(here.areas)],
        "kategorie": [(code, category.de) for code, category in here.categories.items()],
    }
